"""The committee sees to it that what was agreed on is done (人民调解法 31)."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.choices import NoticeKind
from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import record
from mediation.actions.taking import directors_of, mediators_of, take, tell
from mediation.choices.deeds import NOTICE_TASK_DUE, Performance
from mediation.choices.files import FileState
from mediation.models import Mediation, Task
from mediation.rules import performing as rules


@transaction.atomic
def note_performance(
    *, mediation: Mediation | int, task: int, state: str, done_on: dt.date | None = None, note: str = "", by: User, at: dt.datetime
) -> Task:  # fmt: skip
    """Write down how the item TASK (a key) stands. Raises Invalid for another file's item, and days that can't be."""
    row = take(mediation, by, "perform")
    rules.has_agreement(row).insist()
    held = row.tasks.filter(pk=task).first()
    if held is None:
        raise Invalid(_("This item is not of this file."), field="task")
    days = {"effective": row.agreement.effective_on or localdate(at), "today": localdate(at)}
    rules.check_performance(state, done_on, note, **days).insist()
    done = state in {Performance.DONE, Performance.PARTIAL}
    held.mediation = row
    held.change(state=state, done_on=done_on if done else None, note=note.strip())
    row.change(version=row.version + 1)
    record("mediation.performed", row, by=by, at=at, data={"task": held.pk, "state": state})
    return held


def remind_of_task(*, task: int, at: dt.datetime) -> None:
    """Tell the mediators that an item is due, unless it is done or the file is a volume."""
    rows = Task.objects.filter(state=Performance.OPEN, mediation__state=FileState.ENDED)
    held = rows.filter(pk=task).for_list().first()
    if held is not None:
        key = f"task:{held.pk}"
        tell(
            held.mediation,
            mediators_of(held.mediation) or directors_of(held.mediation),
            NoticeKind.NEAR,
            NOTICE_TASK_DUE,
            at,
            key=key,
            day=str(held.due_on),
        )
