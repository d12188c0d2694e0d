"""The duty list of a street: what each kind of post has to do."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import record
from grids import rules
from grids.actions.tree import KEEP, insist_clean
from grids.models import Duty, Grid
from grids.queries import scope_of


@transaction.atomic
def add_duty(
    *, street: Grid, kind: str, area: str, text: str, by: User, at: dt.datetime,
    position: int | None = None, valid_from: dt.date | None = None,
) -> Duty:  # fmt: skip
    """Put a duty on STREET's list for posts of KIND, at POSITION or at the end, from VALID_FROM (today) on."""
    street = Grid.objects.locked(street)
    rules.can_tend(by, scope_of(by, timezone.localdate(at)), street).insist()
    if street.parent_id is not None:
        raise Invalid(_("A duty list is a street's."), field="street")
    if position is None:
        last = Duty.objects.filter(street=street, kind=kind).aggregate(last=Max("position"))["last"]
        position = (last or 0) + 1
    begin = valid_from or timezone.localdate(at)
    duty = Duty(street=street, kind=kind, area=area, text=text.strip(), position=position, valid_from=begin)
    insist_clean(duty, exclude=("street",))
    duty.save()
    told = {"kind": kind, "area": area, "text": duty.text, "from": begin.isoformat()}
    record("duties.added", duty, by=by, at=at, data=told)
    return duty


@transaction.atomic
def change_duty(
    *, duty: Duty, by: User, at: dt.datetime, area: str = KEEP, text: str = KEEP, position: int = KEEP
) -> Duty:
    """Put a duty in other words or in another place; what is not named stays."""
    duty = _held(duty, by, at)
    given = {"area": area, "text": text, "position": position}
    values = {name: value for name, value in given.items() if value is not KEEP}
    if "text" in values:
        values["text"] = str(values["text"]).strip()
    fields = {"street_id", "kind", "valid_from", "area", "text", "position"}
    insist_clean(Duty(**({name: getattr(duty, name) for name in fields} | values)), exclude=("street",))
    changes = duty.change(**values)
    if changes:
        record("duties.changed", duty, by=by, at=at, data={"changes": changes})
    return duty


@transaction.atomic
def end_duty(*, duty: Duty, valid_to: dt.date, by: User, at: dt.datetime) -> Duty:
    """Let a duty stand on the list until VALID_TO, its last day."""
    duty = _held(duty, by, at)
    if valid_to < duty.valid_from:
        raise Invalid(_("A duty can't end before it begins."), field="valid_to")
    changes = duty.change(valid_to=valid_to)
    if changes:
        record("duties.ended", duty, by=by, at=at, data={"changes": changes})
    return duty


def _held(duty: Duty, by: User, at: dt.datetime) -> Duty:
    """The row, locked, once it is sure that BY may change it and that it hasn't ended."""
    held = Duty.objects.for_list().locked(duty)
    today = timezone.localdate(at)
    rules.can_change_duty(by, scope_of(by, today), held, today).insist()
    return held
