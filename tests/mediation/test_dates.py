"""The day on which an agreement takes effect, and the last one on which the court may be asked: over holidays and year ends."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridgov.core.calendar import Day, WorkCalendar, official_day
from gridgov.core.errors import Invalid
from mediation.choices.deeds import CONFIRM_DAYS
from mediation.rules.dates import LONGEST_HOLIDAY, check_effective, confirm_by, effective_on, last_days

FEW = settings(max_examples=60, deadline=None)
DAY = dt.timedelta(days=1)
# Places after the thirtieth day; a week is left that nobody entered.
PLACES = st.integers(0, LONGEST_HOLIDAY - 8)
# Two ends of years, with New Year and Spring Festival behind them.
DATES = st.dates(dt.date(2024, 11, 1), dt.date(2026, 10, 31))


def official(first: dt.date, last: dt.date) -> WorkCalendar:
    """The country's days as they were published."""
    found = {}
    for n in range((last - first).days + 1):
        known = official_day(first + n * DAY)
        if known is not None:
            found[first + n * DAY] = Day(works=known[0], name=known[1])
    return WorkCalendar(found)


def holds(effective: dt.date, days: WorkCalendar) -> dt.date:
    """What must be true of the last day, whatever the calendar."""
    thirtieth, last = effective + CONFIRM_DAYS * DAY, confirm_by(effective, days)
    assert last >= thirtieth and days.day(last).works
    between = [thirtieth + n * DAY for n in range((last - thirtieth).days)]
    assert not any(days.day(day).works for day in between)
    return last


@FEW
@given(DATES)
def test_the_last_day_is_the_thirtieth_or_the_first_working_day_after_it(effective: dt.date) -> None:
    days = official(*last_days(effective))
    last = holds(effective, days)
    assert last - effective <= dt.timedelta(days=CONFIRM_DAYS + 9)
    assert holds(effective + DAY, official(*last_days(effective + DAY))) >= last


@FEW
@given(DATES, st.sets(PLACES), st.sets(PLACES))
def test_the_last_day_holds_over_any_calendar(effective: dt.date, rests: set[int], works: set[int]) -> None:
    """Weekends that are worked, weekdays that are not, and days that nobody has entered yet."""
    first = last_days(effective)[0]
    rows = {first + n * DAY: Day(works=True) for n in works} | {first + n * DAY: Day(works=False) for n in rests}
    holds(effective, WorkCalendar(rows))


@pytest.mark.parametrize(
    ("effective", "last"),
    [
        # The thirtieth day is New Year's Day 2026, a Thursday; the holiday ends on Saturday, Sunday is worked.
        ("2025-12-02", "2026-01-04"),
        # The year ends on a working Wednesday.
        ("2025-12-01", "2025-12-31"),
        # On the first day of Spring Festival 2026, and on its last but one: both move to the day after it.
        ("2026-01-16", "2026-02-24"),
        ("2026-01-23", "2026-02-24"),
        # A Saturday that is worked is a day like others (2026-02-28).
        ("2026-01-29", "2026-02-28"),
        # The first of October, and February of a leap year.
        ("2025-09-01", "2025-10-09"),
        ("2024-01-30", "2024-02-29"),
    ],
)
def test_known_days(effective: str, last: str) -> None:
    day = dt.date.fromisoformat(effective)
    assert confirm_by(day, official(*last_days(day))) == dt.date.fromisoformat(last)


@FEW
@given(st.lists(DATES, min_size=1, max_size=6), DATES)
def test_an_agreement_takes_effect_with_the_last_signature_and_on_no_other_day(
    signed: list[dt.date], said: dt.date
) -> None:
    day = effective_on(signed)
    assert day in signed and all(one <= day for one in signed) and check_effective(day, signed)
    refusal = check_effective(said, signed).refusal
    if said == day:
        assert refusal is None
    else:
        assert isinstance(refusal, Invalid) and refusal.field == "effective_on" and day.isoformat() in str(refusal)


def test_nothing_takes_effect_without_a_signature() -> None:
    with pytest.raises(ValueError, match="empty"):
        effective_on([])
