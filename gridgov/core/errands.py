"""Work outside the house: claimed in one short transaction, done without any, and marked in another.

Another system may be slow, and whoever waits for it must neither hold rows nor a place among the workers that keep deadlines:
errands have a queue and workers of their own (the courier). A courier that dies in the middle gives its work back when the lease
is over, so what it does outside happens at least once and must carry a name by which the other side knows a repetition.

    @errand("hotline.tell", lease=60, attempts=10, at_once=4)
    def tell(job: Job, at: dt.datetime) -> After:
        message = what_to_send(job)                     # short reads
        answer = outgoing.send("POST", …)               # no transaction is open
        return lambda at: note_answer(…, at=at)         # with the mark, in one transaction; an instant: again then

A room whose work has a queue of its own (an order, limits for each receiver) gives it out as a `source`.
"""

import datetime as dt
import itertools
import logging
import uuid
from collections import Counter
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from gridgov.core import meters
from gridgov.core.about import working_for
from gridgov.core.jobs import (
    ERRANDS,
    PULSE_EVERY,
    Kind,
    failed,
    kinds_of,
    last_sweep,
    pause_of,
    register,
    stand_again,
    timed,
)
from gridgov.core.locks import advisory_lock
from gridgov.core.models import Job

log = logging.getLogger("gridgov.errands")

# What is to be written down together with the mark that the errand is done; an instant in its answer means "again then".
After = Callable[[dt.datetime], dt.datetime | None]
Errand = Callable[[Job, dt.datetime], After | None]
# One piece of work, claimed already.
Work = Callable[[], object]
# Claims the next piece of work that is due; None where nothing is.
Source = Callable[[dt.datetime], Work | None]

_sources: list[Source] = []
_turns = itertools.count()


def errand(
    kind: str, *, lease: int = 60, attempts: int = 8, at_once: int = 4, every: dt.timedelta | None = None
) -> Callable[[Errand], Errand]:
    """Register what carries out jobs of KIND, one by one. LEASE, in seconds, is longer than it ever takes; after ATTEMPTS
    failures (any exception) the job is stuck; no more than AT_ONCE run at the same time, so that kinds can't starve each other.
    EVERY makes it a standing one, as for `jobs.handler`."""

    def known(run: Errand) -> Errand:
        register(kind, Kind(run, dt.timedelta(seconds=lease), attempts, ERRANDS, at_once), every=every)
        return run

    return known


def source(claim: Source) -> Source:
    """Register a queue of a room's own."""
    _sources.append(claim)
    return claim


def run_next(*, at: dt.datetime | None = None) -> bool:
    """Claim one piece of work and do it; whether there was any. The sources take turns."""
    now = at or timezone.now()
    first = next(_turns) % len(_sources)
    for claim in _sources[first:] + _sources[:first]:
        work = claim(now)
        if work is not None:
            work()
            return True
    return False


@source
def claim_job(at: dt.datetime) -> Work | None:
    """The errand that has been due the longest, of a kind that is not busy enough already."""
    kinds = kinds_of(ERRANDS)
    with transaction.atomic():
        # Counting and claiming is one step: otherwise two couriers would both find one place left.
        advisory_lock("core.errands")
        open_ = Job.objects.open().filter(kind__in=kinds)
        busy = Counter(open_.filter(lease__isnull=False, run_at__gt=at).order_by().values_list("kind", flat=True))
        free = [name for name, kind in kinds.items() if busy[name] < kind.at_once]
        due = open_.filter(kind__in=free, run_at__lte=at).order_by("run_at", "pk")
        job = due.select_for_update(skip_locked=True, no_key=True).first()
        if job is None:
            return None
        job.lease, job.attempts, job.run_at = uuid.uuid4(), job.attempts + 1, at + kinds[job.kind].lease
        Job.objects.filter(pk=job.pk).update(lease=job.lease, attempts=job.attempts, run_at=job.run_at)
    return lambda: _do_for(job, kinds[job.kind], at)


def _do_for(job: Job, kind: Kind, at: dt.datetime) -> None:
    with working_for(job=job.kind, request=job.request), timed(job.kind, 1):
        _do(job, kind, at)


def _do(job: Job, kind: Kind, at: dt.datetime) -> None:
    """Carry JOB out and mark it, with the time when the errand was over."""
    began = timezone.now()
    try:
        after = kind.run(job, at)
        _mark(job, after, at + (timezone.now() - began))
        meters.add(meters.JOBS, (job.kind, "done"))
    except Exception:
        failed(job, at)


def _mark(job: Job, after: After | None, at: dt.datetime) -> None:
    """Write down what came of it and that it is done, in one transaction; nothing where the lease was lost meanwhile."""
    with transaction.atomic():
        mine = Job.objects.select_for_update(no_key=True).filter(pk=job.pk, lease=job.lease, done_at=None)
        if not mine.exists():
            log.warning("errand %s of %s took longer than its lease; somebody else has it", job.pk, job.kind)
            return
        again = after(at) if after else None
        if again is None and (pause := pause_of(job.kind)):
            again = at + pause
        if again is None:
            Job.objects.filter(pk=job.pk).update(done_at=at, lease=None, last_error="")
            return
        stand_again({job.pk: again})


# The courier's own beat: what its row stands at says when one last came by.
COURIER_PULSE = "core.courier_pulse"


@errand(COURIER_PULSE, at_once=1, every=PULSE_EVERY)
def _pulse(job: Job, at: dt.datetime) -> After | None:
    return None


def last_courier() -> dt.datetime | None:
    """When a courier last took something up, give or take half a minute; None where none ever did."""
    return last_sweep(COURIER_PULSE)
