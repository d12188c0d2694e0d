"""The rows that matching asks for: volunteers with their load, shifts with their free places, and where grids lie."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import F, Sum
from django.utils.timezone import localdate

from accounts.models import User
from grids.choices import GridKind
from grids.models import Grid
from volunteers.choices.work import ShiftState, SignUpState
from volunteers.models import HoursEntry, Shift, SignUp, Volunteer
from volunteers.rules.matching import SHOWN, Helper, Map, Match, Opening, match

QUARTER = dt.timedelta(days=90)
# Of shifts that lack helpers so many are told, so long before.
MOST_SHORT, SOON = 8, dt.timedelta(days=14)
_COLUMNS = ("pk", "grid", "skills", "times", "born_on", "guardian_agreed_at", "insured_until")


def map_of(trees: Iterable[int]) -> Map:
    """The grids of TREES."""
    rows = list(Grid.objects.filter(tree_id__in=set(trees)).order_by().values_list("pk", "parent", "kind"))
    communities = frozenset(pk for pk, _parent, kind in rows if kind == GridKind.TOTAL)
    return Map({pk: parent for pk, parent, _kind in rows}, communities)


def helpers_of(volunteers: Any, at: dt.datetime) -> list[Helper]:
    """VOLUNTEERS (a queryset) with what they have done since a quarter ago and have before them. Four queries."""
    rows = list(volunteers.order_by("pk").values_list(*_COLUMNS))
    keys = volunteers.order_by().values("pk")
    serves: dict[int, list[int]] = defaultdict(list)
    for volunteer, grid in Volunteer.serves.through.objects.filter(volunteer__in=keys).values_list("volunteer", "grid"):
        serves[volunteer].append(grid)
    since = localdate(at - QUARTER)
    entries = HoursEntry.objects.filter(volunteer__in=keys, day__gte=since).order_by()
    minutes = dict(entries.values_list("volunteer").annotate(Sum("minutes")))
    busy: dict[int, list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    ahead = SignUp.objects.filter(volunteer__in=keys, shift__ends_at__gt=at, shift__state=ShiftState.OPEN)
    ahead = ahead.filter(state__in=[SignUpState.BOOKED, SignUpState.WAITING, SignUpState.PRESENT]).order_by(
        "shift__starts_at"
    )
    for volunteer, begins, ends in ahead.values_list("volunteer", "shift__starts_at", "shift__ends_at"):
        busy[volunteer].append((begins, ends))
    return [
        Helper(
            pk=pk, grids=(grid, *serves.get(pk, ())), skills=frozenset(skills), times=frozenset(times),
            minutes=max(0, minutes.get(pk, 0)), ahead=len(busy.get(pk, ())), born_on=born, has_guardian=guardian is not None,
            insured_until=insured, busy=tuple(busy.get(pk, ())),
        )
        for pk, grid, skills, times, born, guardian, insured in rows
    ]  # fmt: skip


def opening_of(shift: Shift) -> Opening:
    """SHIFT, which comes with its project."""
    project = shift.project
    return Opening(
        pk=shift.pk, grid=shift.grid_id, starts_at=shift.starts_at, ends_at=shift.ends_at,
        free=shift.capacity - shift.taken, skills=frozenset(project.skills), least_age=project.least_age,
        is_dangerous=project.is_dangerous,
    )  # fmt: skip


class Fit(NamedTuple):
    """Somebody who fits, and why."""

    volunteer: Volunteer
    match: Match


def who_fits(shift: Shift, at: dt.datetime, most: int = SHOWN) -> list[Fit]:
    """The volunteers of the street who fit SHIFT best and have not signed up for it, each with why. Seven queries."""
    free = Volunteer.objects.active().filter(grid__tree_id=shift.grid.tree_id)
    free = free.exclude(pk__in=SignUp.objects.filter(shift=shift).values("volunteer"))
    found = match([opening_of(shift)], helpers_of(free, at), map_of([shift.grid.tree_id]), most)[shift.pk]
    rows = Volunteer.objects.for_list().in_bulk([one.helper for one in found])
    return [Fit(rows[one.helper], one) for one in found]


def what_fits(volunteer: Volunteer, shifts: Sequence[Shift], at: dt.datetime) -> dict[int, Match]:
    """Why each of SHIFTS fits VOLUNTEER, by its key; those in which the volunteer can't take part are left out. Five queries."""
    own = helpers_of(Volunteer.objects.filter(pk=volunteer.pk), at)
    places = map_of([volunteer.grid.tree_id])
    return {pk: one for shift in shifts for pk, rows in match([opening_of(shift)], own, places).items() for one in rows}


class Short(NamedTuple):
    """A shift that has free places soon, and who fits best."""

    shift: Shift
    fitting: list[Fit]


def short_shifts(by: User, at: dt.datetime, suggested: int = 3) -> list[Short]:
    """The next shifts in BY's scope with free places, each with the SUGGESTED who fit best; the load shared among them."""
    rows = Shift.objects.visible_to(by).for_list().ahead(at).filter(starts_at__lt=at + SOON, taken__lt=F("capacity"))
    shifts = list(rows.order_by("starts_at", "pk")[:MOST_SHORT])
    if not shifts:
        return []
    trees = {shift.grid.tree_id for shift in shifts}
    people = helpers_of(Volunteer.objects.active().filter(grid__tree_id__in=trees), at)
    found = match([opening_of(shift) for shift in shifts], people, map_of(trees), suggested)
    names = Volunteer.objects.for_list().in_bulk({one.helper for fitting in found.values() for one in fitting})
    return [Short(shift, [Fit(names[one.helper], one) for one in found[shift.pk]]) for shift in shifts]
