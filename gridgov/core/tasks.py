"""The only Celery task of the house: run what the job table says is due."""

import time

from celery import shared_task

from gridgov.core.jobs import BATCH, kick, run_due

# Longer sweeps give the process back, so that a restart never waits long.
SWEEP_SECONDS = 20.0


@shared_task(name="core.sweep")
def sweep() -> int:
    """Run due jobs until none is left; the number run. A full batch calls for help from idle workers."""
    total, end = 0, time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < end:
        count = run_due()
        total += count
        if count < BATCH:
            break
        kick()
    return total
