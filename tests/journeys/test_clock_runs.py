"""A clock runs out by itself: real beat, real worker, real broker, and a worker that is shot in between."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notice
from cases import actions
from cases.actions import Report
from cases.models import Card, Case, Deadline, LedgerEntry
from gridgov.core.models import Record
from gridgov.core.records import verify
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
CELERY = [sys.executable, "-m", "celery", "-A", "gridgov.celery", "--quiet"]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """start("worker", "--concurrency", "1") runs a Celery process on this test's database until the test ends."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = {**os.environ, "DATABASE_URL": address.geturl()}
    started: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([*CELERY, *arguments], cwd=ROOT, env=env, start_new_session=True))
        return started[-1]

    yield run
    for process in started:
        with_children(process, signal.SIGKILL)
        process.wait()


def with_children(process: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to PROCESS and all it forked; they share a session of their own."""
    if process.poll() is None:
        os.killpg(process.pid, number)


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.1)


def worker(start: Start) -> subprocess.Popen[bytes]:
    return start("worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "-l", "ERROR")


def beat(start: Start, folder: Path) -> subprocess.Popen[bytes]:
    return start("beat", "--schedule", str(folder / "schedule"), "--pidfile=", "-l", "ERROR")


def capture(cast: Cast) -> Case:
    return actions.report_case(report=Report(category="0602", text="楼道堆物"), by=cast.worker, at=timezone.now())


def test_a_tier_a_clock_of_seconds_ends_in_breach_card_and_inbox(start: Start, tmp_path: Path) -> None:
    cast = make_cast("A")
    actions.set_policy(tier="A", value="3", unit="natural_second", reason="演练", by=cast.street, at=timezone.now())
    beat(start, tmp_path)
    worker(start)
    case = capture(cast)
    assert case.due_at is not None
    wait_until(lambda: Case.objects.filter(pk=case.pk, breached_at=case.due_at).exists())
    assert Card.objects.get().case == case
    # The lead is told of the card, which says the same and more.
    assert Notice.objects.get(kind="breach").user == cast.worker
    assert Notice.objects.get(kind="card").user == cast.lead
    # Told on the way, each share once.
    shares = Notice.objects.filter(kind="near", user=cast.worker).values_list("params__share", flat=True)
    assert set(shares) <= {50, 80}
    assert len(shares) == len(set(shares))


def test_a_worker_that_is_shot_loses_no_deadline_and_marks_none_twice(start: Start, tmp_path: Path) -> None:
    cast = make_cast("A")
    actions.set_policy(tier="A", value="2", unit="natural_second", reason="演练", by=cast.street, at=timezone.now())
    beat(start, tmp_path)
    for _ in range(60):
        capture(cast)
    for _ in range(3):
        shot = worker(start)
        marked = Deadline.objects.filter(breached_at__isnull=False).count()
        wait_until(lambda: Deadline.objects.filter(breached_at__isnull=False).count() >= min(marked + 1, 60))  # noqa: B023
        with_children(shot, signal.SIGKILL)
        for _ in range(20):
            capture(cast)
    worker(start)
    # A batch that died with its worker is free again when its lease ends; here it need not wait so long.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_job SET run_at = now() WHERE lease IS NOT NULL AND done_at IS NULL")
    wait_until(lambda: Deadline.objects.filter(breached_at__isnull=False).count() == 120)
    assert LedgerEntry.objects.filter(entry="breach").count() == 120
    assert Record.objects.filter(verb="cases.breached").count() == 120
    assert Card.objects.count() == 120
    assert verify().faults == []
