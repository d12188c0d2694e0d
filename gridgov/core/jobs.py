"""Promised work: rows in the database, claimed and run by Celery.

A job is claimed by one UPDATE under SKIP LOCKED that also moves `run_at` to the end of the lease, so a worker that dies
gives its jobs back by itself. The effect of a job and the mark that it is done are one transaction: what only touches
the database happens exactly once. What reaches outside is an errand (gridgov.core.errands), which holds no transaction open.

Housekeeping that takes minutes in a large house (a full count, the proof of all records) is a chore: one at a time in the whole
house, so that of two processes of a worker one is always there for deadlines.
"""

import datetime as dt
import logging
import time
import traceback
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from gridgov.core import meters
from gridgov.core.about import request_id, working_for
from gridgov.core.locks import try_advisory_lock
from gridgov.core.models import Job

log = logging.getLogger("gridgov.jobs")
work = logging.getLogger("gridgov.work")

# A handler gets jobs of its kind and the instant of the run; {job.pk: instant} in its answer means "again then".
Handler = Callable[[list[Job], dt.datetime], dict[int, dt.datetime] | None]

# The Celery tasks that look for due work: in the house, its long housekeeping, and outside of it. The last has a queue and workers
# of its own.
SWEEP, CHORES, ERRANDS = "core.sweep", "core.chores", "core.errands"


@dataclass(frozen=True)
class Kind:
    run: Callable[..., Any]
    lease: dt.timedelta
    attempts: int
    task: str = SWEEP
    # How many jobs of this kind may run at the same time; errands only.
    at_once: int = 0


_kinds: dict[str, Kind] = {}
_periodic: dict[str, dt.timedelta] = {}
BATCH = 500


def handler(
    kind: str, *, lease: int = 0, attempts: int = 8, every: dt.timedelta | None = None, chore: bool = False
) -> Callable[[Handler], Handler]:
    """Register the handler of KIND. LEASE is in seconds, two minutes unless it says otherwise, an hour for a CHORE; after
    ATTEMPTS tries a job is stuck and shown to staff.

    EVERY makes it a standing job that promises itself again (see `promise_standing`).
    """
    held = dt.timedelta(seconds=lease or (3600 if chore else 120))

    def known(run: Handler) -> Handler:
        register(kind, Kind(run, held, attempts, CHORES if chore else SWEEP), every=every)
        return run

    return known


def register(name: str, kind: Kind, *, every: dt.timedelta | None = None) -> None:
    """Make known how jobs of the kind NAME are run; with EVERY it is a standing one."""
    _kinds[name] = kind
    if every is not None:
        _periodic[name] = every


def pause_of(name: str) -> dt.timedelta | None:
    """How long after it was done a standing job is due again; None for one that is done once."""
    return _periodic.get(name)


def kinds_of(*tasks: str) -> dict[str, Kind]:
    """The kinds of job that TASKS run."""
    return {name: kind for name, kind in _kinds.items() if kind.task in tasks}


def promise(kind: str, key: str | int, *, due_at: dt.datetime, payload: dict[str, object] | None = None) -> None:
    """Promise one job, once per (kind, key); a promise that stands already is left as it is."""
    promise_many([Job(kind=kind, key=str(key), due_at=due_at, payload=payload or {})])


def promise_many(jobs: Iterable[Job]) -> None:
    """`promise` for many in one statement. Jobs already due are kicked after the commit."""
    rows = list(jobs)
    if not rows:
        return
    for row in rows:
        row.run_at, row.request = row.due_at, request_id()
    Job.objects.bulk_create(rows, ignore_conflicts=True)
    _kick_for(rows)


def _kick_for(rows: list[Job]) -> None:
    """Ask for a look at those of ROWS that are due already, after the commit."""
    now = timezone.now()
    for task in {_kinds[row.kind].task if row.kind in _kinds else SWEEP for row in rows if row.due_at <= now}:
        transaction.on_commit(partial(kick, task))


def rearm(kind: str, moments: dict[int, dt.datetime]) -> None:
    """Promise {key: instant} anew, as if never tried, whether or not such promises stand."""
    rows = [
        Job(kind=kind, key=str(key), due_at=when, run_at=when, request=request_id()) for key, when in moments.items()
    ]
    Job.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["due_at", "run_at", "done_at", "stuck_at", "attempts", "lease", "last_error", "request"],
    )
    _kick_for(rows)


def withdraw(kind: str, keys: Iterable[str | int]) -> None:
    """Take promises back."""
    Job.objects.filter(kind=kind, key__in=[str(key) for key in keys]).delete()


def retry(job: Job, *, at: dt.datetime) -> None:
    """Let a stuck job try again."""
    Job.objects.filter(pk=job.pk, done_at=None).update(run_at=at, stuck_at=None, attempts=0, lease=None)
    transaction.on_commit(partial(kick, _kinds[job.kind].task if job.kind in _kinds else SWEEP))


def promise_standing() -> None:
    """Make sure that every standing job is promised; called after each migration."""
    now = timezone.now()
    promise_many(Job(kind=kind, key="standing", due_at=now) for kind in _periodic)


def kick(task: str = SWEEP) -> None:
    """Ask for a sweep now. If the broker is away, the next beat does it: the promise stands in the database."""
    try:
        current_app.send_task(task, expires=10, retry=False)
    except (BrokerError, OSError) as error:
        log.warning("broker not reached, jobs wait for the next beat: %s", error)


_CLAIM = """
    UPDATE core_job SET lease = %(lease)s, run_at = %(now)s + known.lease, attempts = attempts + 1
    FROM unnest(%(kinds)s, %(leases)s) AS known (kind, lease) WHERE core_job.kind = known.kind AND id IN (
        SELECT id FROM core_job WHERE done_at IS NULL AND stuck_at IS NULL AND run_at <= %(now)s AND kind = ANY(%(kinds)s)
        ORDER BY run_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ) RETURNING id
"""

_AGAIN = """
    UPDATE core_job SET due_at = again.due, run_at = again.due, lease = NULL, attempts = 0, last_error = ''
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS again (id, due) WHERE core_job.id = again.id
"""


def claim(*, at: dt.datetime, limit: int = BATCH, tasks: Iterable[str] = (SWEEP, CHORES)) -> list[Job]:
    """Take hold of up to LIMIT due jobs of TASKS, the longest due first. Nobody else gets them until the lease of their kind ends: a
    deadline that a killed worker held comes back in two minutes, though others may take ten."""
    lease = uuid.uuid4()
    swept = kinds_of(*tasks)
    with connection.cursor() as cursor:
        leases = [kind.lease for kind in swept.values()]
        args: dict[str, Any] = {"lease": lease, "now": at, "limit": limit, "kinds": list(swept), "leases": leases}
        cursor.execute(_CLAIM, args)
        if not cursor.rowcount:
            return []
    return list(Job.objects.filter(lease=lease, done_at=None, run_at__gt=at).order_by("kind", "due_at", "pk"))


# When this process last ran what was due. Where that was later than now, the clock was put back in between.
_last: dict[str, dt.datetime] = {}
_SLACK = dt.timedelta(minutes=1)
_NEAR = """
    UPDATE core_job SET due_at = %(now)s, run_at = %(now)s FROM unnest(%(kinds)s, %(furthest)s) AS standing (kind, furthest)
    WHERE core_job.kind = standing.kind AND core_job.key = 'standing' AND done_at IS NULL AND stuck_at IS NULL AND lease IS NULL
        AND run_at > standing.furthest
"""


def bring_near(*, at: dt.datetime) -> int:
    """Let standing jobs be due AT this moment that stand further off than their pause: they were promised by a clock that was
    ahead, and would not run until it is then. How many."""
    furthest = [at + pause + _SLACK for pause in _periodic.values()]
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"now": at, "kinds": list(_periodic), "furthest": furthest})
        return int(cursor.rowcount)


def _mind_the_clock(now: dt.datetime) -> None:
    """A process that looks for the first time doesn't know what the clock said before; it looks once."""
    if _last.get(SWEEP, now + _SLACK) > now:
        bring_near(at=now)
    _last[SWEEP] = now


def run_due(*, at: dt.datetime | None = None, limit: int = BATCH, tasks: Iterable[str] = (SWEEP, CHORES)) -> int:
    """Claim one batch of what TASKS run, and run it; the number of jobs claimed."""
    now = at or timezone.now()
    if at is None:
        _mind_the_clock(now)
    claimed = claim(at=now, limit=limit, tasks=tasks)
    for kind, group in groupby(claimed, key=attrgetter("kind")):
        jobs = list(group)
        with working_for(job=kind, request=jobs[0].request if len(jobs) == 1 else ""), timed(kind, len(jobs)):
            _run_batch(kind, jobs, now)
    return len(claimed)


def run_chore() -> bool:
    """Run the chore that has been due the longest, unless one runs somewhere in the house; whether there was one to run."""
    now = timezone.now()
    if not Job.objects.open().filter(kind__in=kinds_of(CHORES), run_at__lte=now).exists():
        return False
    with transaction.atomic():
        # Held here as long as the other runs its chore (_run), and gone with its process.
        if not try_advisory_lock(CHORES):
            return False
    return run_due(at=now, limit=1, tasks=[CHORES]) == 1


def _run_batch(kind: str, jobs: list[Job], now: dt.datetime) -> None:
    try:
        _run(kind, jobs, now)
        meters.add(meters.JOBS, (kind, "done"), len(jobs))
    except Exception:
        if len(jobs) == 1:
            failed(jobs[0], now)
            return
        log.warning("a batch of %s %s jobs failed, running them one by one", len(jobs), kind, exc_info=True)
        _run_singly(kind, jobs, now)


@contextmanager
def timed(kind: str, count: int) -> Iterator[None]:
    """Measure, and tell, what COUNT jobs of KIND take."""
    began = time.perf_counter()
    try:
        yield
    finally:
        took = time.perf_counter() - began
        meters.add(meters.JOB_SECONDS, (kind,), took)
        work.info("jobs", extra={"fields": {"jobs": count, "ms": round(took * 1000, 1)}})


def _run_singly(kind: str, jobs: list[Job], now: dt.datetime) -> None:
    """One bad job must not hold up the others."""
    for job in jobs:
        with working_for(request=job.request):
            try:
                _run(kind, [job], now)
                meters.add(meters.JOBS, (kind, "done"))
            except Exception:
                failed(job, now)


def _run(kind: str, jobs: list[Job], now: dt.datetime) -> None:
    """Run JOBS and mark them done, in one transaction. Jobs whose lease was lost meanwhile are left out."""
    with transaction.atomic():
        mine = Job.objects.select_for_update(no_key=True).filter(
            pk__in=[job.pk for job in jobs], lease=jobs[0].lease, done_at=None
        )
        held = list(mine.order_by("due_at", "pk"))
        if not held:
            return
        if _kinds[kind].task == CHORES and not try_advisory_lock(CHORES):
            stand_again({job.pk: now for job in held})  # somebody was quicker with another
            return
        again = _kinds[kind].run(held, now) or {}
        if kind in _periodic:
            again = {job.pk: now + _periodic[kind] for job in held}
        finished = [job.pk for job in held if job.pk not in again]
        Job.objects.filter(pk__in=finished).update(done_at=now, lease=None, last_error="")
        stand_again(again)


def stand_again(moments: dict[int, dt.datetime]) -> None:
    """Let the jobs of {pk: instant} be due again then, as if never tried."""
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN, [list(moments), list(moments.values())])


def failed(job: Job, now: dt.datetime) -> None:
    """Back off (4, 16, 64 … seconds, an hour at most), or give the job to the stuck list."""
    log.exception("job %s of %s failed at try %s", job.pk, job.kind, job.attempts)
    meters.add(meters.JOBS, (job.kind, "failed"))
    changes: dict[str, object] = {"lease": None, "last_error": traceback.format_exc(limit=-4)[-4000:]}
    if job.attempts >= _kinds[job.kind].attempts:
        changes["stuck_at"] = now
    else:
        changes["run_at"] = now + dt.timedelta(seconds=min(4**job.attempts, 3600))
    Job.objects.filter(pk=job.pk, lease=job.lease).update(**changes)


# The heart's beat: a job that does nothing but come back. The moment its row stands at says when a sweep last ran.
PULSE = "core.pulse"
PULSE_EVERY = dt.timedelta(seconds=30)


@handler(PULSE, every=PULSE_EVERY)
def _pulse(jobs: list[Job], at: dt.datetime) -> None:
    pass


def last_sweep(pulse: str = PULSE) -> dt.datetime | None:
    """When due work was last looked for, give or take half a minute; None where it never was since the start."""
    due = Job.objects.filter(kind=pulse).values_list("due_at", flat=True).first()
    return None if due is None else due - PULSE_EVERY


@handler("core.tidy", every=dt.timedelta(hours=6))
def _tidy(jobs: list[Job], at: dt.datetime) -> None:
    """Done jobs are kept a week, for the question "did it run?"."""
    Job.objects.filter(done_at__lt=at - dt.timedelta(days=7)).delete()
