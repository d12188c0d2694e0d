"""Redrawings whose day has come: load, one call, done."""

import datetime as dt

from accounts.models import User
from gridgov.core.jobs import handler
from gridgov.core.models import Job
from grids.actions import carry_out
from grids.actions.redrawing import KIND


@handler(KIND)
def redraw_grids(jobs: list[Job], at: dt.datetime) -> None:
    """Split and merge as planned."""
    for job in jobs:
        carry_out(redrawing=int(job.key), by=User.objects.system(), at=at)
