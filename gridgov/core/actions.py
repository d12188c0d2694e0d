"""Verbs of the tool chest itself: the calendar and the stuck jobs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gridgov.core import jobs
from gridgov.core.calendar import official_days
from gridgov.core.errors import Conflict, Invalid
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
