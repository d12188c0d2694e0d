"""The doctor: every state of every check for real, a page that never falls, the same for machines."""

import datetime as dt
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from redis import Redis

from accounts.choices import DESK_ROLES, Role
from accounts.models import Notice, User
from cases.actions import check_figures
from gridgov.core.checks import room_left
from gridgov.core.doctor import Finding, State, _checks, check, examine
from gridgov.core.jobs import promise_standing, run_due
from gridgov.core.models import CalendarDay, Job, Record
from gridgov.core.records import Subject, record, seal, verify_and_note
from grids.models import Grid
from tests.factories import make_client, make_street, make_user
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
PAGE, API = "/admin/doctor/", "/api/v1/doctor/"
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def finding(name: str, at: dt.datetime | None = None) -> Finding:
    found = {result.check.name: result.finding for result in examine(at=at or timezone.now())}
    return found[name]


def job(key: str, *, run_at: dt.datetime, **values: Any) -> Job:
    return Job.objects.create(kind="core.tidy", key=key, due_at=run_at, run_at=run_at, **values)


def load(first: dt.date, days: int) -> None:
    CalendarDay.objects.bulk_create(CalendarDay(date=first + n * DAY, kind="work") for n in range(days))


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# --- each state ------------------------------------------------------------------------------------------------------


def test_engines_that_run_are_in_order() -> None:
    for name in ("database", "clock", "migrations", "version", "broker"):
        assert finding(name).state == State.OK, (name, finding(name))
    assert finding("database").said.startswith("PostgreSQL ") or "PostgreSQL" in finding("database").said


def test_a_broker_that_is_not_there_breaks_its_check_and_no_other(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    found = finding("broker")
    assert found.state == State.BROKEN and "ConnectionError" in found.said
    assert finding("database").state == State.OK


def test_messages_that_nobody_takes_are_told(settings: Any) -> None:
    with Redis.from_url(settings.REDIS_URL) as broker:
        before = broker.lrange("celery", 0, -1)
        try:
            broker.rpush("celery", *[b"{}"] * 40)
            assert finding("broker").state == State.WARN
        finally:
            broker.delete("celery")
            if before:
                broker.rpush("celery", *before)


def test_a_migration_that_waits_is_told() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE name = (SELECT max(name) FROM django_migrations WHERE app = 'core')"
        )
    assert finding("migrations").state == State.BAD


def test_the_sweep_is_told_by_its_pulse(now: dt.datetime) -> None:
    Job.objects.all().delete()
    assert finding("sweep", now).state == State.BAD
    promise_standing()
    run_due(at=timezone.now())
    moment = timezone.now()
    states = [finding("sweep", moment + late).state for late in (dt.timedelta(), 2 * MINUTE, 10 * MINUTE)]
    assert states == [State.OK, State.WARN, State.BAD]


def test_overdue_and_stuck_jobs_are_counted_and_linked(now: dt.datetime) -> None:
    Job.objects.all().delete()
    assert [finding(name, now).state for name in ("behind", "stuck")] == [State.OK, State.OK]
    job("late", run_at=now - 20 * MINUTE)
    job("waits", run_at=now - MINUTE)
    job("given up", run_at=now - DAY, stuck_at=now)
    behind, stuck = finding("behind", now), finding("stuck", now)
    assert (behind.state, stuck.state, stuck.page) == (State.BAD, State.BAD, "core_job_changelist")
    assert behind.said.startswith("1 ") and stuck.said.startswith("1 ")


@pytest.mark.parametrize(("days", "state"), [(0, State.BAD), (30, State.WARN), (100, State.OK)])
def test_the_calendars_end_is_told_in_time(now: dt.datetime, days: int, state: State) -> None:
    load(timezone.localdate(now), days)
    assert finding("calendar", now).state == state


def test_a_calendar_that_ended_is_bad(now: dt.datetime) -> None:
    load(timezone.localdate(now) - 9 * DAY, 5)
    assert finding("calendar", now).state == State.BAD


def test_the_seal_has_an_age(now: dt.datetime) -> None:
    assert finding("seal", now).state == State.OK  # nothing to seal yet
    record("test.done", Subject("test.thing", 1), by=User.objects.system(), at=now - 3 * DAY)
    assert finding("seal", now).state == State.BAD
    seal(by=User.objects.system(), at=now)
    assert [finding("seal", at).state for at in (now, now + 2 * DAY)] == [State.OK, State.BAD]


def test_the_chain_is_as_it_was_verified_last(now: dt.datetime) -> None:
    assert finding("chain", now).state == State.UNKNOWN
    system = User.objects.system()
    record("test.done", Subject("test.thing", 1), by=system, at=now)
    verify_and_note(by=system, at=now)
    assert [finding("chain", at).state for at in (now, now + 20 * DAY)] == [State.OK, State.WARN]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_record DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_record SET verb = 'test.forged' WHERE verb = 'test.done'")
        cursor.execute("ALTER TABLE core_record ENABLE TRIGGER USER")
    verify_and_note(by=system, at=now + DAY)
    assert finding("chain", now + DAY).state == State.BAD


@pytest.mark.parametrize(("free", "state"), [(60, State.OK), (8, State.WARN), (2, State.BAD)])
def test_the_disk_fills(free: int, state: State) -> None:
    assert room_left(free << 30, 100 << 30).state == state


def test_the_disk_that_is_looked_at_is_that_of_the_photos(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "not" / "made" / "yet"
    total = filesizeformat(shutil.disk_usage(tmp_path).total)
    assert total in finding("disk").said


def test_the_backup_is_as_old_as_its_stamp(settings: Any, tmp_path: Path, now: dt.datetime) -> None:
    settings.BACKUP_STAMP = None
    assert finding("backup", now).state == State.UNKNOWN
    settings.BACKUP_STAMP = tmp_path / "backup.stamp"
    assert finding("backup", now).state == State.BAD
    settings.BACKUP_STAMP.touch()
    found = []
    for days in (0, 2, 5):
        moment = now.timestamp() - days * 86400
        os.utime(settings.BACKUP_STAMP, (moment, moment))
        found.append(finding("backup", now).state)
    assert found == [State.OK, State.WARN, State.BAD]


def test_a_notice_that_stays_behind_is_told(now: dt.datetime) -> None:
    user = make_user()
    Notice.objects.create(user=user, kind="system", key="1", text="x", at=now, held_until=now + DAY)
    assert finding("notices", now).state == State.OK
    Notice.objects.create(user=user, kind="system", key="2", text="x", at=now, held_until=now - 20 * MINUTE)
    assert finding("notices", now).state == State.BAD


def test_a_broken_tree_is_told() -> None:
    place = make_street()
    assert finding("trees").state == State.OK
    Grid.objects.filter(pk=place.micros[0].pk).update(lft=900)
    assert finding("trees").state == State.BAD


def test_the_figures_are_as_they_were_counted_last(now: dt.datetime) -> None:
    assert finding("figures", now).state == State.UNKNOWN
    check_figures(by=User.objects.system(), at=now)
    assert finding("figures", now).state == State.OK
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'cases_tallydelta'")
        assert ("accepted",) in cursor.fetchall()
        cursor.execute(
            "INSERT INTO cases_tallydelta (day, street_id, total_id, comprehensive_id, category_id, tier, channel, unit_id, accepted)"
            " VALUES ('2026-09-07', 0, 0, 0, 0, 'A', 'phone', 0, 1)"
        )
    check_figures(by=User.objects.system(), at=now)
    assert finding("figures", now).state == State.BAD
    assert Record.objects.filter(verb="cases.figures_checked").count() == 2


# --- the faces -------------------------------------------------------------------------------------------------------


@pytest.fixture
def breaks() -> Any:
    """A check that breaks, in the middle of its work with the database."""

    @check("breaks", "Breaks")
    def probe(at: dt.datetime) -> Finding:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense FROM nowhere")
        raise AssertionError

    yield
    del _checks["breaks"]


def test_a_check_that_breaks_is_shown_and_breaks_nothing_else(breaks: None) -> None:
    with override("en"):
        assert finding("breaks").said.startswith("The check itself failed (ProgrammingError")
    answer = desk(make_user(Role.SYSTEM_ADMIN)).get(PAGE)
    assert answer.status_code == 200
    lines = {line["name"]: line["finding"].state for line in answer.context["lines"]}
    assert (lines["breaks"], lines["database"]) == (State.BROKEN, State.OK)


def test_the_page_is_for_the_keepers_alone() -> None:
    for role in sorted(DESK_ROLES):
        wanted = 200 if role in {Role.SYSTEM_ADMIN, Role.STREET} else 403
        assert desk(make_user(role)).get(PAGE).status_code == wanted, role
    assert Client().get(PAGE).status_code == 302


def test_links_lead_where_the_reader_may_go() -> None:
    for role in (Role.SYSTEM_ADMIN, Role.STREET):
        client = desk(make_user(role))
        urls = [line["url"] for line in client.get(PAGE).context["lines"] if line["url"]]
        assert len(urls) >= 3
        assert {client.get(url).status_code for url in urls} == {200}


def test_a_check_reads_little(django_assert_max_num_queries: Any) -> None:
    client = desk(make_user(Role.SYSTEM_ADMIN))
    client.get(PAGE)
    with CaptureQueriesContext(connection) as caught:
        client.get(PAGE)
    asked = [q["sql"] for q in caught if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(asked) <= 41, asked


def test_a_monitor_hears_it_with_a_token(settings: Any, now: dt.datetime) -> None:
    admin = make_user(Role.SYSTEM_ADMIN)
    Job.objects.all().delete()
    answer = client_of(admin).get(API)
    assert answer.status_code == 503  # nothing has looked for work, no day is loaded
    states = {row["name"]: row["state"] for row in answer.json()["checks"]}
    assert (answer.json()["state"], states["sweep"], states["database"]) == ("bad", "bad", "ok")
    load(timezone.localdate(now), 100)
    promise_standing()
    run_due(at=timezone.now())
    assert client_of(admin).get(API).status_code == 200
    for role in sorted(set(Role) - {Role.SYSTEM, Role.SYSTEM_ADMIN}):
        assert client_of(make_user(role)).get(API).status_code == 403, role
    # A monitor is no person: a key of its own, with the scope for it.
    street = make_street().street
    heard = {}
    for scopes, ground, status in (
        (["doctor:read"], street, 200),
        (["doctor:read"], None, 200),
        (["cases:read"], street, 403),
    ):
        key = make_client(scopes, grid=ground)[1]
        answer = Client(headers={"Authorization": f"Api-Key {key}"}).get(API)
        assert answer.status_code == status
        heard[ground] = {row["name"]: row["said"] for row in answer.json().get("checks", [])} or heard[ground]
    # On a street it reads what the street office reads, but for names; elsewhere states alone.
    assert heard[street]["database"] and not any(heard[street][name] for name in ("factors", "stale", "keys"))
    assert set(heard[None]) == set(heard[street]) and not any(heard[None].values())


def test_the_command_ends_with_its_verdict(capsys: pytest.CaptureFixture[str], now: dt.datetime) -> None:
    Job.objects.all().delete()
    with pytest.raises(CommandError):
        call_command("doctor")
    load(timezone.localdate(now), 100)
    promise_standing()
    run_due(at=timezone.now())
    capsys.readouterr()
    call_command("doctor", "--json")
    assert {row["name"] for row in json.loads(capsys.readouterr().out)["checks"]} == set(_checks)
    call_command("doctor")
    assert len(capsys.readouterr().out.splitlines()) >= len(_checks)
