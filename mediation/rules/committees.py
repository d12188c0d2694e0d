"""What a committee has to be: three to nine people, women among them, one director, a term of three years (人民调解法 8, 9)."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict
from grids.choices import GridKind
from mediation.choices.people import (
    LEAST_MEMBERS,
    MOST_MEMBERS,
    NAME_CHARS,
    SEATED,
    SHORT_CHARS,
    TERM_WARNING,
    TERM_YEARS,
    CommitteeKind,
    Gap,
    Office,
    Sex,
)

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from mediation.models import Committee, Mediator, Seat

# Where committees of a kind lie.
PLACES: dict[str, frozenset[str]] = {
    CommitteeKind.COMMUNITY: frozenset({GridKind.TOTAL}),
    CommitteeKind.STREET: frozenset({GridKind.STREET}),
    CommitteeKind.ENTERPRISE: frozenset({GridKind.STREET, GridKind.TOTAL}),
    CommitteeKind.INDUSTRY: frozenset({GridKind.STREET, GridKind.TOTAL}),
}


def fits_committee(kind: str, grid: "Grid", name: str, short: str) -> Verdict:
    if kind not in CommitteeKind.values:
        return Verdict.reject(_("There is no such kind."), field="kind")
    if grid.kind not in PLACES[kind]:
        return Verdict.reject(_("Committees of this kind don't lie on a grid of this level."), field="grid")
    if not 2 <= len(name.strip()) <= NAME_CHARS:
        return Verdict.reject(_("Please give the committee a name."), field="name")
    if not 1 <= len(short.strip()) <= SHORT_CHARS:
        return Verdict.reject(
            _("The short name stands in the numbers of volumes: one to twelve characters."), field="short"
        )
    return YES


def last_day(first: dt.date) -> dt.date:
    """Of a term that begins on FIRST: the day before it is TERM_YEARS later."""
    return first.replace(
        year=first.year + TERM_YEARS, **({"day": 28} if (first.month, first.day) == (2, 29) else {})
    ) - dt.timedelta(days=1)


def fits_term(first: dt.date, day: dt.date) -> Verdict:
    """Terms that run on DAY, or begin within a year of it."""
    if first > day + dt.timedelta(days=366) or last_day(first) < day:
        return Verdict.reject(
            _("A term lasts three years (People's Mediation Law, art. 9): this one is over, or far ahead."),
            field="term_from",
        )
    return YES


def fits_election(members: "Sequence[tuple[Mediator, str]]", grid: "Grid") -> Verdict:
    """MEMBERS, each with an office, as the whole committee."""
    chosen = [one.pk for one, _office in members]
    if len(set(chosen)) != len(chosen):
        return Verdict.reject(_("Somebody is chosen twice."), field="members")
    if not LEAST_MEMBERS <= len(chosen) <= MOST_MEMBERS:
        return Verdict.reject(
            _("A committee has three to nine members (People's Mediation Law, art. 8)."), field="members"
        )
    offices = Counter(office for _one, office in members)
    if offices[Office.DIRECTOR] != 1 or not offices.keys() <= SEATED:
        return Verdict.reject(_("A committee has one director (People's Mediation Law, art. 8)."), field="director")
    if all(one.sex != Sex.FEMALE for one, _office in members):
        return Verdict.reject(
            _("There must be women among the members (People's Mediation Law, art. 8)."), field="members"
        )
    return next((verdict for one, _office in members if not (verdict := fits_mediator(one, grid))), YES)


def fits_mediator(mediator: "Mediator", grid: "Grid") -> Verdict:
    """Somebody who mediates in the street of GRID."""
    if mediator.ended_on is not None or mediator.grid.tree_id != grid.tree_id:
        words = {"who": mediator.name}
        return Verdict.reject(_("%(who)s doesn't mediate in this street.") % words, field="mediator")
    return YES


def can_seat(by: "User", mediator: "Mediator", office: str) -> Verdict:
    """The director reads every file and puts the seal: whoever keeps the ground doesn't take that by the own hand."""
    if office == Office.DIRECTOR and mediator.user_id == by.pk:
        words = _("Nobody puts themselves into the director's seat. Ask somebody else who keeps this ground.")
        return Verdict.forbid(words, "own_seat")
    return YES


def fits_seat(committee: "Committee", mediator: "Mediator", office: str, seats: "Sequence[Seat]") -> Verdict:
    """One more among the current SEATS of the committee."""
    if office not in Office.values:
        return Verdict.reject(_("There is no such office."), field="office")
    if any(seat.mediator_id == mediator.pk for seat in seats):
        return Verdict.clash(_("%(who)s is in this committee already.") % {"who": mediator.name}, "seat")
    if office == Office.DIRECTOR and any(seat.office == office for seat in seats):
        return Verdict.clash(_("A committee has one director (People's Mediation Law, art. 8)."), "director")
    if office in SEATED and sum(seat.office in SEATED for seat in seats) >= MOST_MEMBERS:
        return Verdict.clash(_("A committee has three to nine members (People's Mediation Law, art. 8)."), "full")
    return fits_mediator(mediator, committee.grid)


def gaps_of(committee: "Committee", day: dt.date) -> list[Gap]:
    """What a committee, taken `with_seats`, lacks on DAY; nothing once it has ended."""
    if committee.ended_on is not None:
        return []
    left = committee.term_until - day
    found = {
        Gap.FEW: committee.seated < LEAST_MEMBERS,  # type: ignore[attr-defined]
        Gap.NO_WOMAN: not committee.women,  # type: ignore[attr-defined]
        Gap.NO_DIRECTOR: not committee.directors,  # type: ignore[attr-defined]
        Gap.TERM_NEAR: dt.timedelta(0) <= left <= TERM_WARNING,
        Gap.TERM_OVER: left < dt.timedelta(0),
    }
    return [gap for gap, lacks in found.items() if lacks]
