"""A person's day in figures: what a daily report begins with, and what the phone shows."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.timezone import localdate, make_aware

from accounts.models import User
from cases.models import Case
from fieldwork.models import DailyReport, Patrol, TrailDay, Visit
from gridgov.core.calendar import WorkCalendar


@dataclass(frozen=True)
class DayCounts:
    """What somebody's records say of a day; `visits` by diligence."""

    patrols: int = 0
    minutes: int = 0
    visits: dict[str, int] = field(default_factory=dict)
    cases: int = 0

    @property
    def visited(self) -> int:
        return sum(self.visits.values())

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Day:
    """A person's day as its log: `running` is the patrol that is not over, `report` the daily report, if given."""

    date: dt.date
    counts: DayCounts
    patrols: list[Patrol]
    visits: list[Visit]
    report: DailyReport | None

    @property
    def running(self) -> Patrol | None:
        return next((patrol for patrol in self.patrols if patrol.ended_at is None), None)


def bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """When DAY begins, and when the next one does."""
    start = make_aware(dt.datetime.combine(day, dt.time()))
    return start, start + dt.timedelta(days=1)


def minutes_of(patrol: Patrol, at: dt.datetime) -> int:
    """The minutes of PATROL that count, up to AT if it runs."""
    return max(int(((patrol.counted_until or at) - patrol.started_at).total_seconds()) // 60, 0)


def day_of(user: User, day: dt.date, at: dt.datetime) -> Day:
    """USER's own DAY, as it stands AT. Four queries."""
    start, end = bounds(day)
    patrols = list(Patrol.objects.own(user).for_list().touching(start, end).order_by("started_at"))
    visits = list(Visit.objects.own(user).for_list().filter(at__gte=start, at__lt=end).order_by("at"))
    report = DailyReport.objects.own(user).for_list().filter(day=day).first()
    cases = Case.objects.filter(reported_by=user, reported_at__gte=start, reported_at__lt=end).order_by().count()
    counts = DayCounts(
        patrols=len(patrols),
        minutes=sum(minutes_of(patrol, at) for patrol in patrols),
        visits=dict(Counter(visit.kind for visit in visits)),
        cases=cases,
    )
    return Day(day, counts, patrols, visits, report)


@dataclass(frozen=True, slots=True)
class PastDay:
    """A day before: its patrols with their minutes, the report given, and whether it was a working day there."""

    date: dt.date
    patrols: list[Patrol]
    minutes: int
    report: DailyReport | None
    works: bool


def days_before(user: User, day: dt.date, at: dt.datetime, code: str = "", count: int = 7) -> list[PastDay]:
    """The COUNT days before DAY, the latest first, by the calendar of the grid CODE. Three queries."""
    first = day - dt.timedelta(days=count)
    span = bounds(first)[0], bounds(day)[0]
    patrols: dict[dt.date, list[Patrol]] = defaultdict(list)
    for patrol in Patrol.objects.own(user).touching(*span).order_by("started_at"):
        patrols[localdate(patrol.started_at)].append(patrol)
    reports = {row.day: row for row in DailyReport.objects.own(user).filter(day__gte=first, day__lt=day)}
    calendar = WorkCalendar.of(code, first, day)
    days = [day - dt.timedelta(days=n) for n in range(1, count + 1)]
    return [
        PastDay(
            one, patrols[one], sum(minutes_of(patrol, at) for patrol in patrols[one]), reports.get(one),
            calendar.day(one).works,
        )
        for one in days
    ]  # fmt: skip


def trail_days(user: User, limit: int = 30) -> Iterable[TrailDay]:
    """What is left of USER's trails that were deleted."""
    return TrailDay.objects.filter(user=user)[:limit]
