"""Noting that a month's report was made."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from cases import rules
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record
from grids.models import Grid


@transaction.atomic
def note_report(*, grid: Grid, month: dt.date, ending: str, by: User, at: dt.datetime) -> None:
    """Write down that BY took the report of GRID on MONTH as a file (ENDING pdf or xlsx) out of the house."""
    rules.sees_figures(by).insist()
    rules.can_ask_about(by, grid).insist()
    advisory_lock("month_report", grid.pk)  # stands for the row that the chain of reports has not
    data = {"month": f"{month:%Y-%m}", "grid": grid.code, "format": ending}
    record("cases.report_made", Subject("cases.month_report", grid.pk, grid.code), by=by, at=at, data=data)
