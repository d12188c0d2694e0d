"""What a page shows of a case besides its columns: the light and the five steps."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.choices import ENDED_STATES, OPEN_STATES, STEP_OF, CaseState, Light, Step
from cases.models import Case

NEAR_SHARE = 0.8


def light(case: Case | Mapping[str, Any], at: dt.datetime) -> Light:
    """How the case clock looks at AT, for a row or the values of one. Completion stops the clock: what was completed
    late stays late, and an open case past its due moment is late even before its job has marked it; one that stands still
    is not late by that."""
    row = case if isinstance(case, Mapping) else vars(case)
    completed, due, started = row["completed_at"], row["due_at"], row["started_at"]
    running = row["state"] in OPEN_STATES and completed is None
    late = due and ((completed and completed > due) or (running and not row["hold"] and at > due))
    if row["breached_at"] or late:
        return Light.LATE
    if row["hold"]:
        return Light.HELD
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
