"""What the house does by itself with volunteers."""

import datetime as dt

from accounts.models import User
from gridgov.core import keeping
from gridgov.core.jobs import handler
from gridgov.core.models import Job


@handler("volunteers.forget", every=dt.timedelta(hours=6), chore=True)
def forget_people(jobs: list[Job], at: dt.datetime) -> None:
    """Name, phone and birthday of whoever is no longer here are struck out when their time is over, some at a time."""
    keeping.run("volunteers.volunteer", by=User.objects.system(), at=at)
