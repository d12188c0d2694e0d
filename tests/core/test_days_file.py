"""Lists of days: read as people keep them, looked at first, taken in whole or not at all, and worked out again once."""

import datetime as dt
import io

import pytest
import tablib
from django.db import transaction

from accounts.choices import Role
from accounts.models import User
from cases import actions as cases
from cases.actions import Report
from gridgov.core import jobs
from gridgov.core.actions import DaysImported, change_day, import_days, load_official_year
from gridgov.core.days_sheet import COLUMNS, draft_of, read_days, write_days
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import CalendarDay, Job, Record
from gridgov.core.questions import Span, deadlines_on
from gridgov.core.rows import BadRows
from tests.factories import MONDAY, Cast, at, make_cast, make_user

pytestmark = pytest.mark.django_db
HEAD = "日期,性质,名称,工作时间,适用范围\n"
STREET, NEXT = "990101001", "990101002"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


@pytest.fixture
def admin() -> User:
    return make_user(Role.SYSTEM_ADMIN)


def take_in(text: str | bytes, name: str = "days.csv", *, by: User, when: dt.datetime = MONDAY, **more) -> DaysImported:
    content = text if isinstance(text, bytes) else text.encode()
    sheet = read_days(content, name)
    return import_days(rows=sheet.rows, faults=sheet.faults, source=name, by=by, at=when, **more)


def days(**of: object) -> list[tuple]:
    rows = CalendarDay.objects.filter(**of).order_by("scope", "date")
    return [(row.scope, row.date.isoformat(), row.kind, row.name, row.windows) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_csv_as_offices_write_it(cast: Cast, admin: User, encoding: str) -> None:
    text = HEAD + (
        '2027-01-01,休息日,元旦,,\n2027/1/2,放假,元旦,,全国\n2027年1月3日,调休上班,,"8:00-12:00，14:00-17:30",\n'
        ",,,,\n20270104,工作日,停电,8:30–11:30、13：00-15:00、19:00-21:00,990101001\n"
    )
    result = take_in(text.encode(encoding), by=admin)
    assert (len(result.changes), result.unchanged) == (4, 0)
    assert result.spans == [
        Span("", dt.date(2027, 1, 1), dt.date(2027, 1, 3)), Span(STREET, dt.date(2027, 1, 4), dt.date(2027, 1, 4)),
    ]  # fmt: skip
    assert days() == [
        ("", "2027-01-01", "rest", "元旦", []),
        ("", "2027-01-02", "rest", "元旦", []),
        ("", "2027-01-03", "work", "", [["08:00", "12:00"], ["14:00", "17:30"]]),
        (STREET, "2027-01-04", "work", "停电", [["08:30", "11:30"], ["13:00", "15:00"], ["19:00", "21:00"]]),
    ]
    assert set(CalendarDay.objects.values_list("source", flat=True)) == {"days.csv"}


def test_xlsx_with_dates_numbers_and_english_headings(cast: Cast, admin: User) -> None:
    table = tablib.Dataset(headers=["Kind", "DATE", "scope"])
    table.append(["rest", dt.date(2027, 1, 1), 990101001])
    table.append(["work", dt.datetime(2027, 1, 2), None])
    assert len(take_in(table.export("xlsx"), "days.xlsx", by=admin).changes) == 2
    assert days() == [("", "2027-01-02", "work", "", []), (STREET, "2027-01-01", "rest", "", [])]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"x", "days.txt"), (b"\xff\xfe\xff", "days.csv"), (b"x", "days.xlsx"), (HEAD.encode(), "days.csv"),
        ("日期,名称\n2027-01-01,元旦\n".encode(), "days.csv"), (b"x" * (4 * 1024 * 1024 + 1), "days.csv"),
        ((HEAD + "2027-01-01,休息日,,,\n" * 10_001).encode(), "days.csv"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_days_is_told(content: bytes, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_days(content, name)
    assert refused.value.field == "file"


def test_every_fault_is_told_by_line_and_nothing_is_changed(cast: Cast, admin: User) -> None:
    text = HEAD + (
        "2027-02-30,休息日,,,\n2027-01-02,上课,,,\n2027-01-03,工作日,,8-9点,\n2027-01-04,工作日,,12:00-08:00,\n"
        "2027-01-05,工作日,,,12345\n2027-01-06,工作日,,,990999001\n2027-01-07,工作日,,,\n2027-01-07,休息日,,,\n"
        f"2227-01-08,休息日,,,\n2027-01-09,休息日,{'长' * 33},,\n2027-01-10,休息日,好,,\n"
    )
    sheet = read_days(text.encode(), "days.csv")
    with pytest.raises(BadRows) as bad:
        import_days(rows=sheet.rows, faults=sheet.faults, by=admin, at=MONDAY)
    found = [(sheet.lines[fault.row], fault.field) for fault in bad.value.rows]
    assert found == [
        (2, "date"), (3, "kind"), (4, "windows"), (5, "windows"), (6, "scope"), (7, "scope"), (9, "date"), (10, "date"),
        (11, "name"),
    ]  # fmt: skip
    assert all(
        COLUMNS[field][0] in line for (_line, field), line in zip(found, sheet.told(bad.value.rows), strict=True)
    )
    assert not CalendarDay.objects.exists() and not Record.objects.exists()
    assert not Job.objects.filter(kind="core.react").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_year_written_out_and_taken_in_again_changes_nothing(cast: Cast, admin: User, ending: str) -> None:
    load_official_year(year=2026, by=admin, at=MONDAY)
    change_day(
        date=dt.date(2026, 9, 8),
        kind="work",
        windows=[["08:00", "12:00"]],
        name="=半天",
        scope=STREET,
        by=admin,
        at=MONDAY,
    )
    before, records = days(), Record.objects.count()
    rows = CalendarDay.objects.filter(date__year=2026).order_by("scope", "date")
    content = write_days(rows, ending)
    for by in (admin, cast.street):  # what stands as the list has it is nobody's change
        assert take_in(content, f"2026.{ending}", by=by) == DaysImported([], 366)
    assert (days(), Record.objects.count()) == (before, records)


def test_a_draft_covers_the_year_by_weekdays() -> None:
    rows = draft_of(2028)
    assert (len(rows), rows[0].date, rows[-1].date) == (366, dt.date(2028, 1, 1), dt.date(2028, 12, 31))
    assert [row.kind for row in rows[:3]] == ["rest", "rest", "work"]  # 1 January is a Saturday
    assert len(read_days(write_days(rows, "csv"), "draft.csv").rows) == 366


def test_a_dry_run_says_before_and_after_and_changes_nothing(cast: Cast, admin: User) -> None:
    change_day(date=dt.date(2027, 1, 1), kind="work", by=admin, at=MONDAY)
    before, records = days(), Record.objects.count()
    text = HEAD + "2027-01-01,休息日,元旦,,\n2027-01-02,休息日,,,\n"
    result = take_in(text, by=admin, dry_run=True)
    assert [(c.before.kind if c.before else None, c.after.kind, c.after.name) for c in result.changes] == [
        ("work", "rest", "元旦"), (None, "rest", ""),
    ]  # fmt: skip
    assert (days(), Record.objects.count()) == (before, records)
    change_day(date=dt.date(2027, 1, 2), kind="work", by=admin, at=MONDAY)
    with pytest.raises(Conflict):
        take_in(text, by=admin, expected=result.print)
    assert days(date="2027-01-02") == [("", "2027-01-02", "work", "", [])]
    again = take_in(text, by=admin, dry_run=True)
    assert len(take_in(text, by=admin, expected=again.print).changes) == 2
    assert [kind for _scope, _date, kind, _name, _windows in days()] == ["rest", "rest"]


def test_a_street_hand_brings_only_its_own_days(cast: Cast) -> None:
    own = HEAD + "2027-01-04,休息日,停电,,990101001\n"
    for line in (
        "2027-01-04,休息日,停电,,990101002\n",
        "2027-01-04,休息日,停电,,990101\n",
        "2027-01-04,休息日,停电,,\n",
    ):
        with pytest.raises(BadRows) as bad:
            take_in(own + line, by=cast.street)
        assert [fault.row for fault in bad.value.rows] == [1]
    for user in (cast.lead, cast.worker, cast.unit_staff, make_user(Role.AUDITOR), make_user(Role.STREET)):
        with pytest.raises(Forbidden):
            take_in(own, by=user)
    assert not CalendarDay.objects.exists() and not Record.objects.exists()
    assert len(take_in(own, by=cast.street).changes) == 1
    assert days() == [(STREET, "2027-01-04", "rest", "停电", [])]


def test_a_year_from_a_file_works_provisional_deadlines_out_again_once(cast: Cast, admin: User) -> None:
    """Two places in one list: a sound record for each, and one move of the deadline."""
    load_official_year(year=2026, by=admin, at=MONDAY)
    cases.set_policy(tier="B", value="7", unit="work_day", by=cast.street, at=MONDAY)
    start, now = at("2026-12-28 09:00"), at("2026-12-29 09:00")
    report = Report(category=cast.category.code, text="堆物", grid=cast.place.micros[0].code)
    case = cases.accept_case(case=cases.report_case(report=report, by=cast.street, at=start), by=cast.lead, at=start)
    assert (case.due_at, case.provisional) == (at("2027-01-06 18:00"), True)
    rows = draft_of(2027)
    for row in rows[:4]:
        row.kind, row.name = "rest", "元旦"
    local = CalendarDay(date=dt.date(2027, 1, 5), kind="rest", name="停电", scope=STREET)
    other = CalendarDay(date=dt.date(2027, 1, 6), kind="rest", name="停电", scope=NEXT)
    content = write_days([*rows, local, other], "xlsx")

    look = take_in(content, "2027.xlsx", by=admin, when=now, dry_run=True)
    assert [span.scope for span in look.spans] == ["", STREET, NEXT]
    assert deadlines_on.ask(look.spans) == [1]
    assert deadlines_on.ask([look.spans[2]]) == [0]
    take_in(content, "2027.xlsx", by=admin, when=now, expected=look.print)
    records = Record.objects.filter(verb="calendar.loaded", at=now).order_by("scope")
    assert [(row.scope, row.subject_id, row.actor_id, row.data["days"], row.data["span"]) for row in records] == [
        ("", 0, admin.pk, 365, ["2027-01-01", "2027-12-31"]),
        (STREET, int(STREET), admin.pk, 1, ["2027-01-05"] * 2),
        (NEXT, int(NEXT), admin.pk, 1, ["2027-01-06"] * 2),
    ]
    _run_reactions(now)
    case.refresh_from_db()
    # 29, 30, 31 December, 6, 7, 8 and 11 January: the 4th is a holiday, the 5th off in this street alone.
    assert (case.due_at, case.provisional) == (at("2027-01-11 18:00"), False)
    clock = case.deadlines.get(clock="case")
    assert clock.original_due_at == at("2027-01-06 18:00")
    assert [(entry.entry, entry.moved_seconds) for entry in clock.ledger.all()] == [
        ("start", 0),
        ("recomputed", 5 * 86400),
    ]
    assert Record.objects.filter(verb="cases.recomputed").count() == 1


def test_a_day_that_leaves_a_deadline_as_it_was_leaves_no_line_in_its_ledger(cast: Cast, admin: User) -> None:
    load_official_year(year=2026, by=admin, at=MONDAY)
    cases.set_policy(tier="B", value="7", unit="work_day", by=cast.street, at=MONDAY)
    start, now = at("2026-12-28 09:00"), at("2026-12-29 09:00")
    report = Report(category=cast.category.code, text="堆物", grid=cast.place.micros[0].code)
    case = cases.accept_case(case=cases.report_case(report=report, by=cast.street, at=start), by=cast.lead, at=start)
    change_day(date=dt.date(2027, 1, 1), kind="work", by=admin, at=now)
    _run_reactions(now)
    case.refresh_from_db()
    assert (case.due_at, case.provisional) == (at("2027-01-06 18:00"), True)
    assert [entry.entry for entry in case.deadlines.get(clock="case").ledger.all()] == ["start"]


def _run_reactions(now: dt.datetime) -> None:
    with transaction.atomic():
        Job.objects.exclude(kind="core.react").delete()
    jobs.run_due(at=now)
    assert not Job.objects.filter(kind="core.react", done_at=None).exists()


def test_the_file_says_its_own_columns() -> None:
    table = tablib.Dataset().load(io.BytesIO(write_days([], "xlsx")), format="xlsx")
    assert table.headers == ["日期", "性质", "名称", "工作时间", "适用范围"]
