"""The work calendar: which hours count, and when N of them are over.

Days are rows the office owns; a street's row beats its district's, which beats the nation's. A date without any row is
taken as Monday to Friday and makes the answer `provisional`: to be worked out again when the year is loaded.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

import chinese_calendar
from chinese_calendar.constants import holidays
from django.db import connection, models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gridgov.core.models import CalendarDay, DayKind

CHINA = ZoneInfo("Asia/Shanghai")
Window = tuple[dt.time, dt.time]
ORDINARY: tuple[Window, ...] = ((dt.time(8), dt.time(12)), (dt.time(14), dt.time(18)))
# A limit that needs more days than this is a mistake in a policy, not a limit.
LONGEST_DAYS = 3 * 366
# Next year's holidays are published around November (handbook 1.9, 3.6): two months are time enough to load them.
AHEAD = dt.timedelta(days=60)


class LimitUnit(models.TextChoices):
    """How a limit is counted (handbook 1.5): natural ones run day and night, working ones only in working hours."""

    NATURAL_SECOND = "natural_second", _("seconds")
    NATURAL_HOUR = "natural_hour", _("hours")
    NATURAL_DAY = "natural_day", _("days")
    WORK_HOUR = "work_hour", _("working hours")
    WORK_DAY = "work_day", _("working days")

    def spell(self, value: Decimal | int) -> str:
        """“1 hour”, “2.5 working days”"""
        count = 1 if value == 1 else 2
        words = {
            LimitUnit.NATURAL_SECOND: ngettext("%(value)s second", "%(value)s seconds", count),
            LimitUnit.NATURAL_HOUR: ngettext("%(value)s hour", "%(value)s hours", count),
            LimitUnit.NATURAL_DAY: ngettext("%(value)s day", "%(value)s days", count),
            LimitUnit.WORK_HOUR: ngettext("%(value)s working hour", "%(value)s working hours", count),
            LimitUnit.WORK_DAY: ngettext("%(value)s working day", "%(value)s working days", count),
        }
        return words[self] % {"value": f"{Decimal(value).normalize():f}"}


_NATURAL = {
    LimitUnit.NATURAL_SECOND: dt.timedelta(seconds=1),
    LimitUnit.NATURAL_HOUR: dt.timedelta(hours=1),
    LimitUnit.NATURAL_DAY: dt.timedelta(days=1),
}


@dataclass(frozen=True)
class Day:
    """How one date counts; `known` is false where no row says so."""

    works: bool
    windows: tuple[Window, ...] = ORDINARY
    name: str = ""
    known: bool = True


@dataclass(frozen=True)
class Due:
    """An instant, whether it rests on a guess, and the days that did not count on the way: [(date, name)]."""

    at: dt.datetime
    provisional: bool = False
    skipped: tuple[tuple[dt.date, str], ...] = field(default=())


class WorkCalendar:
    """The days of one place, as far as they are known."""

    def __init__(self, days: Mapping[dt.date, Day]) -> None:
        self._days = days

    @classmethod
    def of(cls, scope: str, first: dt.date, last: dt.date) -> "WorkCalendar":
        """Days from FIRST to LAST for the grid code SCOPE ('' for the nation); one query."""
        return cls({row.date: _day(row) for row in rows_for(scope, first, last)})

    @classmethod
    def of_places(cls, scopes: Iterable[str], first: dt.date, last: dt.date) -> dict[str, "WorkCalendar"]:
        """`of` for each of SCOPES in one query for all."""
        parts = {scope: set(scopes_of(scope)) for scope in scopes}
        wanted = set[str]().union(*parts.values())
        rows = list(CalendarDay.objects.filter(scope__in=wanted, date__range=(first, last)).order_by("scope"))
        rows.sort(key=lambda row: len(row.scope))
        days = [(row.scope, row.date, _day(row)) for row in rows]
        return {scope: cls({date: day for of, date, day in days if of in own}) for scope, own in parts.items()}

    @classmethod
    def for_limit(cls, scope: str, start: dt.datetime, value: Decimal | float, unit: str) -> "WorkCalendar":
        """The calendar that `due` needs for this limit; no query at all for natural units."""
        if unit in _NATURAL:
            return cls({})
        days = int(value) if unit == LimitUnit.WORK_DAY else int(value) // 4
        first = start.astimezone(CHINA).date()
        # Twice the days and three weeks more span the longest holiday; beyond that a day counts as unknown.
        return cls.of(scope, first, first + dt.timedelta(days=min(days * 2 + 21, LONGEST_DAYS)))

    def day(self, date: dt.date) -> Day:
        return self._days.get(date) or Day(works=date.weekday() < 5, known=False)

    def due(self, start: dt.datetime, value: Decimal | float, unit: str) -> Due:
        """When a limit of VALUE UNITs that starts at the aware instant START is over.

        `natural_*` are continuous. `work_day`: the day of START is not counted; due at the close of the N-th working
        day after it. `work_hour`: counted inside the working hours only. Raises ValueError for a limit that is not
        positive, or has no end within three years.
        """
        if value <= 0:
            raise ValueError("a limit must be positive")
        if unit in _NATURAL:
            return Due(start + _NATURAL[LimitUnit(unit)] * float(value))
        return self._work_days(start, value) if unit == LimitUnit.WORK_DAY else self._work_hours(start, value)

    def after_pause(self, due: dt.datetime, paused: dt.datetime, resumed: dt.datetime, unit: str) -> Due:
        """Where DUE moves when the clock stood still from PAUSED to RESUMED: what was left is left, counted in UNIT.

        Natural units: as much later as it stood still. `work_hour`: the working time between PAUSED and DUE. `work_day`:
        as many closes of working days as lay ahead; paused on the last day, that day's close, wherever it falls now.
        """
        if unit in _NATURAL:
            return Due(due + (resumed - paused))
        if unit == LimitUnit.WORK_HOUR:
            left = self._working_time(paused, due)
            return self._work_hours(resumed, left / dt.timedelta(hours=1)) if left else Due(resumed)
        first, last = paused.astimezone(CHINA).date(), due.astimezone(CHINA).date()
        days = sum(self.day(first + dt.timedelta(days=n)).works for n in range(1, (last - first).days + 1))
        guessed = any(not self.day(first + dt.timedelta(days=n)).known for n in range(1, (last - first).days + 1))
        if days == 0:
            today = self.day(resumed.astimezone(CHINA).date())
            close = dt.datetime.combine(resumed.astimezone(CHINA).date(), today.windows[-1][1], CHINA)
            if today.works and resumed < close:
                return Due(close, provisional=not today.known)
            days = 1
        found = self._work_days(resumed, days)
        return Due(found.at, found.provisional or guessed, found.skipped)

    def _working_time(self, begin: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """How much of the time from BEGIN to END lies in working hours."""
        first, last = begin.astimezone(CHINA).date(), end.astimezone(CHINA).date()
        total = dt.timedelta()
        for n in range((last - first).days + 1):
            date = first + dt.timedelta(days=n)
            if (day := self.day(date)).works:
                for opens, closes in day.windows:
                    span = min(end, dt.datetime.combine(date, closes, CHINA)) - max(
                        begin, dt.datetime.combine(date, opens, CHINA)
                    )
                    total += max(span, dt.timedelta())
        return total

    def _work_days(self, start: dt.datetime, value: Decimal | float) -> Due:
        date, left, guessed = start.astimezone(CHINA).date(), int(value), False
        skipped: list[tuple[dt.date, str]] = []
        for _step in range(LONGEST_DAYS):
            date += dt.timedelta(days=1)
            day = self.day(date)
            guessed |= not day.known
            if not day.works:
                skipped.append((date, day.name))
                continue
            left -= 1
            if left <= 0:
                return Due(dt.datetime.combine(date, day.windows[-1][1], CHINA), guessed, tuple(skipped))
        raise ValueError("the limit has no end within three years")

    def _work_hours(self, start: dt.datetime, value: Decimal | float) -> Due:
        now, left, guessed = start.astimezone(CHINA), dt.timedelta(hours=float(value)), False
        skipped: list[tuple[dt.date, str]] = []
        for step in range(LONGEST_DAYS):
            date = now.date() + dt.timedelta(days=step)
            day = self.day(date)
            guessed |= not day.known
            if not day.works:
                skipped.append((date, day.name))
                continue
            for opens, closes in day.windows:
                begin = max(now, dt.datetime.combine(date, opens, CHINA))
                end = dt.datetime.combine(date, closes, CHINA)
                if begin < end and end - begin >= left:
                    return Due(begin + left, guessed, tuple(skipped))
                left -= max(end - begin, dt.timedelta())
        raise ValueError("the limit has no end within three years")


def _day(row: CalendarDay) -> Day:
    windows = tuple((dt.time.fromisoformat(a), dt.time.fromisoformat(b)) for a, b in row.windows) or ORDINARY
    return Day(works=row.kind == DayKind.WORK, windows=windows, name=row.name)


def scopes_of(scope: str) -> list[str]:
    """SCOPE and the wider places whose days hold in it, the widest first: nation, district, street."""
    return sorted({"", scope[:6], scope[:9]}, key=len)


def rows_for(scope: str, first: dt.date, last: dt.date) -> list[CalendarDay]:
    """All rows that speak about SCOPE; those of a nearer place come after those of a wider one. One query."""
    rows = CalendarDay.objects.filter(scope__in=scopes_of(scope), date__range=(first, last)).order_by("date")
    return sorted(rows, key=lambda row: len(row.scope))


def windows_from(text: str) -> list[list[str]]:
    """Working hours as people write them, "8:00-12:00，14:00-18:00", as pairs; whether they can be, a rule says."""
    for other, plain in (
        ("，", ","),
        ("、", ","),
        ("；", ","),
        (";", ","),
        ("：", ":"),
        ("–", "-"),
        ("—", "-"),
        ("~", "-"),
    ):
        text = text.replace(other, plain)
    return [[bound.strip().zfill(5) for bound in part.split("-")] for part in text.split(",") if part.strip()]


def windows_text(windows: Iterable[Iterable[str]]) -> str:
    """The pairs as text that `windows_from` reads."""
    return ", ".join("-".join(pair) for pair in windows)


def due_after(scope: str, start: dt.datetime, value: Decimal | float, unit: str) -> Due:
    """`WorkCalendar.due` for the place SCOPE; at most one query."""
    return WorkCalendar.for_limit(scope, start, value, unit).due(start, value, unit)


def due_after_pause(scope: str, due: dt.datetime, paused: dt.datetime, resumed: dt.datetime, unit: str) -> Due:
    """`WorkCalendar.after_pause` for the place SCOPE; at most one query."""
    if unit in _NATURAL:
        return WorkCalendar({}).after_pause(due, paused, resumed, unit)
    first, last = paused.astimezone(CHINA).date(), resumed.astimezone(CHINA).date()
    # What was left, and as much again with three weeks more for the longest holiday.
    ahead = dt.timedelta(days=min(max((due - paused).days, 0) * 2 + 21, LONGEST_DAYS))
    return WorkCalendar.of(scope, first, max(last, due.astimezone(CHINA).date()) + ahead).after_pause(
        due, paused, resumed, unit
    )


def official_day(date: dt.date) -> tuple[bool, str] | None:
    """Whether the nation works on DATE, and the holiday's name; None where the chinesecalendar package doesn't know."""
    if not min(holidays).year <= date.year <= max(holidays).year:
        return None
    rests, holiday = chinese_calendar.get_holiday_detail(date)
    return not rests, chinese_calendar.Holiday(holiday).chinese if holiday else ""


def official_days(year: int) -> list[CalendarDay]:
    """Unsaved national rows for YEAR as `official_day` has them; none if it doesn't know all of it."""
    source = f"chinesecalendar {chinese_calendar.__version__}"
    days, date = [], dt.date(year, 1, 1)
    while date.year == year:
        known = official_day(date)
        if known is None:
            return []
        works, name = known
        days.append(CalendarDay(date=date, kind=DayKind.WORK if works else DayKind.REST, name=name, source=source))
        date += dt.timedelta(days=1)
    return days


_UNBROKEN = """
    SELECT coalesce(
        (SELECT max(date) FROM (
            SELECT date, date - row_number() OVER (ORDER BY date)::int AS before FROM core_calendarday
            WHERE scope = '' AND date >= %(on)s::date
        ) run WHERE before = %(on)s::date - 1),
        (SELECT max(date) FROM core_calendarday WHERE scope = '' AND date < %(on)s::date)
    )
"""


def loaded_until(on: dt.date) -> dt.date | None:
    """The last date up to which the nation's days are known without a gap from ON; or when they ended, if before ON.

    A single day put in far ahead, next year's holiday, does not make the months before it known.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNBROKEN, {"on": on})
        found: dt.date | None = cursor.fetchone()[0]
    return found


def runs_out(until: dt.date, on: dt.date) -> bool:
    """Whether on the day ON somebody must know that the nation's days are loaded up to UNTIL and no further."""
    return until - on <= AHEAD
