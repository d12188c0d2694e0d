"""What a page shows of a case besides its columns: the light, the five steps, the timeline."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext

from cases.choices import ENDED_STATES, OPEN_STATES, STEP_OF, CardLevel, CaseState, Cause, Clock, Light, Step, Verb
from cases.models import Case
from gridgov.core.models import Record

NEAR_SHARE = 0.8


def light(case: Case | Mapping[str, Any], at: dt.datetime) -> Light:
    """How the case clock looks at AT, for a row or the values of one. Completion stops the clock: what was completed
    late stays late, and an open case past its due moment is late even before its job has marked it."""
    row = case if isinstance(case, Mapping) else vars(case)
    completed, due, started = row["completed_at"], row["due_at"], row["started_at"]
    running = row["state"] in OPEN_STATES and completed is None
    if row["breached_at"] or (due and ((completed and completed > due) or (running and at > due))):
        return Light.LATE
    if not running:
        return Light.DONE
    if due is None or started is None:
        return Light.CALM
    return Light.NEAR if at - started >= (due - started) * NEAR_SHARE else Light.CALM


@dataclass(frozen=True)
class StepView:
    """One of the five steps: when it was done, or whether it is the one at hand."""

    step: Step
    done_at: dt.datetime | None
    here: bool


def five_steps(case: Case) -> list[StepView]:
    """The loop of seed 000 as this case walked it."""
    done = {
        Step.FIND: case.reported_at,
        Step.CLASSIFY: case.accepted_at,
        Step.HANDLE: case.completed_at,
        Step.SUPERVISE: case.verified_at,
        Step.PUBLISH: case.closed_at if case.state == CaseState.CLOSED else None,
    }
    here = STEP_OF[CaseState(case.state)]
    ended = case.state in ENDED_STATES
    return [StepView(step, done[step], step == here and not ended) for step in Step]


@dataclass(frozen=True)
class TimelineRow:
    """One thing that happened to a case."""

    at: dt.datetime
    verb: Verb
    by: str
    note: str
    to: str


def timeline(case: Case) -> list[TimelineRow]:
    """Everything recorded about CASE, oldest first; one query."""
    rows = Record.objects.filter(subject_type="cases.case", subject_id=case.pk).select_related("actor").order_by("seq")
    return [
        TimelineRow(localtime(row.at), Verb(row.verb), str(row.actor), _note(row.data), row.data.get("to", ""))
        for row in rows
    ]


def _note(data: dict[str, Any]) -> str:
    """What a record says in words; of a breach, which clock ran out; of a card, which and why."""
    if "cause" in data:
        return f"{CardLevel(data['card']).label} · {Cause(data['cause']).label}"
    if "rule" in data:
        return f"{CardLevel(data['card']).label} · {gettext(data['rule'])}"
    return str(Clock(data["clock"]).label) if "clock" in data else data.get("note", "")
