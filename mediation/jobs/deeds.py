"""Days after an agreement that are brought to mind: something is due, the court can't be asked much longer."""

import datetime as dt

from gridgov.core.jobs import handler
from gridgov.core.models import Job
from mediation.actions.agreements import CONFIRM_NEAR, TASK_DUE
from mediation.actions.confirming import remind_of_court
from mediation.actions.performing import remind_of_task


@handler(CONFIRM_NEAR)
def remind_of_courts(jobs: list[Job], at: dt.datetime) -> dict[int, dt.datetime]:
    again = {job.pk: remind_of_court(agreement=int(job.key), at=at) for job in jobs}
    return {pk: moment for pk, moment in again.items() if moment is not None}


@handler(TASK_DUE)
def remind_of_tasks(jobs: list[Job], at: dt.datetime) -> None:
    for job in jobs:
        remind_of_task(task=int(job.key), at=at)
