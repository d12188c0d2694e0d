"""Reminders before a shift, and the question for its minutes afterwards."""

import datetime as dt

from gridgov.core.jobs import handler
from gridgov.core.models import Job
from volunteers.actions.reminding import ask_for_minutes, remind
from volunteers.actions.shifts import REMIND, TO_CLOSE


@handler(REMIND)
def remind_of_shifts(jobs: list[Job], at: dt.datetime) -> None:
    for job in jobs:
        remind(shift=int(job.key), at=at)


@handler(TO_CLOSE)
def ask_organisers(jobs: list[Job], at: dt.datetime) -> None:
    for job in jobs:
        ask_for_minutes(shift=int(job.key), at=at)
