"""What waits for an organiser, and a month of shifts."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate, make_aware

from accounts.models import User
from grids.models import Grid
from volunteers.choices.people import SquadGap, VolunteerState
from volunteers.choices.work import NeedState
from volunteers.models import Appeal, Need, Shift, Squad, Volunteer

# Of each kind so many are shown; more stand in its list.
LINES, COUNTED = 8, 1000


@dataclass(frozen=True)
class Waiting:
    """A kind of things that wait: how many (counted to a thousand), and the first of them."""

    count: int
    rows: list[Any]


def _waiting(rows: QuerySet) -> Waiting:
    found = list(rows[:LINES])
    return Waiting(len(found) if len(found) < LINES else rows.order_by()[:COUNTED].count(), found)


def waits_for(by: User, at: dt.datetime) -> dict[str, Waiting]:
    """Applications, shifts to close, appeals, open needs and short squads in BY's scope, the longest waiting first. Ten queries."""
    return {
        "applications": _waiting(Volunteer.objects.visible_to(by).for_list().filter(state=VolunteerState.APPLIED).order_by("pk")),
        "to_close": _waiting(Shift.objects.visible_to(by).for_list().to_close(at).order_by("ends_at", "pk")),
        "appeals": _waiting(Appeal.objects.visible_to(by).for_list().open().order_by("pk")),
        "needs": _waiting(Need.objects.visible_to(by).for_list().filter(state=NeedState.OPEN).order_by("pk")),
        "squads": _waiting(Squad.objects.visible_to(by).for_list().lacking(SquadGap.SHORT).order_by("pk")),
    }  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A day of the calendar with its shifts; `within`: of the month that is shown."""

    date: dt.date
    within: bool
    shifts: list[Shift]


MOST_IN_A_MONTH = 1500


def shifts_between(by: User, first: dt.date, last: dt.date, ground: Grid | None = None) -> list[Shift]:
    """The shifts in BY's scope, on GROUND if it is given, that begin from FIRST to LAST."""
    begins, ends = (make_aware(dt.datetime.combine(day, dt.time())) for day in (first, last + dt.timedelta(days=1)))
    rows = Shift.objects.visible_to(by).for_list().filter(starts_at__gte=begins, starts_at__lt=ends)
    if ground is not None:
        rows = rows.filter(grid__in=Grid.objects.under(ground).order_by().values("pk"))
    return list(rows.order_by("starts_at", "pk")[:MOST_IN_A_MONTH])


def month_of(by: User, day: dt.date, ground: Grid | None = None) -> list[list[Day]]:
    """The month of DAY in weeks, Monday first, each day with its shifts. One query."""
    first = day.replace(day=1)
    begin = first - dt.timedelta(days=first.weekday())
    after = (first + dt.timedelta(days=32)).replace(day=1)
    end = after + dt.timedelta(days=(7 - after.weekday()) % 7 - 1)
    return _weeks(by, begin, end, ground, first.month)


def week_of(by: User, day: dt.date, ground: Grid | None = None) -> list[list[Day]]:
    """The one week of DAY, as `month_of`."""
    begin = day - dt.timedelta(days=day.weekday())
    return _weeks(by, begin, begin + dt.timedelta(days=6), ground, None)


def _weeks(by: User, begin: dt.date, end: dt.date, ground: Grid | None, month: int | None) -> list[list[Day]]:
    on: dict[dt.date, list[Shift]] = defaultdict(list)
    for shift in shifts_between(by, begin, end, ground):
        on[localdate(shift.starts_at)].append(shift)
    days = [begin + dt.timedelta(days=n) for n in range((end - begin).days + 1)]
    cells = [Day(day, month in {None, day.month}, on[day]) for day in days]
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]
