"""The agreement is written down (人民调解法 28, 29): by word of mouth it holds from the day on which it was reached."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core import jobs
from gridgov.core.calendar import CHINA, WorkCalendar
from gridgov.core.records import record
from mediation.actions.ending import over
from mediation.actions.taking import take
from mediation.choices.deeds import CONFIRM_WARNING, TOLD_AT, AgreementForm
from mediation.choices.files import Outcome
from mediation.models import Agreement, Mediation, Task
from mediation.rules import agreements as rules
from mediation.rules import dates
from mediation.rules.agreements import AgreementData, TaskData
from mediation.rules.people import check_reason

# Jobs: the days to ask the court run out, keyed by agreement; something is due, keyed by item.
CONFIRM_NEAR, TASK_DUE = "mediation.confirm_near", "mediation.task_due"


@transaction.atomic
def write_agreement(
    *,
    mediation: Mediation | int,
    form: str,
    facts: str,
    points: str,
    duties: str = "",
    content: str,
    manner: str,
    deadline: dt.date,
    tasks: Sequence[TaskData] = (),
    reached_on: dt.date | None = None,
    by: User,
    at: dt.datetime,
) -> Agreement:
    """Write down what the parties agreed on, in place of what was written before. By word of mouth it holds from the day REACHED_ON
    (today where it isn't said), and mediation is over; in writing it waits for signatures.

    Raises Invalid where something is missing that must be said; Conflict where a party doesn't want mediation, or somebody
    has signed the text that stands.
    """
    row = take(mediation, by, "agree")
    parties = list(row.parties.order_by("pk"))
    rules.can_agree(parties, signed=row.signatures.of_agreement().exists()).insist()
    said = AgreementData(
        form=form, facts=facts.strip(), points=points.strip(), duties=duties.strip(), content=content.strip(),
        manner=manner.strip(), deadline=deadline,
        tasks=tuple(TaskData(one.party, one.what.strip(), one.due_on) for one in tasks),
    )  # fmt: skip
    begun, today = localdate(row.accepted_at), localdate(at)
    rules.check_agreement(said, {party.pk for party in parties}, begun=begun).insist()
    dates.check_reached(form, reached_on, begun=begun, today=today).insist()
    made = _write(row, said, by=by, at=at)
    record("mediation.agreement_written", row, by=by, at=at, data={"agreement": made.pk, "form": form})
    if form == AgreementForm.ORAL:
        take_effect(row, made, reached_on or today, by=by, at=at)
    return made


def _write(row: Mediation, said: AgreementData, *, by: User, at: dt.datetime) -> Agreement:
    given = {
        "form": said.form, "facts": said.facts, "points": said.points, "duties": said.duties, "content": said.content,
        "manner": said.manner, "deadline": said.deadline, "digest": said.digest, "written_by": by, "written_at": at,
        "withdrawn_at": None,
    }  # fmt: skip
    row.tasks.all().delete()
    made, _new = Agreement.objects.update_or_create(mediation=row, defaults=given)
    Task.objects.bulk_create(
        Task(mediation=row, party_id=task.party, what=task.what, due_on=task.due_on) for task in said.tasks
    )
    return made


@transaction.atomic
def withdraw_text(*, mediation: Mediation | int, reason: str, by: User, at: dt.datetime) -> Agreement:
    """Give up the text that somebody has signed, before it holds: what is signed below it is struck out, and counts no more.

    Raises Forbidden for whoever doesn't mediate here; Conflict where nobody has signed, or mediation is over.
    """
    row = take(mediation, by, "agree")
    held = Agreement.objects.filter(mediation=row).first()
    signed = row.signatures.of_agreement()
    mediates = row.assignments.mediated_by(by).exists()
    rules.can_withdraw(held, mediates=mediates, signed=signed.exists()).insist()
    check_reason(reason).insist()
    assert held is not None
    struck = signed.update(struck_at=at, struck_reason=reason.strip())
    held.mediation = row
    held.change(withdrawn_at=at)
    row.change(version=row.version + 1)
    record("mediation.text_withdrawn", row, by=by, at=at, data={"agreement": held.pk, "signatures": struck})
    return held


def take_effect(row: Mediation, agreement: Agreement, on: dt.date, *, by: User, at: dt.datetime) -> None:
    """Part of other verbs: from the day ON the AGREEMENT of the locked ROW holds, and mediation is over."""
    until = dates.confirm_by(on, WorkCalendar.of("", *dates.last_days(on)))
    agreement.change(effective_on=on, confirm_by=until)
    outcome = Outcome.AGREED_ORAL if agreement.form == AgreementForm.ORAL else Outcome.AGREED_WRITTEN
    told = {"agreement": agreement.pk, "effective_on": on.isoformat(), "confirm_by": until.isoformat()}
    record("mediation.agreement_effective", row, by=by, at=at, data=told)
    jobs.promise(CONFIRM_NEAR, agreement.pk, due_at=moment_of(until) - CONFIRM_WARNING)
    for pk, due_on in row.tasks.order_by("pk").values_list("pk", "due_on"):
        jobs.promise(TASK_DUE, pk, due_at=moment_of(due_on))
    over(row, outcome, by=by, at=at)


def moment_of(day: dt.date) -> dt.datetime:
    """When on DAY somebody is reminded."""
    return dt.datetime.combine(day, TOLD_AT, CHINA)
