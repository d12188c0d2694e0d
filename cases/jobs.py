"""The clocks' alarm, and the daily lesson of the suggestions: load, one call, done."""

import datetime as dt

from accounts.models import User
from cases.actions import learn_suggestions, strike
from cases.actions.clocks import KIND
from gridgov.core.jobs import handler
from gridgov.core.models import Job


@handler(KIND)
def deadlines_due(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    """Strike the deadlines whose moment has come; those with another moment ahead stand again."""
    by_deadline = {int(job.key): job.pk for job in jobs}
    again = strike(deadlines=list(by_deadline), by=User.objects.system(), at=at)
    return {by_deadline[pk]: when for pk, when in again.items()}


@handler("cases.learn", every=dt.timedelta(days=1))
def learn_daily(jobs: list[Job], at: dt.datetime) -> None:
    """What was closed since yesterday teaches tomorrow's suggestions."""
    learn_suggestions(by=User.objects.system(), at=at)
