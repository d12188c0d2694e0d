"""Who keeps the library, what may stand in it, on which days a service falls, and whose contact is masked."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from gridgov.core.masking import mask_name, mask_phone
from grids.queries import scope_of
from grids.rules import check_place
from resources.choices import (
    CONTACT_CHARS,
    HOURS_CHARS,
    KEEPERS,
    LAST_WEEK,
    MONTH_DAYS,
    NAME_CHARS,
    OFFERS_CHARS,
    PHONE_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    TIME_CHARS,
    WHAT_CHARS,
    ResourceKind,
)

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from resources.models import Resource, Service

_MOST = {
    "name": NAME_CHARS, "offers": OFFERS_CHARS, "place": PLACE_CHARS, "hours": HOURS_CHARS, "contact_name": CONTACT_CHARS,
    "contact_phone": PHONE_CHARS, "reason": REASON_CHARS, "what": WHAT_CHARS, "time": TIME_CHARS,
}  # fmt: skip
_NEEDED = frozenset({"name", "reason", "what"})


# --- who -------------------------------------------------------------------------------------------------------------


def is_keeper(by: "User") -> Verdict:
    if by.role in KEEPERS:
        return YES
    return Verdict.forbid(_("Only the street office and the leads keep the library of resources."))


def can_keep(by: "User", grid: "Grid") -> Verdict:
    """Whether BY keeps what stands on GRID."""
    allowed = is_keeper(by)
    if not allowed or scope_of(by).covers(grid):
        return allowed
    return Verdict.forbid(_("Resources are kept by whoever has the grid."))


def can_change(by: "User", row: "Resource") -> Verdict:
    allowed = can_keep(by, row.grid)
    if not allowed or row.is_in_use:
        return allowed
    return Verdict.clash(_("This resource is no longer there."), code="ended")


def can_become(row: "Resource", kind: str) -> Verdict:
    """Whether ROW may be of KIND from now on: the contact of a person doesn't become a shop's, which is open to everybody."""
    if row.kind != ResourceKind.TALENT or kind == row.kind:
        return YES
    words = _("A talent is a person and stays one: end this entry, and make another one.")
    return Verdict.reject(words, field="kind", code="person")


def can_take_up(by: "User", row: "Resource") -> Verdict:
    """Whether BY may put an ended ROW back into use. Who was struck out has to be entered anew, with a new consent."""
    allowed = can_keep(by, row.grid)
    if not allowed:
        return allowed
    if row.is_in_use:
        return Verdict.clash(_("This resource is in use already."), code="in_use")
    if row.kind == ResourceKind.TALENT:
        return Verdict.clash(_("A talent who ended was struck out. Please enter them anew."), code="struck_out")
    return YES


def can_end_service(by: "User", row: "Service") -> Verdict:
    allowed = can_keep(by, row.resource.grid)
    if not allowed or row.ended_on is None:
        return allowed
    return Verdict.clash(_("This service has ended already."), code="ended")


def can_reveal(by: "User", row: "Resource") -> Verdict:
    """Whether BY may see a contact that is masked, for a reason."""
    allowed = can_keep(by, row.grid)
    if not allowed or (not is_contact_shown(row) and (row.contact_name or row.contact_phone)):
        return allowed
    return Verdict.clash(_("There is nothing to reveal."), code="nothing_masked")


def can_set_contact(by: "User", row: "Resource") -> Verdict:
    """Whether BY may replace a contact that is masked; an open one stands in the form of the row."""
    allowed = can_change(by, row)
    if not allowed or not is_contact_shown(row):
        return allowed
    return Verdict.clash(_("This contact is open and is changed with the rest."), code="open")


# --- what ------------------------------------------------------------------------------------------------------------


def check_words(**given: str) -> Verdict:
    """Words by the names of their fields: as long as they may be, and there where they must be."""
    for field, words in given.items():
        if len(words) > _MOST[field]:
            return Verdict.reject(_("At most %(most)s characters.") % {"most": _MOST[field]}, field=field)
        if field in _NEEDED and not words.strip():
            return Verdict.reject(_("Please fill this in."), field=field)
    return YES


def check_resource(values: Mapping[str, Any]) -> Verdict:
    """Whether VALUES, by the names of the model's fields, can be a resource's."""
    words = check_words(**{name: values[name] for name in _MOST.keys() & values.keys()})
    if not words:
        return words
    if values["kind"] not in ResourceKind.values:
        return Verdict.reject(_("There is no such kind of resource."), field="kind")
    place = check_place(values["lng"], values["lat"])
    if not place or values["kind"] != ResourceKind.TALENT:
        return place
    if values["consented_on"] is None:
        missing = _("A talent is a person: please note the day on which they agreed to stand here.")
        return Verdict.reject(missing, field="consented_on", code="no_consent")
    if values["is_contact_open"]:
        return Verdict.reject(_("The contact of a person is never open to everybody."), field="is_contact_open")
    return YES


def is_past(day: dt.date | None, today: dt.date, field: str) -> Verdict:
    """Whether DAY, where there is one, has come already."""
    if day is None or day <= today:
        return YES
    return Verdict.reject(_("This day is still to come."), field=field)


def is_new(known: bool) -> Verdict:
    if known:
        return Verdict.clash(_("There is a resource of this kind and name on this grid already."), code="known")
    return YES


def is_known_grid(grid: "Grid | None") -> Verdict:
    if grid is None:
        return Verdict.reject(_("Please name its grid, or a place inside the border of one."), field="grid")
    return YES


def is_grid_in_force(grid: "Grid", today: dt.date) -> Verdict:
    if grid.holds(today):
        return YES
    return Verdict.reject(_("This grid is not in force."), field="grid")


def is_contact_shown(row: "Resource") -> bool:
    """Whether everybody who sees ROW may read its contact: a shop's number is there to be called, a person's is not."""
    return bool(row.is_contact_open and row.kind != ResourceKind.TALENT)


def contact_of(row: "Resource") -> tuple[str, str]:
    """Name and phone of ROW's contact as they are shown without a reason."""
    if is_contact_shown(row):
        return row.contact_name, row.contact_phone
    return mask_name(row.contact_name), mask_phone(row.contact_phone)


# --- days ------------------------------------------------------------------------------------------------------------


def check_days(weekday: int | None, week: int | None, month_day: int | None) -> Verdict:
    """Whether these name days of a month: a weekday and perhaps which of them, or one number."""
    if (weekday is None) == (month_day is None) or (month_day is not None and week is not None):
        words = _("Please give a weekday (and which of the month, if not all), or a day of the month.")
        return Verdict.reject(words, field="weekday")
    for field, value, most in (
        ("weekday", weekday, 7),
        ("week", week, LAST_WEEK),
        ("month_day", month_day, MONTH_DAYS),
    ):
        if value is not None and not 1 <= value <= most:
            return Verdict.reject(_("1 to %(most)s.") % {"most": most}, field=field)
    return YES


def days_of(row: "Service", first: dt.date) -> list[dt.date]:
    """The days of the month that begins on FIRST on which ROW takes place. The 31st is the last day of a shorter month."""
    length = calendar.monthrange(first.year, first.month)[1]
    days = [first.replace(day=number) for number in range(1, length + 1)]
    if row.month_day is not None:
        found = [days[min(row.month_day, length) - 1]]
    else:
        found = [day for day in days if day.isoweekday() == row.weekday]
        if row.week is not None:
            found = found[-1:] if row.week == LAST_WEEK else found[row.week - 1 : row.week]
    return [day for day in found if row.stands_on(day)]
