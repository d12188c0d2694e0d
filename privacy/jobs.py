"""Deadlines of requests, reviews of assessments, and forgetting who asked: load, one call, done."""

import datetime as dt

from accounts.models import User
from gridgov.core import keeping
from gridgov.core.jobs import handler
from gridgov.core.models import Job
from privacy.actions import remind_of_request, tell_reviews
from privacy.actions.asking import KIND


@handler(KIND)
def requests_due(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    by = User.objects.system()
    again = {job.pk: remind_of_request(request=int(job.key), by=by, at=at) for job in jobs}
    return {pk: moment for pk, moment in again.items() if moment is not None}


@handler("privacy.reviews", every=dt.timedelta(days=1))
def reviews_due(jobs: list[Job], at: dt.datetime) -> None:
    tell_reviews(by=User.objects.system(), at=at)


@handler("privacy.forget", every=dt.timedelta(days=1), chore=True)
def forget_who_asked(jobs: list[Job], at: dt.datetime) -> None:
    keeping.run("privacy.request", by=User.objects.system(), at=at)
