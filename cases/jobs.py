"""The alarms of clocks and review days, and the daily lesson of the suggestions: load, one call, done."""

import datetime as dt

from accounts.models import User
from cases.actions import end_pause, lapse_application, learn_suggestions, strike, teams
from cases.actions.asking import KIND as APPLICATION
from cases.actions.clocks import KIND
from cases.actions.holding import KIND as PAUSE
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


@handler(APPLICATION)
def applications_lapse(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    """End the applications whose clock has run out."""
    by = User.objects.system()
    found = {job.pk: lapse_application(application=int(job.key), by=by, at=at) for job in jobs}
    return {pk: when for pk, when in found.items() if when is not None}


@handler(PAUSE)
def pauses_end(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    """Let suspended cases run on, and remind of parked ones."""
    by = User.objects.system()
    found = {job.pk: end_pause(pause=int(job.key), by=by, at=at) for job in jobs}
    return {pk: when for pk, when in found.items() if when is not None}


@handler("cases.learn", every=dt.timedelta(days=1))
def learn_daily(jobs: list[Job], at: dt.datetime) -> None:
    """What was closed since yesterday teaches tomorrow's suggestions."""
    learn_suggestions(by=User.objects.system(), at=at)
