"""The daily report: given once a day, in one tap where nothing happened, and asked for where it is missing."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from fieldwork import rules
from fieldwork.choices import NOTICE_DAILY
from fieldwork.models import DailyReport
from fieldwork.reports.day import day_of
from fieldwork.reports.missing import owing
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record
from grids.models import Grid


@transaction.atomic
def give_daily(
    *, grid: Grid, kind: str, note: str = "", day: dt.date | None = None, by: User, at: dt.datetime
) -> DailyReport:
    """Give the report of DAY (today). Given again it takes the place of the one before; the record keeps both.

    Raises Forbidden, or Invalid for another's grid and a day that is neither today nor the one before.
    """
    advisory_lock("daily", by.pk)
    rules.can_walk(by, grid).insist()
    day = day or localdate(at)
    rules.check_daily(kind, day, localdate(at)).insist()
    rules.check_note(note).insist()
    counts = day_of(by, day, at).counts.plain()
    values = {"grid": grid, "kind": kind, "note": note.strip(), "counts": counts, "given_at": at}
    row = DailyReport.objects.own(by).select_related("grid").filter(day=day).first()
    if row is None:
        row = DailyReport.objects.create(user=by, day=day, **values)
        record("fieldwork.daily_given", row, by=by, at=at, data={"kind": kind, "day": day.isoformat()})
        return row
    changes = row.change(**values)
    record("fieldwork.daily_given_again", row, by=by, at=at, data={"changes": changes})
    return row


@transaction.atomic
def ask_for_daily(*, day: dt.date, by: User, at: dt.datetime) -> int:
    """Tell those who owe the report of DAY, once each; how many."""
    people = owing(day, at)
    notices = [
        Notice(
            user_id=user, kind=NoticeKind.SYSTEM, key=f"daily:{day}", text=NOTICE_DAILY, params={"day": day.isoformat()}, at=at
        )
        for user in people
    ]  # fmt: skip
    if not notices:
        return 0
    told = notify(notices, at=at)
    record(
        "fieldwork.daily_asked_for",
        Subject("fieldwork.daily", 0),
        by=by,
        at=at,
        data={"day": day.isoformat(), "count": told},
    )
    return told
