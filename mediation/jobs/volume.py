"""Volumes are printed by the courier: it takes seconds, during which no row is held and no place among the keepers of deadlines."""

import datetime as dt

from accounts.models import User
from gridgov.core import keeping
from gridgov.core.errands import After, errand
from gridgov.core.jobs import handler
from gridgov.core.models import Job
from mediation.actions.volume import KIND, finish_volume, make_volume


@errand(KIND, lease=180, attempts=4, at_once=2)
def print_volumes(job: Job, at: dt.datetime) -> After | None:
    """One volume; an attempt that breaks begins anew."""
    volume = int(job.key)
    printed = make_volume(volume=volume, at=at)
    return lambda then: finish_volume(volume=volume, printed=printed, by=User.objects.system(), at=then)


@handler("mediation.drop_volumes", every=dt.timedelta(hours=1))
def drop_old_volumes(jobs: list[Job], at: dt.datetime) -> None:
    keeping.run("mediation.volume", by=User.objects.system(), at=at)
