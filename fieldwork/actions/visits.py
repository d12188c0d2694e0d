"""The visit log 走访日志, and a case made from a line of it."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from cases.actions import Report, report_case
from cases.choices import Channel
from cases.models import Case
from fieldwork import rules
from fieldwork.choices import Diligence
from fieldwork.models import Visit
from gridgov.core.records import record
from grids.models import Grid


@transaction.atomic
def log_visit(
    *,
    grid: Grid,
    place: str,
    kind: str = Diligence.VISIT,
    note: str = "",
    happened_at: dt.datetime | None = None,
    by: User,
    at: dt.datetime,
) -> Visit:
    """Write down a visit on GRID; HAPPENED_AT where the phone had no net for a while.

    Raises Forbidden, or Invalid for another's grid, a moment that can't be, and words that name somebody's number.
    """
    rules.can_walk(by, grid).insist()
    moment = happened_at or at
    rules.check_visit(kind, place, note, moment, at).insist()
    row = Visit.objects.create(
        user=by, grid=grid, kind=kind, at=min(moment, at), entered_at=at, place=place.strip(), note=note.strip()
    )
    record("fieldwork.visit_logged", row, by=by, at=at, data={"kind": kind})
    return row


@transaction.atomic
def make_case_of(*, visit: Visit | int, category: str, text: str, by: User, at: dt.datetime) -> Case:
    """Report what a visit found. Raises Forbidden for another's visit, Conflict where it was reported already."""
    row: Visit = Visit.objects.visible_to(by).for_list().locked(visit)
    rules.can_make_case(by, row).insist()
    channel = Channel.GRID_WORKER
    report = Report(category=category, text=text, channel=channel, grid=row.grid.code, place=row.place)
    case = report_case(report=report, by=by, at=at)
    row.change(case=case)
    record("fieldwork.visit_reported", row, by=by, at=at, data={"case": case.pk})
    return case
