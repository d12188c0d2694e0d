"""The limit of a mediation comes near, or is over."""

import datetime as dt

from gridgov.core.jobs import handler
from gridgov.core.models import Job
from mediation.actions.limits import KIND, warn


@handler(KIND)
def warn_of_limits(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    again = {job.pk: warn(int(job.key), at) for job in jobs}
    return {pk: moment for pk, moment in again.items() if moment is not None}
