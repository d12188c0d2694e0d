"""What a case tells of its mediation: where it lies and how it stands. Who quarrels about what is not said."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from cases.models import Case
from gridgov.core.questions import Aside
from mediation.choices.files import FileState, Outcome
from mediation.models import Mediation


def mediation_columns() -> dict[str, Any]:
    """`mediation_rows` of a case: its mediations as JSON, the newest first; states and days alone."""
    row = JSONObject(
        no="no", state="state", outcome="outcome", committee="committee__name", applied_at="applied_at", due_at="due_at",
        ended_at="ended_at",
    )  # fmt: skip
    rows = Mediation.objects.filter(case=OuterRef("pk")).order_by("-pk")
    return {"mediation_rows": ArraySubquery(rows.values(row=row))}


def told_beside(case: Case) -> list[Aside]:
    """Of a case read with `mediation_columns`; no query."""
    rows: list[dict[str, Any]] = case.mediation_rows  # type: ignore[attr-defined]
    return [_aside(row) for row in rows]


def _aside(row: dict[str, Any]) -> Aside:
    state = str(Outcome(row["outcome"]).label if row["outcome"] else FileState(row["state"]).label)
    lines = [(_moment(row["applied_at"]), _("handed over to %(committee)s") % {"committee": row["committee"]})]
    if row["state"] == FileState.RUNNING and row["due_at"]:
        lines.append((_moment(row["due_at"]), _("to be over by")))
    if row["ended_at"]:
        lines.append((_moment(row["ended_at"]), state))
    return Aside(
        title=_("People's mediation"), chips=tuple(chip for chip in (state, row["no"]) if chip), lines=tuple(lines)
    )


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
