"""The voice notes of a case, from what `CaseQuerySet.for_detail` brought along."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from accounts.models import User
from cases import rules
from cases.models import Case


@dataclass(frozen=True)
class Voice:
    pk: int
    by: str
    at: dt.datetime
    heard: bool


def voices(case: Case, user: User) -> list[Voice]:
    """The oldest first, and whether USER may hear each; no query."""
    rows: list[dict[str, Any]] = case.voice_rows  # type: ignore[attr-defined]
    reporter = getattr(case, "reporter", None)
    return [
        Voice(
            row["pk"], row["by"], localtime(dt.datetime.fromisoformat(row["at"])),
            bool(rules.can_hear(user, row["who"], reporter)),
        )
        for row in rows
    ]  # fmt: skip
