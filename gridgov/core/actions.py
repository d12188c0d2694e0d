"""Verbs of the tool chest itself: the calendar and the stuck jobs."""

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gridgov.core import jobs
from gridgov.core.calendar import official_days
from gridgov.core.errors import Conflict, Faults, Invalid
from gridgov.core.locks import advisory_lock
from gridgov.core.models import CalendarDay, Job
from gridgov.core.records import Subject, record


@transaction.atomic
def load_days(*, days: Iterable[CalendarDay], scope: str = "", by: Any, at: dt.datetime) -> int:
    """Put DAYS in for SCOPE, replacing the rows of the same dates; the number of rows. Listeners recompute deadlines."""
    advisory_lock("calendar", scope)
    rows = list(days)
    for row in rows:
        row.scope = scope
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["scope", "date"],
        update_fields=["kind", "windows", "name", "source"],
    )
    if rows:
        span = [min(row.date for row in rows).isoformat(), max(row.date for row in rows).isoformat()]
        record(
            "calendar.loaded",
            Subject("core.calendar", int(scope or 0), scope),
            by=by,
            at=at,
            data={"days": len(rows), "span": span},
        )
    return len(rows)


@transaction.atomic
def change_day(
    *,
    date: dt.date,
    kind: str,
    windows: list[list[str]] | None = None,
    name: str = "",
    scope: str = "",
    by: Any,
    at: dt.datetime,
) -> CalendarDay:
    """Say how one day counts in SCOPE, whether or not a row stands for it. Listeners recompute deadlines.

    Raises Faults for a kind, scope or working hours that can't be.
    """
    advisory_lock("calendar", scope)
    day = CalendarDay.objects.filter(scope=scope, date=date).first() or CalendarDay(scope=scope, date=date)
    before = {field: getattr(day, field) for field in ("kind", "name", "windows")} if day.pk else {}
    day.kind, day.name, day.windows, day.source = kind, name.strip(), windows or [], str(by)[:64]
    try:
        day.full_clean()
    except ValidationError as error:
        raise Faults(error.message_dict) from None
    if fault := window_fault(day.windows):
        raise Invalid(fault, field="windows")
    if scope and not (scope.isdigit() and len(scope) in {6, 9}):
        raise Invalid(_("Six digits name a district, nine a street."), field="scope")
    day.save()
    data = {"days": 1, "span": [date.isoformat()] * 2, "before": before,
            "after": {"kind": day.kind, "name": day.name, "windows": day.windows}}  # fmt: skip
    record("calendar.loaded", Subject("core.calendar", int(scope or 0), scope), by=by, at=at, data=data)
    return day


def window_fault(windows: Any) -> str:
    """What is wrong with a day's working hours; '' for pairs of times in order."""
    try:
        times = [dt.time.fromisoformat(text) for opens, closes in windows for text in (opens, closes)]
    except (TypeError, ValueError):
        return _("Working hours are pairs of times: 08:00-12:00, 14:00-18:00.")
    in_order = all(earlier < later for earlier, later in itertools.pairwise(times))
    return "" if in_order else _("Working hours must follow one another and not overlap.")


def load_official_year(*, year: int, by: Any, at: dt.datetime) -> int:
    """Put in the nation's YEAR. Raises Invalid if the package doesn't know it yet."""
    try:
        days = list(official_days(year))
    except NotImplementedError:
        raise Invalid(
            _("The holiday plan of %(year)s is not known to this version. Enter it as a file, or update.")
            % {"year": year},
            field="year",
        ) from None
    return load_days(days=days, by=by, at=at)


@transaction.atomic
def retry_job(*, job: Job, by: Any, at: dt.datetime) -> None:
    """Let a stuck job try again."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    if row.stuck_at is None or row.done_at is not None:
        raise Conflict(_("This job is not stuck any more."))
    jobs.retry(row, at=at)
    record("jobs.retried", Subject("core.job", row.pk), by=by, at=at, data={"kind": row.kind, "key": row.key})
