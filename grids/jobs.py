"""Redrawings whose day has come, and codes of groups that run out: load, one call, done."""

import datetime as dt

from accounts.models import User
from gridgov.core.jobs import handler
from gridgov.core.models import Job
from grids.actions import carry_out
from grids.actions.groups import KIND as GROUP
from grids.actions.groups import remind_of_groups
from grids.actions.redrawing import KIND


@handler(KIND)
def redraw_grids(jobs: list[Job], at: dt.datetime) -> None:
    """Split and merge as planned."""
    for job in jobs:
        carry_out(redrawing=int(job.key), by=User.objects.system(), at=at)


@handler(GROUP)
def groups_run_out(jobs: list[Job], at: dt.datetime) -> None:
    """Remind those who keep them."""
    remind_of_groups(groups=[int(job.key) for job in jobs], at=at)
