"""What the house does by itself: it ends forgotten patrols, asks for daily reports and deletes old trails."""

import datetime as dt

from django.utils.timezone import localtime

from accounts.models import User
from fieldwork.actions import ask_for_daily, end_forgotten
from fieldwork.actions.patrols import KIND as END_PATROL
from fieldwork.choices import DAILY_BY
from gridgov.core import keeping
from gridgov.core.jobs import handler, promise
from gridgov.core.models import Job

ASK_FOR_DAILY = "fieldwork.ask_for_daily"


@handler(END_PATROL)
def end_forgotten_patrols(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    by = User.objects.system()
    again = {job.pk: end_forgotten(patrol=int(job.key), by=by, at=at) for job in jobs}
    return {pk: moment for pk, moment in again.items() if moment is not None}


@handler("fieldwork.daily_watch", every=dt.timedelta(hours=6))
def promise_to_ask(jobs: list[Job], at: dt.datetime) -> None:
    """Today's question, if its hour is still to come, and tomorrow's; each day's once."""
    today = localtime(at)
    for moment in (today, today + dt.timedelta(days=1)):
        due = moment.replace(hour=DAILY_BY.hour, minute=DAILY_BY.minute, second=0, microsecond=0)
        if due >= at:
            promise(ASK_FOR_DAILY, due.date().isoformat(), due_at=due)


@handler(ASK_FOR_DAILY)
def ask_for_reports(jobs: list[Job], at: dt.datetime) -> None:
    """A question that comes a day late, after an outage, isn't asked any more."""
    by = User.objects.system()
    for job in jobs:
        day = dt.date.fromisoformat(job.key)
        if day == localtime(at).date():
            ask_for_daily(day=day, by=by, at=at)


@handler("fieldwork.tidy_trails", every=dt.timedelta(hours=12))
def delete_old_trails(jobs: list[Job], at: dt.datetime) -> None:
    by = User.objects.system()
    while keeping.run("fieldwork.trail", by=by, at=at):
        pass
