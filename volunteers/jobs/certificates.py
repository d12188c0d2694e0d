"""Honours are issued when their publicity is over."""

import datetime as dt

from accounts.models import User
from gridgov.core.jobs import handler
from gridgov.core.models import Job
from volunteers.actions.certificates import issue_due


@handler("volunteers.issue_honours", every=dt.timedelta(hours=6), chore=True)
def issue_honours(jobs: list[Job], at: dt.datetime) -> None:
    issue_due(by=User.objects.system(), at=at)
