"""The voice notes of a case, from what `CaseQuerySet.for_detail` brought along."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from cases.models import Case


@dataclass(frozen=True)
class Voice:
    pk: int
    by: str
    at: dt.datetime


def voices(case: Case) -> list[Voice]:
    """The oldest first; no query."""
    rows: list[dict[str, Any]] = case.voice_rows  # type: ignore[attr-defined]
    return [Voice(row["pk"], row["by"], localtime(dt.datetime.fromisoformat(row["at"]))) for row in rows]
