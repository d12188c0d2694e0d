"""The alarms of clocks and review days, the figures, and the daily lesson of the suggestions: load, one call, done."""

import datetime as dt

from django.utils.timezone import localdate

from accounts.models import User
from cases.actions import (
    check_figures,
    end_pause,
    freeze_figures,
    lapse_application,
    learn_suggestions,
    strike,
    teams,
)
from cases.actions.asking import KIND as APPLICATION
from cases.actions.clocks import KIND
from cases.actions.folding import MOST, fold, sweep_empty
from cases.actions.holding import KIND as PAUSE
from cases.actions.publishing import publish_due
from cases.models import FrozenFigures
from cases.reports import last_day, next_month
from gridgov.core import keeping
from gridgov.core.calendar import CHINA
from gridgov.core.jobs import handler, promise_many
from gridgov.core.models import Job
from grids.models import Grid

FREEZE = "cases.freeze"
# When the month's figures are frozen, on the first day after it.
FREEZES_AT = dt.time(2)
# Cells that were emptied this long ago are looked for.
LATELY = dt.timedelta(days=100)


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


@handler("cases.learn", every=dt.timedelta(days=1), chore=True)
def learn_daily(jobs: list[Job], at: dt.datetime) -> None:
    """What was closed since yesterday teaches tomorrow's suggestions."""
    learn_suggestions(by=User.objects.system(), at=at)


@handler("cases.publish", every=dt.timedelta(hours=6), chore=True)
def publish_results(jobs: list[Job], at: dt.datetime) -> None:
    """Publish what streets let be published by itself."""
    publish_due(by=User.objects.system(), at=at)


@handler("cases.forget", every=dt.timedelta(hours=6), chore=True)
def forget_reporters(jobs: list[Job], at: dt.datetime) -> None:
    """Names and phones whose time is over are deleted, some at a time."""
    keeping.run("cases.reporter", by=User.objects.system(), at=at)


@handler("cases.forget_originals", every=dt.timedelta(days=1), chore=True)
def forget_uncovered(jobs: list[Job], at: dt.datetime) -> None:
    """Originals under covers whose time is over are deleted, some at a time."""
    keeping.run("cases.original", by=User.objects.system(), at=at)


@handler("cases.fold", every=dt.timedelta(minutes=1), lease=600)
def fold_tallies(jobs: list[Job], at: dt.datetime) -> None:
    """Fold what the triggers appended since the last minute."""
    while fold() == MOST:
        pass


@handler("cases.tidy_tallies", every=dt.timedelta(days=1), chore=True)
def tidy_tallies(jobs: list[Job], at: dt.datetime) -> None:
    """Take emptied cells away."""
    sweep_empty(since=localdate(at - LATELY))


@handler("cases.check_figures", every=dt.timedelta(days=7), chore=True)
def check_figures_weekly(jobs: list[Job], at: dt.datetime) -> None:
    """Whether the rollups still say what a full count says; the doctor's page tells."""
    check_figures(by=User.objects.system(), at=at)


@handler("cases.month_end", every=dt.timedelta(hours=1))
def promise_freezing(jobs: list[Job], at: dt.datetime) -> None:
    """Promise the freezing of this month, and of the last one where that was missed, for every street."""
    this = localdate(at).replace(day=1)
    last = (this - dt.timedelta(days=1)).replace(day=1)
    frozen = set(FrozenFigures.objects.filter(month=last).values_list("grid__code", flat=True))
    promised = []
    for month in (last, this):
        due = dt.datetime.combine(next_month(month), FREEZES_AT, CHINA)
        streets = Grid.objects.filter(parent=None).current(last_day(month)).values_list("code", flat=True)
        promised += [
            Job(kind=FREEZE, key=f"{month:%Y-%m}:{code}", due_at=due)
            for code in streets
            if month == this or code not in frozen
        ]
    promise_many(promised)


@handler(FREEZE, chore=True)
def freeze_month(jobs: list[Job], at: dt.datetime) -> None:
    """Freeze the figures of a street's month, unless somebody has done so by hand."""
    for job in jobs:
        month, code = job.key.split(":")
        first = dt.date.fromisoformat(f"{month}-01")
        grid = Grid.objects.get(code=code)
        if not FrozenFigures.objects.filter(grid=grid, month=first).exists():
            freeze_figures(grid=grid, month=first, by=User.objects.system(), at=at)
