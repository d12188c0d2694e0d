"""Records for the auditor, stuck jobs and the calendar for whoever keeps the house running."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.choices import DESK_ROLES, Role
from accounts.models import User
from gridgov.core.actions import change_day, load_days
from gridgov.core.admin import calendar_runs_out
from gridgov.core.calendar import loaded_until
from gridgov.core.errors import Faults, Invalid
from gridgov.core.models import CalendarDay, Job, Record
from tests.factories import MONDAY, make_user

pytestmark = pytest.mark.django_db
RECORDS, JOBS, DAYS = "/admin/core/record/", "/admin/core/job/", "/admin/core/calendarday/"
OTHERS = sorted(DESK_ROLES)


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def day(date: str, **values: Any) -> CalendarDay:
    return CalendarDay.objects.create(date=date, **{"kind": "work", **values})


# --- records ---------------------------------------------------------------------------------------------------------


def test_records_are_the_auditors_alone_and_read_only() -> None:
    load_days(days=[CalendarDay(date=dt.date(2026, 9, 7), kind="work")], by=User.objects.system(), at=MONDAY)
    row = Record.objects.get()
    for role in OTHERS:
        wanted = 200 if role == Role.AUDITOR else 403
        assert desk(make_user(role)).get(RECORDS).status_code == wanted, role
        assert desk(make_user(role)).get(f"{RECORDS}{row.pk}/change/").status_code == wanted, role
    auditor = desk(make_user(Role.AUDITOR))
    page = auditor.get(f"{RECORDS}{row.pk}/change/").content.decode()
    assert bytes(row.hash).hex() in page and "core.calendar:0" in page
    assert bytes(row.hash).hex()[:10] in auditor.get(RECORDS).content.decode()
    assert auditor.get(f"{RECORDS}add/").status_code == 403
    assert auditor.post(f"{RECORDS}{row.pk}/change/", {"verb": "x"}).status_code == 403
    assert auditor.post(f"{RECORDS}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_records_are_found_by_verb_subject_person_and_room() -> None:
    system = User.objects.system()
    load_days(days=[CalendarDay(date=dt.date(2026, 9, 7), kind="work")], by=system, at=MONDAY)
    user = make_user(Role.AUDITOR, username="auditor")
    client = desk(user)

    def found(query: str) -> list[str]:
        return [row.verb for row in client.get(RECORDS + query).context["cl"].result_list]

    assert found("") == ["accounts.signed_in", "calendar.loaded"]
    assert found("?q=calendar.loaded") == found("?q=core.calendar:0") == found("?q=system") == ["calendar.loaded"]
    assert found("?room=accounts") == found("?q=auditor") == ["accounts.signed_in"]
    assert found("?since=1") == ["accounts.signed_in"]
    assert found("?since=x") == ["accounts.signed_in", "calendar.loaded"]
    assert found("?q=nobody") == []


def test_the_list_of_records_is_flat() -> None:
    client = desk(make_user(Role.AUDITOR))
    client.get(RECORDS)
    with CaptureQueriesContext(connection) as one:
        client.get(RECORDS)
    for number in (7, 8):
        load_days(days=[CalendarDay(date=dt.date(2026, 9, number), kind="work")], by=User.objects.system(), at=MONDAY)
    with CaptureQueriesContext(connection) as three:
        client.get(RECORDS)
    assert len(one) == len(three) <= 6


# --- jobs ------------------------------------------------------------------------------------------------------------


def stuck(key: str = "1") -> Job:
    now = timezone.now()
    return Job.objects.create(
        kind="core.react",
        key=key,
        due_at=now,
        run_at=now,
        stuck_at=now,
        attempts=8,
        last_error="Traceback\nValueError: x",
    )


def test_stuck_jobs_are_shown_to_the_keepers_and_tried_again() -> None:
    job = stuck()
    Job.objects.create(kind="core.tidy", key="waits", due_at=MONDAY, run_at=MONDAY)
    for role in OTHERS:
        keeper = role in {Role.SYSTEM_ADMIN, Role.STREET}
        client = desk(make_user(role))
        assert client.get(JOBS).status_code == (200 if keeper else 403), role
        if not keeper:
            assert client.post(f"{JOBS}{job.pk}/do/retry/").status_code == 403, role
    user = make_user(Role.SYSTEM_ADMIN)
    client = desk(user)
    listed = client.get(JOBS)
    assert [row.key for row in listed.context["cl"].result_list] == ["1"]
    assert "ValueError: x" in listed.content.decode()
    assert f"{JOBS}{job.pk}/do/retry/" in client.get(f"{JOBS}{job.pk}/change/").content.decode()
    answer = client.post(f"{JOBS}{job.pk}/do/retry/")
    assert (answer.status_code, answer["Location"]) == (302, JOBS)
    job.refresh_from_db()
    assert (job.stuck_at, job.attempts) == (None, 0)
    row = Record.objects.get(verb="jobs.retried")
    assert (row.actor_id, row.data) == (user.pk, {"kind": "core.react", "key": "1"})
    assert client.post(f"{JOBS}{job.pk}/do/retry/").status_code == 404


def test_several_are_tried_again_at_once() -> None:
    rows = [stuck("1"), stuck("2"), stuck("3")]
    given = {"action": "retry_chosen", "_selected_action": [rows[0].pk, rows[1].pk]}
    assert desk(make_user(Role.STREET)).post(JOBS, given).status_code == 302
    assert list(Job.objects.stuck().values_list("key", flat=True)) == ["3"]
    assert Record.objects.filter(verb="jobs.retried").count() == 2


def test_no_job_is_added_changed_or_deleted_by_hand() -> None:
    job, client = stuck(), desk(make_user(Role.SYSTEM_ADMIN))
    assert client.get(f"{JOBS}add/").status_code == 403
    assert client.post(f"{JOBS}{job.pk}/change/", {"key": "x"}).status_code == 403
    assert client.post(f"{JOBS}{job.pk}/delete/", {"post": "yes"}).status_code == 403


# --- calendar --------------------------------------------------------------------------------------------------------


def test_a_day_is_added_and_changed_by_the_keepers_and_listeners_hear_of_it() -> None:
    user = make_user(Role.SYSTEM_ADMIN)
    client = desk(user)
    given = {"date": "2027-01-01", "scope": "", "kind": "rest", "name": "元旦", "windows": ""}
    assert client.post(f"{DAYS}add/", given).status_code == 302
    row = CalendarDay.objects.get()
    assert (row.date, row.kind, row.name, row.windows) == (dt.date(2027, 1, 1), "rest", "元旦", [])
    changed = {"kind": "work", "name": "", "windows": "8:00-12:00，14:00-17:30"}
    assert client.post(f"{DAYS}{row.pk}/change/", changed).status_code == 302
    row.refresh_from_db()
    assert (row.date, row.kind, row.windows) == (
        dt.date(2027, 1, 1), "work", [["08:00", "12:00"], ["14:00", "17:30"]],
    )  # fmt: skip
    records = list(Record.objects.filter(verb="calendar.loaded").order_by("pk"))
    assert [record.data["span"] for record in records] == [["2027-01-01", "2027-01-01"]] * 2
    assert records[1].data["before"] == {"kind": "rest", "name": "元旦", "windows": []}
    assert Job.objects.filter(kind="core.react", key__endswith="cases.reactions.work_out_again").count() == 2


@pytest.mark.parametrize("role", [role for role in OTHERS if role not in {Role.STREET, Role.SYSTEM_ADMIN}])
def test_others_have_no_calendar_page(role: str) -> None:
    row, client = day("2027-01-01"), desk(make_user(role))
    assert client.get(DAYS).status_code == 403
    assert client.post(f"{DAYS}add/", {"date": "2027-01-02", "kind": "rest"}).status_code == 403
    assert client.post(f"{DAYS}{row.pk}/change/", {"kind": "rest"}).status_code == 403
    assert client.post(f"{DAYS}load-year/", {"year": "2026"}).status_code == 403
    assert list(CalendarDay.objects.values_list("kind", flat=True)) == ["work"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"windows": "morgens"}, "windows"), ({"windows": "12:00-08:00"}, "windows"),
        ({"windows": "08:00-12:00, 11:00-18:00"}, "windows"), ({"scope": "12345"}, "scope"), ({"kind": "x"}, "kind"),
        ({"date": "2027-02-30"}, "date"),
    ],
)  # fmt: skip
def test_a_wrong_day_comes_back_in_the_form(wrong: dict[str, str], field: str) -> None:
    given = {"date": "2027-01-01", "scope": "", "kind": "rest", "name": "", "windows": "", **wrong}
    answer = desk(make_user(Role.SYSTEM_ADMIN)).post(f"{DAYS}add/", given)
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not CalendarDay.objects.exists()


def test_the_action_refuses_what_the_form_would() -> None:
    by = make_user(Role.SYSTEM_ADMIN)
    date = dt.date(2027, 1, 1)
    with pytest.raises(Faults):
        change_day(date=date, kind="x", by=by, at=MONDAY)
    with pytest.raises(Invalid):
        change_day(date=date, kind="work", windows=[["12:00", "08:00"]], by=by, at=MONDAY)
    with pytest.raises(Invalid):
        change_day(date=date, kind="work", scope="12", by=by, at=MONDAY)
    assert not CalendarDay.objects.exists() and not Record.objects.exists()


def test_an_official_year_is_loaded_and_an_unknown_one_is_told() -> None:
    client = desk(make_user(Role.SYSTEM_ADMIN))
    assert client.post(f"{DAYS}load-year/", {"year": "2026"})["Location"] == f"{DAYS}year/?year=2026&scope=nation"
    assert CalendarDay.objects.filter(date__year=2026).count() == 365
    assert client.get(f"{DAYS}load-year/").context["form"]["year"].initial == 2027
    answer = client.post(f"{DAYS}load-year/", {"year": "2027"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["year"])
    assert "2027" in answer.context["form"].errors["year"][0]
    assert client.post(f"{DAYS}load-year/", {"year": ""}).status_code == 200
    assert CalendarDay.objects.count() == 365


def test_the_calendar_warns_sixty_days_ahead() -> None:
    def warning(today: dt.date) -> dict[str, Any] | None:
        return calendar_runs_out(loaded_until(today), today)

    assert warning(dt.date(2026, 9, 7)) == {"until": None, "left": 0, "year": 2026}
    days = [CalendarDay(date=dt.date(2026, 10, 31) + dt.timedelta(days=n), kind="work") for n in range(62)]
    load_days(days=[*days, CalendarDay(date=dt.date(2027, 10, 1), kind="rest")], by=User.objects.system(), at=MONDAY)
    assert warning(dt.date(2026, 10, 31)) is None
    assert warning(dt.date(2026, 11, 1)) == {"until": dt.date(2026, 12, 31), "left": 60, "year": 2027}
    assert warning(dt.date(2027, 2, 1)) == {"until": dt.date(2026, 12, 31), "left": 0, "year": 2027}
    with override("en"):
        client = desk(make_user(Role.STREET))
        client.cookies["django_language"] = "en"
        page = client.get(DAYS).content.decode()
    warned = warning(timezone.localdate()) is not None
    assert ("gg-banner-warn" in page) is warned


def test_days_are_found_by_year_month_and_name() -> None:
    day("2026-10-01", kind="rest", name="国庆节"), day("2026-10-09"), day("2027-01-01", kind="rest", name="元旦")
    client = desk(make_user(Role.STREET))

    def found(query: str) -> list[str]:
        return [row.date.isoformat() for row in client.get(DAYS + query).context["cl"].result_list]

    assert found("") == ["2027-01-01", "2026-10-09", "2026-10-01"]
    assert found("?year=2026&month=10") == ["2026-10-09", "2026-10-01"]
    assert found("?named=1") == ["2027-01-01", "2026-10-01"]
    assert found("?q=国庆") == ["2026-10-01"]
    assert found("?year=x") == found("")
