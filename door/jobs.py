"""The end of contact data: load, one call, done."""

import datetime as dt

from accounts.models import User
from gridgov.core import keeping
from gridgov.core.jobs import handler
from gridgov.core.models import Job


@handler("door.forget", every=dt.timedelta(hours=6), chore=True)
def forget_contacts(jobs: list[Job], at: dt.datetime) -> None:
    """Contact data whose time is over is deleted, some at a time."""
    keeping.run("door.contact", by=User.objects.system(), at=at)
