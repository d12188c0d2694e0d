"""Verbs of the tool chest itself: the calendar and the stuck jobs."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core import jobs, rules
from gridgov.core.calendar import official_days
from gridgov.core.errors import Conflict, Faults, Invalid
from gridgov.core.locks import advisory_lock
from gridgov.core.models import CalendarDay, Job
from gridgov.core.questions import Span
from gridgov.core.records import Subject, record
from gridgov.core.rows import FaultList, RowFault

# A list may bring these years and no others: beyond them stands a slip of the pen.
FIRST_YEAR, LAST_YEAR = 2000, 2100


@transaction.atomic
def load_days(*, days: Iterable[CalendarDay], scope: str = "", by: Any, at: dt.datetime) -> int:
    """Put DAYS in for SCOPE, replacing the rows of the same dates; the number of rows. Listeners recompute deadlines."""
    rules.can_be_scope(scope).insist()
    rules.can_keep_days(by, scope, timezone.localdate(at)).insist()
    advisory_lock("calendar", scope)
    rows = list(days)
    before = _standing(scope, [row.date for row in rows])
    for row in rows:
        row.scope = scope
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["scope", "date"],
        update_fields=["kind", "windows", "name", "source"],
    )
    if rows:
        span = [min(row.date for row in rows), max(row.date for row in rows)]
        replaced = {
            row.date.isoformat(): _said(before[row.date])
            for row in rows
            if row.date in before and _said(before[row.date]) != _said(row)
        }
        _record_days("calendar.loaded", scope, span, by, at, days=len(rows), replaced=replaced)
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

    Raises Faults for a kind, scope or working hours that can't be, Forbidden for a place that isn't BY's.
    """
    rules.can_be_scope(scope).insist()
    rules.can_keep_days(by, scope, timezone.localdate(at)).insist()
    advisory_lock("calendar", scope)
    day = _standing(scope, [date]).get(date) or CalendarDay(scope=scope, date=date)
    before = _said(day) if day.pk else {}
    day.kind, day.name, day.windows, day.source = kind, name.strip(), windows or [], str(by)[:64]
    _check(day)
    day.save()
    _record_days("calendar.loaded", scope, [date, date], by, at, days=1, before=before, after=_said(day))
    return day


@transaction.atomic
def drop_day(*, day: CalendarDay, by: Any, at: dt.datetime) -> None:
    """Take a street's or district's own day back: from now on the wider place's counts there. Listeners hear of it."""
    rules.can_drop_day(by, day.scope, timezone.localdate(at)).insist()
    advisory_lock("calendar", day.scope)
    row = _standing(day.scope, [day.date]).get(day.date)
    if row is None:
        raise Conflict(_("This day has been taken back already."))
    row.delete()
    _record_days("calendar.dropped", day.scope, [day.date, day.date], by, at, days=1, before=_said(row), after={})


@dataclass(frozen=True, slots=True)
class DayRow:
    """One line of a list of days."""

    date: dt.date
    kind: str
    name: str = ""
    windows: tuple[tuple[str, str], ...] = ()
    scope: str = ""


@dataclass(frozen=True)
class DayChange:
    """What a list changes about one day: how it stood (None if no row did) and how it will stand."""

    before: CalendarDay | None
    after: CalendarDay


@dataclass(frozen=True)
class DaysImported:
    """What a list of days changed, or would change in a dry run; in the order of places and dates."""

    changes: list[DayChange]
    unchanged: int

    @property
    def spans(self) -> list[Span]:
        """From the first to the last changed day, place by place."""
        dates: dict[str, list[dt.date]] = {}
        for change in self.changes:
            dates.setdefault(change.after.scope, []).append(change.after.date)
        return [Span(scope, min(found), max(found)) for scope, found in sorted(dates.items())]

    @property
    def print(self) -> str:
        """The same for the same changes, and for no others."""
        said = [
            [row.after.scope, row.after.date.isoformat(), row.before and _said(row.before), _said(row.after)]
            for row in self.changes
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def import_days(
    *,
    rows: Iterable[DayRow],
    faults: Iterable[RowFault] = (),
    source: str = "",
    dry_run: bool = False,
    expected: str = "",
    by: Any,
    at: dt.datetime,
) -> DaysImported:
    """Take a list of days in, for as many places as it names, or only say what it would change. All or nothing.

    FAULTS are those found while reading the file. Raises BadRows with all of them. Days that stand as the list has them
    are left alone, whoever keeps them; what changes is loaded and recorded once per place. EXPECTED is the `print` of a
    dry run: Conflict if the list would change something else by now.
    """
    rules.can_keep_any_day(by, timezone.localdate(at)).insist()
    plan, found = list(rows), FaultList(faults)
    scopes = sorted({row.scope for row in plan if rules.can_be_scope(row.scope)})
    for scope in scopes:  # in one order for all, so that two lists never wait for each other
        advisory_lock("calendar", scope)
    standing = {scope: _standing(scope, [row.date for row in plan if row.scope == scope]) for scope in scopes}
    changes = _changes(plan, standing, found, (source or str(by))[:64], by, timezone.localdate(at))
    found.insist_none()
    result = DaysImported(changes, len(plan) - len(changes))
    if expected and result.print != expected:
        raise Conflict(_("The calendar has changed since you looked; please look again."))
    if not dry_run:
        for span in result.spans:
            days = [change.after for change in changes if change.after.scope == span.scope]
            load_days(days=days, scope=span.scope, by=by, at=at)
    return result


def _changes(
    plan: list[DayRow],
    standing: Mapping[str, Mapping[dt.date, CalendarDay]],
    faults: FaultList,
    source: str,
    by: Any,
    on: dt.date,
) -> list[DayChange]:
    """The rows of PLAN that change something; what can't be goes to FAULTS."""
    places = {place.code for place in rules.places(by, on)}
    verdicts = {scope: rules.can_keep_days(by, scope, on) for scope in standing}
    changes, seen = [], set[tuple[str, dt.date]]()
    for index, row in enumerate(plan):
        day = CalendarDay(
            scope=row.scope, date=row.date, kind=row.kind, name=row.name, windows=[list(w) for w in row.windows],
            source=source,
        )  # fmt: skip
        if (row.scope, row.date) in seen:
            faults.add(index, "date", _("%(date)s stands twice in the list.") % {"date": row.date})
        seen.add((row.scope, row.date))
        if not FIRST_YEAR <= row.date.year <= LAST_YEAR:
            faults.add(index, "date", _("The year %(year)d can't be meant.") % {"year": row.date.year})
        with faults.of(index):
            _check(day)
            before = standing[row.scope].get(row.date)
            if before is not None and _said(before) == _said(day):
                continue
            verdicts[row.scope].insist()
            if row.scope and row.scope not in places:
                words = {"code": row.scope}
                raise Invalid(_("There is no street or district with the code %(code)s.") % words, field="scope")
            changes.append(DayChange(before, day))
    return sorted(changes, key=lambda change: (change.after.scope, change.after.date))


def _standing(scope: str, dates: Iterable[dt.date]) -> dict[dt.date, CalendarDay]:
    return {row.date: row for row in CalendarDay.objects.filter(scope=scope, date__in=list(dates))}


def _said(day: CalendarDay) -> dict[str, Any]:
    """What a row says about its day."""
    return {"kind": day.kind, "name": day.name, "windows": day.windows}


def _check(day: CalendarDay) -> None:
    """Raise Faults or Invalid for a day that can't be."""
    rules.can_be_scope(day.scope).insist()
    try:
        day.clean_fields()
    except ValidationError as error:
        raise Faults(error.message_dict) from None
    rules.can_be_windows(day.windows).insist()


def _record_days(verb: str, scope: str, span: list[dt.date], by: Any, at: dt.datetime, **data: Any) -> None:
    data["span"] = [date.isoformat() for date in span]
    record(verb, Subject("core.calendar", int(scope or 0), scope), by=by, at=at, data=data)


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
