"""Errands: claimed once, done without a transaction, marked together with what came of them; never in a sweep's way."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from gridgov.celery import app
from gridgov.core import errands, jobs
from gridgov.core.models import Job, Record
from gridgov.core.records import Subject, record
from tests.factories import MONDAY

KIND, OTHER = "test.errand", "test.other_errand"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def seen() -> Iterator[list[str]]:
    """Keys in the order in which the test's errand met them. Keys that begin with "bad" fail outside, with "late" at the mark."""
    met: list[str] = []

    def run(job: Job, at: dt.datetime) -> errands.After:
        met.append(job.key)
        if job.key.startswith("bad"):
            raise ValueError(job.key)

        def after(at: dt.datetime) -> dt.datetime | None:
            record("core.verified", Subject("test.errand", job.pk), by=User.objects.system(), at=at)
            if job.key.startswith("late"):
                raise ValueError(job.key)
            return MONDAY + 100 * SECOND if job.key == "again" else None

        return after

    errands.errand(KIND, lease=60, attempts=2, at_once=2)(run)
    errands.errand(OTHER, lease=60, at_once=2)(run)
    yield met
    del jobs._kinds[KIND], jobs._kinds[OTHER]


def promise(*keys: str, kind: str = KIND) -> None:
    with transaction.atomic():
        for number, key in enumerate(keys):
            jobs.promise(kind, key, due_at=MONDAY + number * SECOND)


def run_all(at: dt.datetime = MONDAY + 10 * SECOND) -> int:
    return sum(1 for _turn in iter(lambda: errands.run_next(at=at), False))


def recorded() -> int:
    return Record.objects.filter(subject_type="test.errand").count()


@pytest.mark.django_db
def test_errands_run_once_in_their_order_and_no_sweep_takes_them(seen: list[str]) -> None:
    promise("a", "b")
    assert jobs.run_due(at=MONDAY + SECOND) == 0
    assert run_all() == 2
    assert run_all() == 0
    assert seen == ["a", "b"]
    assert recorded() == 2
    assert Job.objects.filter(kind=KIND, done_at__isnull=False, lease=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_outside_and_the_mark_is_one() -> None:
    open_: list[bool] = []

    def run(job: Job, at: dt.datetime) -> errands.After:
        open_.append(connection.in_atomic_block)

        def after(at: dt.datetime) -> None:
            open_.append(connection.in_atomic_block)

        return after

    errands.errand(KIND)(run)
    promise("a")
    assert run_all() == 1
    assert open_ == [False, True]
    del jobs._kinds[KIND]


@pytest.mark.django_db
def test_what_fails_backs_off_and_is_stuck_in_the_end(seen: list[str]) -> None:
    promise("bad", "late", "again")
    assert run_all() == 3
    rows = {job.key: job for job in Job.objects.filter(kind=KIND)}
    assert {key: (row.attempts, row.stuck_at, row.lease) for key, row in rows.items()} == {
        "bad": (1, None, None), "late": (1, None, None), "again": (0, None, None),
    }  # fmt: skip
    assert rows["bad"].run_at == rows["late"].run_at == MONDAY + 14 * SECOND
    assert rows["again"].due_at == MONDAY + 100 * SECOND
    # What stood in the transaction of a mark that failed is gone with it.
    assert recorded() == 1
    assert run_all(MONDAY + 20 * SECOND) == 2
    assert sorted(Job.objects.stuck().filter(kind=KIND).values_list("key", flat=True)) == ["bad", "late"]


@pytest.mark.django_db
def test_a_dead_courier_gives_its_errand_back_and_marks_nothing_when_it_wakes(seen: list[str]) -> None:
    promise("a")
    slept = errands.claim_job(MONDAY)
    assert slept is not None
    assert run_all(MONDAY + 59 * SECOND) == 0
    held = errands.claim_job(MONDAY + 60 * SECOND)
    assert held is not None
    slept()
    assert recorded() == 0
    held()
    assert recorded() == 1
    assert seen == ["a", "a"]


@pytest.mark.django_db
def test_a_busy_kind_leaves_room_for_the_others(seen: list[str]) -> None:
    promise("a", "b", "c", "d")
    promise("x", kind=OTHER)
    now = MONDAY + 10 * SECOND
    held = [work for work in (errands.claim_job(now) for _turn in range(4)) if work]
    assert len(held) == 3
    for work in held:
        work()
    assert seen == ["a", "x", "b"]


@pytest.mark.django_db(transaction=True)
def test_several_couriers_share_the_errands_and_keep_the_limit(seen: list[str]) -> None:
    promise(*[f"k{n}" for n in range(30)])
    ready, most, running, guard = threading.Barrier(4), [0], [0], threading.Lock()
    inner: Callable[..., errands.After] = jobs._kinds[KIND].run

    def counted(job: Job, at: dt.datetime) -> errands.After:
        with guard:
            running[0] += 1
            most[0] = max(most[0], running[0])
        after = inner(job, at)
        with guard:
            running[0] -= 1
        return after

    errands.errand(KIND, at_once=2)(counted)
    end = threading.Event()

    def carry() -> None:
        ready.wait()
        try:
            for _turn in range(400):
                if end.is_set():
                    return
                if not errands.run_next(at=MONDAY + 60 * SECOND) and len(seen) == 30:
                    end.set()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=carry) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted(f"k{n}" for n in range(30))
    assert most[0] <= 2


def test_errands_have_a_queue_of_their_own() -> None:
    route = app.amqp.router.route({}, jobs.ERRANDS)
    assert route["queue"].name == "errands"
    assert app.amqp.router.route({}, jobs.SWEEP)["queue"].name == "celery"
