"""The limits and the calendar a past is written by: read once, asked a million times, the same as cases.actions.clocks."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from cases.choices import TIER_LIMITS, Tier
from cases.models import Category
from gridgov.core.calendar import CHINA, LimitUnit, WorkCalendar

SECONDS = {LimitUnit.NATURAL_SECOND: 1, LimitUnit.NATURAL_HOUR: 3600, LimitUnit.NATURAL_DAY: 86_400}
CHINA_OFFSET = 8 * 3600
BEYOND = dt.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Kind:
    """A category and the limit of its tier. The two texts are how the ledger has spelled the value: at an acceptance
    it comes from a column (8.00), at a capture out of JSON (8.0)."""

    pk: int
    response_hours: int
    value: Decimal
    unit: str
    policy: int | None
    accepted_text: str
    captured_text: str


@dataclass(frozen=True, slots=True)
class Moment:
    """When a limit is over: seconds since 1970, the text as an action would have written it, and why."""

    at: int
    text: str
    provisional: bool
    skipped: str  # JSON


def kinds(at: dt.datetime) -> dict[str, Kind]:
    """Every category a case can have, by code, with the limit in force everywhere at AT. One query."""
    return {category.code: _kind(category) for category in Category.objects.choosable().with_limits("", at)}


def _kind(category: Category) -> Kind:
    own = next((row for row in category.limits if row["street"] is None), None)  # type: ignore[attr-defined]
    if own is None:
        number, unit = TIER_LIMITS[Tier(category.tier)]
        value, accepted, captured = Decimal(number), str(number), str(number)
    else:
        value, unit = Decimal(str(own["value"])), own["unit"]
        accepted, captured = str(value.quantize(Decimal("0.01"))), str(value)
    return Kind(
        pk=category.pk, response_hours=category.response_hours or 24, value=value, unit=str(unit),
        policy=own["id"] if own else None, accepted_text=accepted, captured_text=captured,
    )  # fmt: skip


class Almanac:
    """When limits run out, counted by the nation's calendar. Instants are seconds since 1970."""

    def __init__(self, first: dt.datetime, last: dt.datetime) -> None:
        self._calendar = WorkCalendar.of("", first.astimezone(CHINA).date(), (last + BEYOND).astimezone(CHINA).date())
        self._kept: dict[tuple[int, Decimal | int], Moment] = {}

    def due(self, start: int, value: Decimal | int, unit: str) -> Moment:
        """The end of VALUE UNITs from START."""
        if seconds := SECONDS.get(LimitUnit(unit)):
            at = start + int(value * seconds)
            return Moment(at, utc(at), provisional=False, skipped="[]")
        if unit == LimitUnit.WORK_HOUR:
            return self._count(start, value, unit)
        # The day of the start decides, not its hour.
        key = ((start + CHINA_OFFSET) // 86_400, value)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._count(start, value, unit)
        return found

    def _count(self, start: int, value: Decimal | int, unit: str) -> Moment:
        due = self._calendar.due(dt.datetime.fromtimestamp(start, CHINA), value, unit)
        skipped = ", ".join(f'["{day.isoformat()}", "{name}"]' for day, name in due.skipped)
        return Moment(int(due.at.timestamp()), due.at.isoformat(), due.provisional, f"[{skipped}]")


@lru_cache(maxsize=10_000)
def utc(at: float) -> str:
    """How an action run by the clock of the server would have written this instant."""
    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat()
