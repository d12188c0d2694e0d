"""The alarms of clocks and review days: load, one call, done."""

import datetime as dt

from accounts.models import User
from cases.actions import strike, teams
from cases.actions.clocks import KIND
from gridgov.core.jobs import handler
from gridgov.core.models import Job


@handler(KIND)
def deadlines_due(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    """Strike the deadlines whose moment has come; those with another moment ahead stand again."""
    by_deadline = {int(job.key): job.pk for job in jobs}
    again = strike(deadlines=list(by_deadline), by=User.objects.system(), at=at)
    return {by_deadline[pk]: when for pk, when in again.items()}


@handler(teams.KIND)
def team_reviews_due(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    """Tell the special teams whose review day it is; where nothing is noted, once more on the next morning."""
    by_review = {int(job.key): job.pk for job in jobs}
    again = teams.remind(by_review, at=at)
    return {by_review[pk]: when for pk, when in again.items()}
