"""What the ledgers do by themselves: points run out, and what nobody collected goes back on the shelf."""

import datetime as dt

from accounts.models import User
from gridgov.core.jobs import handler
from gridgov.core.models import Job
from volunteers.actions import expire_points, return_uncollected


@handler("volunteers.points_day", every=dt.timedelta(hours=6))
def end_the_day(jobs: list[Job], at: dt.datetime) -> None:
    by = User.objects.system()
    while return_uncollected(by=by, at=at):
        pass
    while expire_points(by=by, at=at):
        pass
