"""Points for problems that were adopted, and, each month once, for those who kept a governance post through it."""

import datetime as dt

from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.jobs import handler, promise
from gridgov.core.models import Job
from volunteers.actions.findings import KIND as FINDING
from volunteers.actions.findings import look_at_finding
from volunteers.actions.posts import reward_keepers

REWARD = "volunteers.reward_keepers"


@handler("volunteers.months", every=dt.timedelta(hours=12))
def promise_the_month(jobs: list[Job], at: dt.datetime) -> None:
    """The month that is over, to be rewarded once."""
    over = (localdate(at).replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    promise(REWARD, over.isoformat(), due_at=at)


@handler(FINDING)
def look_for_adopted(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    again = {job.pk: look_at_finding(finding=int(job.key), at=at) for job in jobs}
    return {pk: moment for pk, moment in again.items() if moment is not None}


@handler(REWARD)
def reward(jobs: list[Job], at: dt.datetime) -> None:
    by = User.objects.system()
    for job in jobs:
        reward_keepers(month=dt.date.fromisoformat(job.key), by=by, at=at)
