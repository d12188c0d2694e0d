"""A year of the calendar as one looks at it: month by month, each day with what it counts as and why."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gridgov.core.calendar import ORDINARY, rows_for
from gridgov.core.models import CalendarDay, DayKind

SATURDAY = 5
_WEEKS = calendar.Calendar(firstweekday=calendar.MONDAY)
_ORDINARY = [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in ORDINARY]


@dataclass(frozen=True)
class DayAt:
    """How one date counts in a place: the nearest row that speaks about it, and those of wider places behind it."""

    date: dt.date
    # The nearest place's row first.
    rows: tuple[CalendarDay, ...] = ()

    @property
    def row(self) -> CalendarDay | None:
        return self.rows[0] if self.rows else None

    @property
    def known(self) -> bool:
        return bool(self.rows)

    @property
    def works(self) -> bool:
        return self.row.kind == DayKind.WORK if self.row else self.date.weekday() < SATURDAY

    @property
    def name(self) -> str:
        return self.row.name if self.row else ""

    @property
    def windows(self) -> list[list[str]]:
        """Hours of its own; empty where the ordinary ones hold."""
        own = self.row.windows if self.row and self.works else []
        return [] if own == _ORDINARY else own

    @property
    def makes_up(self) -> bool:
        """A Saturday or Sunday that works."""
        return self.works and self.date.weekday() >= SATURDAY

    @property
    def is_holiday(self) -> bool:
        """Off, and by name: not just a weekend."""
        return not self.works and bool(self.name)

    @property
    def is_local(self) -> bool:
        """A district or street has its own row for it."""
        return bool(self.row and self.row.scope)


@dataclass(frozen=True)
class MonthAt:
    """One month in weeks from Monday; None where a week reaches into another month."""

    number: int
    weeks: list[list[DayAt | None]]

    @cached_property
    def days(self) -> list[DayAt]:
        return [day for week in self.weeks for day in week if day]

    @cached_property
    def working(self) -> int:
        return sum(day.works for day in self.days)

    @cached_property
    def unknown(self) -> int:
        return sum(not day.known for day in self.days)


@dataclass(frozen=True)
class YearAt:
    year: int
    months: list[MonthAt]

    @property
    def working(self) -> int:
        return sum(month.working for month in self.months)

    @property
    def unknown(self) -> int:
        return sum(month.unknown for month in self.months)

    @property
    def is_empty(self) -> bool:
        return not any(day.known for month in self.months for day in month.days)


def year_at(scope: str, year: int) -> YearAt:
    """The YEAR in SCOPE; one query."""
    found = _by_date(scope, dt.date(year, 1, 1), dt.date(year, 12, 31))

    def week(days: list[dt.date], month: int) -> list[DayAt | None]:
        return [DayAt(date, found.get(date, ())) if date.month == month else None for date in days]

    return YearAt(
        year,
        [
            MonthAt(month, [week(days, month) for days in _WEEKS.monthdatescalendar(year, month)])
            for month in range(1, 13)
        ],
    )


def day_at(scope: str, date: dt.date) -> DayAt:
    """One DATE in SCOPE; one query."""
    return DayAt(date, _by_date(scope, date, date).get(date, ()))


def _by_date(scope: str, first: dt.date, last: dt.date) -> Mapping[dt.date, tuple[CalendarDay, ...]]:
    found: dict[dt.date, tuple[CalendarDay, ...]] = {}
    for row in rows_for(scope, first, last):
        found[row.date] = (row, *found.get(row.date, ()))
    return found
