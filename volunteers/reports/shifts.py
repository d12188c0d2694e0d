"""Shifts as a volunteer sees them: what is open, what is theirs, and why something fits."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from volunteers.choices.work import ShiftState, SignUpState
from volunteers.models import Shift, SignUp, Volunteer
from volunteers.reports.matching import what_fits
from volunteers.rules.matching import Match
from volunteers.rules.signing_up import CAME, WAITS_OR_COMES

# Of the home page: the next own shifts, and what fits among the next open ones.
NEXT, FITTING, LOOKED_AT = 3, 3, 60


@dataclass(frozen=True)
class Offer:
    """A shift with the own sign-up for it, if there is one, and why it fits; `match` is None for what one can't take part in."""

    shift: Shift
    sign_up: SignUp | None = None
    match: Match | None = None

    @property
    def free(self) -> int:
        return self.shift.capacity - self.shift.taken


def open_shifts(volunteer: Volunteer, at: dt.datetime) -> QuerySet:
    """What VOLUNTEER, who has an account, may sign up for, the next first."""
    rows = Shift.objects.for_list().ahead(at).filter(grid__tree_id=volunteer.grid.tree_id)
    return rows.order_by("starts_at", "id")


def offers_of(volunteer: Volunteer, shifts: Sequence[Shift], at: dt.datetime) -> list[Offer]:
    """SHIFTS as VOLUNTEER sees them. Six queries, however many there are."""
    own = {row.shift_id: row for row in SignUp.objects.filter(volunteer=volunteer, shift__in=[s.pk for s in shifts])}
    fits = what_fits(volunteer, [shift for shift in shifts if shift.pk not in own], at)
    return [Offer(shift, own.get(shift.pk), fits.get(shift.pk)) for shift in shifts]


def own_sign_ups(volunteer: Volunteer) -> QuerySet:
    return SignUp.objects.for_list().filter(volunteer=volunteer)


def next_of(volunteer: Volunteer, at: dt.datetime, most: int = NEXT) -> list[SignUp]:
    """The next shifts VOLUNTEER signed up for, and those that run."""
    rows = own_sign_ups(volunteer).filter(
        state__in=WAITS_OR_COMES | CAME, shift__ends_at__gt=at, shift__state=ShiftState.OPEN
    )
    return list(rows.order_by("shift__starts_at", "pk")[:most])


def shifts_at_hand(volunteer: Volunteer, at: dt.datetime) -> dict[str, Any]:
    """For the home page: the own next shifts, and of the next open ones those that fit best."""
    looked_at = list(open_shifts(volunteer, at)[:LOOKED_AT])
    fitting = [one for one in offers_of(volunteer, looked_at, at) if one.match and not _has_place(one)]
    fitting.sort(key=lambda one: (-one.match.score, one.shift.starts_at))  # type: ignore[union-attr]
    return {"coming": next_of(volunteer, at), "fitting": fitting[:FITTING], "open_shifts": len(looked_at)}


def _has_place(offer: Offer) -> bool:
    return offer.sign_up is not None and offer.sign_up.state != SignUpState.CANCELLED
