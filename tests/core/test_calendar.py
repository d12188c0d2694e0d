"""The tried vectors of the working calendar, and what happens where the calendar knows nothing."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import User
from gridgov.core.actions import change_day, drop_day, load_days, load_official_year
from gridgov.core.calendar import WorkCalendar, due_after, loaded_until
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.models import CalendarDay, DayKind, Job, Record
from gridgov.core.rules import can_be_windows
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
    assert loaded_until(dt.date(2026, 6, 1)) == dt.date(2026, 12, 31)
    assert list(Record.objects.filter(verb="calendar.loaded").values_list("data__days", flat=True)) == [365, 365]


@pytest.mark.usefixtures("year_2026")
def test_a_day_has_as_many_windows_as_its_row_says() -> None:
    """Morning, afternoon and evening: hours run through all three, and a day limit ends with the last."""
    by, now = User.objects.system(), at("2026-09-01 08:00")
    windows = [["07:30", "11:00"], ["13:00", "16:30"], ["19:00", "21:00"]]
    change_day(date=dt.date(2026, 9, 8), kind="work", windows=windows, scope=STREET, by=by, at=now)
    assert due_after(STREET, at("2026-09-08 10:00"), 5, "work_hour").at == at("2026-09-08 19:30")
    assert due_after(STREET, at("2026-09-08 11:30"), 3.5, "work_hour").at == at("2026-09-08 16:30")
    assert due_after(STREET, at("2026-09-08 17:00"), 2.5, "work_hour").at == at("2026-09-09 08:30")
    assert due_after(STREET, at("2026-09-07 09:00"), 1, "work_day").at == at("2026-09-08 21:00")
    assert due_after("990101002", at("2026-09-07 09:00"), 1, "work_day").at == at("2026-09-08 18:00")


@pytest.mark.usefixtures("year_2026")
def test_street_beats_district_beats_nation_on_holidays_and_make_up_days_too() -> None:
    by, now = User.objects.system(), at("2026-09-01 08:00")
    holiday, make_up = dt.date(2026, 10, 1), dt.date(2026, 10, 10)
    change_day(date=holiday, kind="work", name="值守", scope="990101", by=by, at=now)
    change_day(date=make_up, kind="rest", name="补休", scope="990101", by=by, at=now)
    change_day(date=make_up, kind="work", name="照常", scope=STREET, by=by, at=now)
    eve, friday = at("2026-09-30 17:00"), at("2026-10-09 17:00")
    places = ("990102001", "990101002", STREET)
    assert [due_after(place, eve, 1, "work_day").at for place in places] == [
        at("2026-10-08 18:00"), at("2026-10-01 18:00"), at("2026-10-01 18:00"),
    ]  # fmt: skip
    assert [due_after(place, friday, 1, "work_day").at for place in places] == [
        at("2026-10-10 18:00"), at("2026-10-12 18:00"), at("2026-10-10 18:00"),
    ]  # fmt: skip
    assert due_after("990101002", friday, 1, "work_day").skipped[0] == (make_up, "补休")


@pytest.mark.usefixtures("year_2026")
def test_a_local_day_taken_back_falls_to_the_wider_place() -> None:
    by, now, day = User.objects.system(), at("2026-09-01 08:00"), dt.date(2026, 9, 8)
    change_day(date=day, kind="rest", name="区里停电", scope="990101", by=by, at=now)
    own = change_day(date=day, kind="work", name="照常", scope=STREET, by=by, at=now)
    start = at("2026-09-07 09:00")
    assert due_after(STREET, start, 1, "work_day").at == at("2026-09-08 18:00")
    drop_day(day=own, by=by, at=now)
    assert due_after(STREET, start, 1, "work_day").at == at("2026-09-09 18:00")
    row = Record.objects.get(verb="calendar.dropped")
    assert (row.scope, row.subject_id) == (STREET, int(STREET))
    assert row.data == {
        "days": 1, "span": ["2026-09-08"] * 2, "before": {"kind": "work", "name": "照常", "windows": []}, "after": {},
    }  # fmt: skip
    assert Job.objects.filter(key=f"{row.pk}:cases.reactions.work_out_again").count() == 1
    with pytest.raises(Conflict):
        drop_day(day=own, by=by, at=now)
    assert Record.objects.filter(verb="calendar.dropped").count() == 1


@pytest.mark.usefixtures("year_2026")
def test_the_nations_day_is_never_taken_back() -> None:
    day, before = CalendarDay.objects.get(date="2026-10-01"), Record.objects.count()
    with pytest.raises(Invalid):
        drop_day(day=day, by=User.objects.system(), at=at("2026-09-01 08:00"))
    assert CalendarDay.objects.count() == 365
    assert Record.objects.count() == before


@pytest.mark.usefixtures("year_2026")
def test_what_a_load_replaces_is_in_its_record() -> None:
    by, now = User.objects.system(), at("2026-09-01 08:00")
    same = CalendarDay(date=dt.date(2026, 9, 7), kind=DayKind.WORK)
    other = CalendarDay(date=dt.date(2026, 9, 8), kind=DayKind.REST, name="停电")
    load_days(days=[same, other], by=by, at=now)
    assert Record.objects.latest("pk").data == {
        "days": 2, "span": ["2026-09-07", "2026-09-08"],
        "replaced": {"2026-09-08": {"kind": "work", "name": "", "windows": []}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("windows", "good"),
    [
        ([], True),
        ([["08:00", "12:00"]], True),
        ([["08:00", "12:00"], ["12:30", "14:00"], ["19:00", "21:00"]], True),
        ([["12:00", "08:00"]], False),
        ([["08:00", "12:00"], ["11:00", "18:00"]], False),
        ([["08:00", "24:00"]], False),
        ([["8:00", "12:00"]], False),
        ([["08:00"]], False),
        ([["08:00", "12:00+01:00"]], False),
        ("08:00", False),
        ([[8, 12]], False),
        (None, False),
    ],
)
def test_working_hours_are_pairs_of_times_in_order(windows: Any, good: bool) -> None:
    verdict = can_be_windows(windows)
    assert bool(verdict) is good
    assert verdict.refusal is None or verdict.refusal.field == "windows"


def test_days_are_known_up_to_the_first_gap(db: None) -> None:
    today = dt.date(2026, 9, 7)
    assert loaded_until(today) is None
    CalendarDay.objects.create(date="2026-09-01", kind="work")
    assert loaded_until(today) == dt.date(2026, 9, 1)
    for day in (7, 8, 9, 11):
        CalendarDay.objects.create(date=dt.date(2026, 9, day), kind="work")
    CalendarDay.objects.create(date="2026-09-10", kind="work", scope=STREET)
    assert loaded_until(today) == dt.date(2026, 9, 9)
    assert loaded_until(dt.date(2026, 9, 10)) == dt.date(2026, 9, 9)
    assert loaded_until(dt.date(2026, 9, 11)) == dt.date(2026, 9, 11)
