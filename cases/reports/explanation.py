"""Why a deadline stands where it stands 为什么是这个时限."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cases.choices import Clock, Entry, Part
from cases.models import Case, Deadline
from gridgov.core.calendar import LimitUnit
from grids.queries import heavy


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

    @property
    def to(self) -> str:
        """Whose clock it is: an order's, or a supervision's with what it demands; "" for the case's own."""
        supervision = self.deadline.supervision
        if supervision is not None:
            return f"{supervision.to} · {supervision.words}"
        return str(self.deadline.order) if self.deadline.order else ""

    @property
    def limit_words(self) -> str:
        """The step clock has no limit of its own: it ends with the case clock, unless that had run out before the order."""
        row = self.deadline
        if row.order and row.order.part == Part.ASSIST:
            return self.limit if row.due_at != row.case.due_at else _("with the case clock")
        if row.clock != Clock.HANDLE or (row.case.due_at and row.started_at >= row.case.due_at):
            return self.limit
        return _("with the case clock")


def explain(case: Case) -> list[Explanation]:
    """Every clock of the case with its ledger; one query."""
    rows = case.deadlines.with_ledger().select_related(
        "order__unit", "order__grid", "supervision__unit", "supervision__grid"
    )
    return explain_all(rows.defer(*heavy("order__grid", "supervision__grid")).order_by("pk"))


def explain_all(deadlines: Iterable[Deadline]) -> list[Explanation]:
    """Those of DEADLINES, which come `with_ledger`; no query."""
    return [Explanation(row, limit_text(row.value, row.unit), _ledger(row)) for row in deadlines]


def _ledger(deadline: Deadline) -> list[Row]:
    due, rows = deadline.original_due_at, []
    lines: list[dict[str, Any]] = deadline.ledger_rows  # type: ignore[attr-defined]
    for line in lines:
        due += dt.timedelta(seconds=line["moved_seconds"])
        at, entry = localtime(dt.datetime.fromisoformat(line["at"])), Entry(line["entry"])
        text = _entry_text(entry, line["reason"], line["data"])
        rows.append(Row(at, entry, text, line["by"] or line["account"], line["moved_seconds"], due))
    return rows


def limit_text(value: Any, unit: str) -> str:
    """“3 working days”"""
    return LimitUnit(unit).spell(value)


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
