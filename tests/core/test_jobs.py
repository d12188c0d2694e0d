"""Jobs: claimed once, given back by a lease, backed off, stuck in the end; effects and the mark are one."""

import contextlib
import datetime as dt
import socket
import threading
from collections.abc import Iterator

import pytest
from celery import Celery
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from gridgov.core import jobs
from gridgov.core.actions import retry_job
from gridgov.core.errors import Conflict
from gridgov.core.models import Job, Record
from tests.factories import MONDAY

KIND = "test.work"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """Keys in the order in which the test's handler met them. Keys that begin with "bad" fail."""
    met: list[str] = []

    @jobs.handler(KIND, lease=60, attempts=3)
    def work(batch: list[Job], at: dt.datetime) -> None:
        for job in batch:
            met.append(job.key)
            if job.key.startswith("bad"):
                raise ValueError(job.key)

    yield met
    del jobs._kinds[KIND]


def promise(*keys: str, at: dt.datetime = MONDAY) -> None:
    with transaction.atomic():
        for key in keys:
            jobs.promise(KIND, key, due_at=at)


@pytest.mark.django_db
def test_due_jobs_run_once_in_their_order(seen: list[str]) -> None:
    promise("b", at=MONDAY + SECOND)
    promise("a")
    promise("later", at=MONDAY + 10 * SECOND)
    assert jobs.run_due(at=MONDAY + 2 * SECOND) == 2
    assert jobs.run_due(at=MONDAY + 2 * SECOND) == 0
    assert seen == ["a", "b"]
    assert list(Job.objects.filter(kind=KIND, done_at=None).values_list("key", flat=True)) == ["later"]


@pytest.mark.django_db
def test_a_promise_stands_once(seen: list[str]) -> None:
    promise("a")
    promise("a", at=MONDAY + 100 * SECOND)
    assert Job.objects.get(kind=KIND).due_at == MONDAY
    jobs.run_due(at=MONDAY)
    promise("a")
    jobs.run_due(at=MONDAY)
    assert seen == ["a"]


@pytest.mark.django_db
def test_a_bad_job_does_not_hold_up_the_others(seen: list[str]) -> None:
    promise("a", "bad", "c")
    jobs.run_due(at=MONDAY)
    assert set(Job.objects.filter(kind=KIND, done_at__isnull=False).values_list("key", flat=True)) == {"a", "c"}
    bad = Job.objects.get(key="bad")
    assert (bad.attempts, bad.run_at, bad.stuck_at) == (1, MONDAY + 4 * SECOND, None)
    assert bad.last_error.endswith("ValueError: bad\n")


@pytest.mark.django_db
def test_back_off_and_stuck_and_retry(seen: list[str]) -> None:
    promise("bad")
    now = MONDAY
    waits = []
    for _try in range(2):
        jobs.run_due(at=now)
        job = Job.objects.get(key="bad")
        waits.append((job.run_at - now).total_seconds())
        now = job.run_at
    jobs.run_due(at=now)
    assert waits == [4, 16]
    stuck = Job.objects.stuck().get()
    assert (stuck.key, stuck.attempts, stuck.stuck_at) == ("bad", 3, now)
    assert jobs.run_due(at=now + dt.timedelta(days=1)) == 0

    retry_job(job=stuck, by=User.objects.system(), at=now)
    assert Record.objects.filter(verb="jobs.retried").count() == 1
    assert jobs.run_due(at=now) == 1
    assert seen == ["bad"] * 4
    with pytest.raises(Conflict):
        retry_job(job=stuck, by=User.objects.system(), at=now)


@pytest.mark.django_db
def test_a_dead_worker_gives_its_jobs_back(seen: list[str]) -> None:
    promise("a")
    assert [job.key for job in jobs.claim(at=MONDAY)] == ["a"]
    assert jobs.run_due(at=MONDAY + 30 * SECOND) == 0
    # When the lease of its own kind is over, however long others' are.
    assert max(kind.lease for kind in jobs.kinds_of(jobs.SWEEP).values()) > dt.timedelta(minutes=5)
    assert jobs.run_due(at=MONDAY + 61 * SECOND) == 1
    assert seen == ["a"]


@pytest.mark.django_db
def test_a_lost_lease_is_not_run(seen: list[str]) -> None:
    """A worker that slept through its lease wakes up when somebody else has the job."""
    promise("a")
    slept = jobs.claim(at=MONDAY)
    jobs.claim(at=MONDAY + dt.timedelta(minutes=10))
    jobs._run(KIND, slept, MONDAY)
    assert seen == []


@pytest.mark.django_db
def test_a_job_may_stand_again() -> None:
    @jobs.handler("test.again")
    def work(batch: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
        return {job.pk: at + 5 * SECOND for job in batch if job.key == "again"}

    with transaction.atomic():
        jobs.promise("test.again", "again", due_at=MONDAY)
        jobs.promise("test.again", "once", due_at=MONDAY)
    jobs.run_due(at=MONDAY)
    rows = Job.objects.filter(kind="test.again").order_by("key").values_list("key", "due_at", "done_at")
    assert list(rows) == [("again", MONDAY + 5 * SECOND, None), ("once", MONDAY, MONDAY)]
    del jobs._kinds["test.again"]


@pytest.mark.django_db
def test_rearming_makes_a_done_job_stand_again(seen: list[str]) -> None:
    promise("7")
    jobs.run_due(at=MONDAY)
    with transaction.atomic():
        jobs.rearm(KIND, {7: MONDAY + SECOND, 8: MONDAY + SECOND})
    jobs.run_due(at=MONDAY + SECOND)
    assert seen == ["7", "7", "8"]


@pytest.mark.django_db(transaction=True)
def test_several_claimers_never_get_the_same_job(seen: list[str]) -> None:
    promise(*[f"k{n}" for n in range(300)])
    got: list[str] = []
    ready = threading.Barrier(4)

    def grab() -> None:
        ready.wait()
        try:
            while batch := jobs.claim(at=MONDAY, limit=7):
                got.extend(job.key for job in batch)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=grab) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 300
    assert len(set(got)) == 300


@pytest.mark.django_db(transaction=True)
def test_one_chore_at_a_time_and_deadlines_meanwhile(seen: list[str]) -> None:
    """While one process counts a whole house, no other takes a chore, and the sweep does what is short."""
    begun, go_on, done = threading.Event(), threading.Event(), []

    @jobs.handler("test.chore", chore=True)
    def count_all(batch: list[Job], at: dt.datetime) -> None:
        done.append(batch[0].key)
        begun.set()
        assert go_on.wait(30)

    def keep_house() -> None:
        try:
            assert jobs.run_chore()
        finally:
            connections.close_all()

    Job.objects.all().delete()  # the standing ones
    now = timezone.now()
    for key in ("first", "second"):
        jobs.promise("test.chore", key, due_at=now)
    jobs.promise(KIND, "short", due_at=now)
    keeper = threading.Thread(target=keep_house)
    keeper.start()
    try:
        assert begun.wait(30)
        assert not jobs.run_chore()
        assert jobs.run_due(tasks=[jobs.SWEEP]) == 1
        assert (done, seen) == (["first"], ["short"])
        # Claimed before the first one held the house to itself: given back, for whoever asks next.
        assert jobs.run_due(tasks=[jobs.CHORES]) == 1
        assert done == ["first"]
    finally:
        go_on.set()
        keeper.join()
    assert jobs.run_chore()
    assert not jobs.run_chore()
    assert done == ["first", "second"]
    assert not Job.objects.open().exists()
    del jobs._kinds["test.chore"]


@pytest.mark.django_db(transaction=True)
def test_the_effect_and_the_mark_are_one() -> None:
    """If marking fails, the effect is gone as well."""

    @jobs.handler("test.effect", attempts=1)
    def work(batch: list[Job], at: dt.datetime) -> None:
        User.objects.system()
        Job.objects.filter(pk=batch[0].pk).update(lease=None)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    promise_at = {"kind": "test.effect", "key": "x", "due_at": MONDAY}
    with transaction.atomic():
        jobs.promise(**promise_at)  # type: ignore[arg-type]
    jobs.run_due(at=MONDAY)
    assert not User.objects.filter(username="system").exists()
    assert Job.objects.stuck().get().key == "x"
    del jobs._kinds["test.effect"]


def test_a_broker_that_is_away_is_tried_once_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three tries with pauses between them took six seconds of every request that asked for a sweep."""
    app = Celery()
    app.config_from_object("django.conf:settings", namespace="CELERY")
    with socket.create_server(("127.0.0.1", 0)) as door:
        tries = []

        def slam() -> None:
            with contextlib.suppress(OSError):
                while True:
                    tries.append(door.accept()[0].close())

        threading.Thread(target=slam, daemon=True).start()
        app.conf.broker_url = f"redis://127.0.0.1:{door.getsockname()[1]}/0"
        monkeypatch.setattr(jobs, "current_app", app)
        jobs.kick()
        assert len(tries) == 1


@pytest.mark.django_db
def test_standing_jobs_come_back_with_a_clock_that_was_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Promised for two hours later by a clock that was wrong, they are due with the right one: the next sweep sees to it."""
    clock = {"now": MONDAY + dt.timedelta(hours=2)}
    monkeypatch.setattr(jobs.timezone, "now", lambda: clock["now"])
    monkeypatch.setattr(jobs, "_last", {jobs.SWEEP: MONDAY})
    pulse = Job.objects.filter(kind=jobs.PULSE)
    Job.objects.exclude(pk__in=pulse).delete()
    pulse.update(due_at=MONDAY, run_at=MONDAY)
    assert jobs.run_due() == 1
    assert pulse.get().run_at == clock["now"] + jobs.PULSE_EVERY
    clock["now"] = MONDAY
    assert jobs.run_due() == 1
    assert pulse.get().run_at == MONDAY + jobs.PULSE_EVERY
    # What stands no further off than its pause is left alone.
    assert jobs.bring_near(at=MONDAY) == 0
