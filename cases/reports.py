"""What a page shows of a case besides its columns: the light, the five steps, the explanation of its clocks."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cases.choices import OPEN_STATES, STEP_OF, CaseState, Clock, Entry, Light, Step, Verb
from cases.models import Case, Deadline
from gridgov.core.calendar import LimitUnit
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
    ended = case.state in {CaseState.CLOSED, CaseState.REJECTED}
    return [StepView(step, done[step], step == here and not ended) for step in Step]


@dataclass(frozen=True)
class Row:
    """A line of an explanation: when, what, by how many seconds the due moment moved, and where it stood then."""

    at: dt.datetime
    entry: Entry
    text: str
    by: str
    moved_seconds: int
    due_at: dt.datetime


@dataclass(frozen=True)
class Explanation:
    """Why this deadline 为什么是这个时限: `rows` re-add from `original_due_at` to `due_at`."""

    deadline: Deadline
    limit: str
    rows: list[Row]


def explain(case: Case) -> list[Explanation]:
    """Every clock of the case with its ledger; two queries."""
    deadlines = case.deadlines.select_related("policy", "order__unit", "order__grid").prefetch_related("ledger__by")
    found = []
    for deadline in deadlines.defer("order__grid__border", "order__grid__shape").order_by("pk"):
        due, rows = deadline.original_due_at, []
        for line in deadline.ledger.all():
            due += dt.timedelta(seconds=line.moved_seconds)
            text = _entry_text(Entry(line.entry), line.reason, line.data)
            rows.append(Row(line.at, Entry(line.entry), text, str(line.by), line.moved_seconds, due))
        found.append(Explanation(deadline, limit_text(deadline.value, deadline.unit), rows))
    return found


def limit_text(value: Any, unit: str) -> str:
    """“3 working days”"""
    return f"{value.normalize():f} {LimitUnit(unit).label}"


def _entry_text(entry: Entry, reason: str, data: dict[str, Any]) -> str:
    parts = [str(entry.label)]
    if reason:
        parts.append(_(reason))
    if entry == Entry.START and data.get("policy"):
        parts.append(_("by time limit no. %(policy)s") % {"policy": data["policy"]})
    if skipped := data.get("skipped"):
        days = (
            f"{date_format(dt.date.fromisoformat(day), 'n-j')} {_(name) if name else ''}".strip()
            for day, name in skipped
        )
        parts.append(_("days that don't count: %(days)s") % {"days": ", ".join(days)})
    if data.get("provisional"):
        parts.append(_("provisional: the calendar of that year is not loaded yet"))
    return " · ".join(parts)


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
    """What a record says in words; of a breach, which clock ran out."""
    return str(Clock(data["clock"]).label) if "clock" in data else data.get("note", "")
