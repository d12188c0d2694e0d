"""What a page shows of merging and of calls back, from what `CaseQuerySet.for_detail` brought along."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from cases.choices import CaseState
from cases.models import Case


@dataclass(frozen=True)
class Merged:
    """A case merged into another: its number, and nothing of its reporter."""

    pk: int
    no: str
    reported_at: dt.datetime


class Caller(NamedTuple):
    full_name: str


@dataclass(frozen=True)
class Call:
    """One call back: by whom, and what was said."""

    at: dt.datetime
    by: Caller
    round: int
    reached: bool
    solved: bool | None
    note: str


def merged_into(case: Case) -> list[Merged]:
    """The cases that CASE leads, the oldest first; no query."""
    rows: list[dict[str, Any]] = case.merged_rows  # type: ignore[attr-defined]
    return [Merged(row["pk"], row["no"], _moment(row["reported_at"])) for row in rows]


def calls(case: Case) -> list[Call]:
    """The calls back about CASE, the oldest first; no query."""
    rows: list[dict[str, Any]] = case.call_rows  # type: ignore[attr-defined]
    return [Call(**{**row, "at": _moment(row["at"]), "by": Caller(row["by"])}) for row in rows]


def needs_rework(case: Case) -> bool:
    """Whether the last call of this round says that what was completed is not solved."""
    said = [call.solved for call in calls(case) if call.round == case.round and call.reached]
    return case.state == CaseState.COMPLETED and bool(said) and said[-1] is False


def _moment(text: str) -> dt.datetime:
    return localtime(dt.datetime.fromisoformat(text))
