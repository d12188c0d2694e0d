"""The only Celery tasks of the house: run what the job table says is due, within the house, its long chores, and outside of it."""

import time

from celery import shared_task

from gridgov.core.access import queries_watched
from gridgov.core.errands import run_next
from gridgov.core.jobs import BATCH, CHORES, ERRANDS, SWEEP, kick, run_chore, run_due

# Longer sweeps give the process back, so that a restart never waits long.
SWEEP_SECONDS = 20.0


@shared_task(name=SWEEP)
def sweep() -> int:
    """Run due jobs until none is left; the number run. A full batch calls for help from idle workers."""
    total, end = 0, time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end:
        with queries_watched()[1]:
            count = run_due(tasks=[SWEEP])
        total += count
        if count < BATCH:
            break
        kick()
    return total


@shared_task(name=CHORES)
def run_chores() -> int:
    """Run chores one after the other until none is left, or another process runs one; the number run."""
    total, end = 0, time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end and run_chore():
        total += 1
    return total


@shared_task(name=ERRANDS)
def run_errands() -> int:
    """Run errands one after the other until none is left; the number run. Whoever finds one calls for another's help."""
    total, end = 0, time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end and run_next():
        total += 1
        if total == 1:
            kick(ERRANDS)
    return total
