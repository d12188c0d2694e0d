"""The tried vectors of the working calendar, and what happens where the calendar knows nothing."""

import datetime as dt

import pytest

from accounts.models import User
from gridgov.core.actions import load_days, load_official_year
from gridgov.core.calendar import WorkCalendar, due_after, loaded_until
from gridgov.core.errors import Invalid
from gridgov.core.models import CalendarDay, DayKind, Record
from tests.factories import at

STREET = "990101001"


@pytest.fixture
def year_2026(db: None) -> None:
    load_official_year(year=2026, by=User.objects.system(), at=at("2026-01-01 08:00"))


@pytest.mark.usefixtures("year_2026")
@pytest.mark.parametrize(
    ("start", "value", "unit", "due"),
    [
        ("2026-02-13 16:00", 3, "work_day", "2026-02-25 18:00"),  # Saturday 14th is a make-up day
        ("2026-02-13 16:00", 4, "work_hour", "2026-02-14 10:00"),
        ("2026-09-30 17:00", 1, "work_day", "2026-10-08 18:00"),
        ("2026-09-30 17:00", 8, "work_hour", "2026-10-08 17:00"),
        ("2026-05-01 10:00", 3, "work_day", "2026-05-08 18:00"),
        ("2026-09-18 09:00", 3, "work_day", "2026-09-22 18:00"),  # Sunday 20th works
        ("2026-06-18 20:00", 1, "work_day", "2026-06-22 18:00"),
        ("2026-11-20 17:30", 7, "work_day", "2026-12-01 18:00"),
        ("2026-11-20 17:30", 2, "work_hour", "2026-11-23 09:30"),
        ("2026-09-24 11:30", 6, "work_hour", "2026-09-28 09:30"),
        ("2026-11-20 17:30", 1, "natural_day", "2026-11-21 17:30"),
        ("2026-11-20 17:30", 4, "natural_hour", "2026-11-20 21:30"),
        ("2026-11-20 17:30", 90, "natural_second", "2026-11-20 17:31:30"),
    ],
)
def test_limits_end_when_the_vectors_say(start: str, value: int, unit: str, due: str) -> None:
    found = due_after(STREET, at(start), value, unit)
    assert (found.at, found.provisional) == (at(due), False)


@pytest.mark.usefixtures("year_2026")
def test_a_limit_into_an_unloaded_year_is_provisional() -> None:
    found = due_after(STREET, at("2026-12-28 09:00"), 7, "work_day")
    # 29, 30, 31 Dec are known; 1 Jan (a Friday), 4, 5, 6 Jan are guessed Monday to Friday.
    assert (found.at, found.provisional) == (at("2027-01-06 18:00"), True)
    assert found.skipped == ((dt.date(2027, 1, 2), ""), (dt.date(2027, 1, 3), ""))


@pytest.mark.usefixtures("year_2026")
def test_skipped_days_are_named() -> None:
    found = due_after(STREET, at("2026-09-30 17:00"), 1, "work_day")
    assert [name for _day, name in found.skipped] == ["国庆节"] * 7
    assert found.skipped[0][0] == dt.date(2026, 10, 1)


@pytest.mark.usefixtures("year_2026")
def test_the_nearer_place_beats_the_wider() -> None:
    by, now = User.objects.system(), at("2026-09-01 08:00")
    day = dt.date(2026, 9, 8)
    load_days(days=[CalendarDay(date=day, kind=DayKind.REST, name="区里停电")], scope="990101", by=by, at=now)
    start = at("2026-09-07 09:00")
    assert due_after(STREET, start, 1, "work_day").at == at("2026-09-09 18:00")
    assert due_after("990102001", start, 1, "work_day").at == at("2026-09-08 18:00")
    half = CalendarDay(date=day, kind=DayKind.WORK, windows=[["08:00", "12:00"]], name="半天")
    load_days(days=[half], scope=STREET, by=by, at=now)
    assert due_after(STREET, start, 1, "work_day").at == at("2026-09-08 12:00")


def test_several_windows_a_day() -> None:
    calendar = WorkCalendar({})
    start = at("2026-09-07 11:30")
    assert calendar.due(start, 1, "work_hour").at == at("2026-09-07 14:30")
    assert calendar.due(start, 0.5, "work_hour").at == at("2026-09-07 12:00")
    assert calendar.due(at("2026-09-07 12:30"), 4, "work_hour").at == at("2026-09-07 18:00")


@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_must_be_positive(value: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        WorkCalendar({}).due(at("2026-09-07 09:00"), value, "work_day")


def test_a_limit_without_end_is_told() -> None:
    with pytest.raises(ValueError, match="three years"):
        WorkCalendar({}).due(at("2026-09-07 09:00"), 5000, "work_day")


def test_a_year_that_the_package_does_not_know_changes_nothing(db: None) -> None:
    with pytest.raises(Invalid):
        load_official_year(year=2027, by=User.objects.system(), at=at("2026-11-22 09:00"))
    assert CalendarDay.objects.count() == 0
    assert Record.objects.count() == 0


@pytest.mark.usefixtures("year_2026")
def test_loading_a_year_twice_replaces_and_is_recorded_twice() -> None:
    load_official_year(year=2026, by=User.objects.system(), at=at("2026-01-02 08:00"))
    assert CalendarDay.objects.count() == 365
    assert loaded_until() == dt.date(2026, 12, 31)
    assert list(Record.objects.filter(verb="calendar.loaded").values_list("data__days", flat=True)) == [365, 365]
