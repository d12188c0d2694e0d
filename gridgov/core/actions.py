"""Verbs of the tool chest itself: the calendar and the stuck jobs."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core import jobs, rules
from gridgov.core.calendar import official_days
from gridgov.core.errors import Conflict, Faults, Invalid, Verdict
from gridgov.core.locks import advisory_lock
from gridgov.core.models import CalendarDay, Job
from gridgov.core.questions import Place, Span
from gridgov.core.records import Subject, record
from gridgov.core.rows import FaultList, RowFault

# The days by place and date.
Standing = Mapping[tuple[str, dt.date], CalendarDay]


@transaction.atomic
def load_days(*, days: Iterable[CalendarDay], scope: str = "", by: Any, at: dt.datetime) -> int:
    """Put DAYS in for SCOPE, replacing the rows of the same dates; the number of rows. Listeners recompute deadlines."""
    rules.can_be_scope(scope).insist()
    rules.can_keep_days(by, scope, timezone.localdate(at)).insist()
    advisory_lock("calendar")
    rows = list(days)
    return _load(rows, scope, _standing({scope}, {row.date for row in rows}), by, at)


def _load(rows: list[CalendarDay], scope: str, standing: Standing, by: Any, at: dt.datetime) -> int:
    """Put ROWS in for SCOPE, where so far those of STANDING stand."""
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
        pairs = [(row, standing.get((scope, row.date))) for row in rows]
        replaced = {
            row.date.isoformat(): _said(before) for row, before in pairs if before and _said(before) != _said(row)
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

    Raises Faults for a kind, scope, date or working hours that can't be, Forbidden for a place that isn't BY's.
    """
    rules.can_be_scope(scope).insist()
    rules.can_keep_days(by, scope, timezone.localdate(at)).insist()
    rules.can_be_date(date).insist()
    advisory_lock("calendar")
    day = _standing({scope}, {date}).get((scope, date)) or CalendarDay(scope=scope, date=date)
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
    advisory_lock("calendar")
    row = _standing({day.scope}, {day.date}).get((day.scope, day.date))
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
    on = timezone.localdate(at)
    seen = rules.places(by, on)
    rules.can_keep_any_day(by, on, seen).insist()
    plan, found = list(rows), FaultList(faults)
    scopes = {row.scope for row in plan if rules.can_be_scope(row.scope)}
    verdicts = {scope: _can_bring(by, scope, on, seen) for scope in scopes}
    advisory_lock("calendar")
    standing = _standing(scopes, {row.date for row in plan})
    changes = _changes(plan, standing, verdicts, found, (source or str(by))[:64])
    found.insist_none()
    result = DaysImported(changes, len(plan) - len(changes))
    if expected and result.print != expected:
        raise Conflict(_("The calendar has changed since you looked; please look again."))
    if not dry_run:
        for span in result.spans:
            days = [change.after for change in changes if change.after.scope == span.scope]
            _load(days, span.scope, standing, by, at)
    return result


def _can_bring(by: Any, scope: str, on: dt.date, seen: Sequence[Place]) -> Verdict:
    """Whether BY, who sees the places SEEN, may bring days of SCOPE. A list can name any; only real ones are kept."""
    verdict = rules.can_keep_days(by, scope, on, seen)
    if not scope or any(scope == place.code for place in seen):
        return verdict
    unknown = _("There is no street or district with the code %(code)s.") % {"code": scope}
    return verdict and Verdict.reject(unknown, field="scope")


def _changes(
    plan: list[DayRow], standing: Standing, verdicts: Mapping[str, Verdict], faults: FaultList, source: str
) -> list[DayChange]:
    """The rows of PLAN that change something; what can't be goes to FAULTS, and so does what VERDICTS refuse its place."""
    changes, seen = [], set[tuple[str, dt.date]]()
    for index, row in enumerate(plan):
        day = CalendarDay(
            scope=row.scope, date=row.date, kind=row.kind, name=row.name, windows=[list(w) for w in row.windows],
            source=source,
        )  # fmt: skip
        if (row.scope, row.date) in seen:
            faults.add(index, "date", _("%(date)s stands twice in the list.") % {"date": row.date})
        seen.add((row.scope, row.date))
        with faults.of(index):
            rules.can_be_date(row.date).insist()
        with faults.of(index):
            _check(day)
            before = standing.get((row.scope, row.date))
            if before is not None and _said(before) == _said(day):
                continue
            verdicts[row.scope].insist()
            changes.append(DayChange(before, day))
    return sorted(changes, key=lambda change: (change.after.scope, change.after.date))


def _standing(scopes: set[str], dates: set[dt.date]) -> Standing:
    """What stands for DATES in SCOPES; read under the calendar's lock."""
    return {(row.scope, row.date): row for row in CalendarDay.objects.filter(scope__in=scopes, date__in=dates)}


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
    days = official_days(year)
    if not days:
        raise Invalid(
            _("The holiday plan of %(year)s is not known to this version. Enter it as a file, or update.")
            % {"year": year},
            field="year",
        )
    return load_days(days=days, by=by, at=at)


@transaction.atomic
def retry_job(*, job: Job, by: Any, at: dt.datetime) -> None:
    """Let a stuck job try again."""
    row = Job.objects.select_for_update().get(pk=job.pk)
    rules.can_retry(row).insist()
    jobs.retry(row, at=at)
    record("jobs.retried", Subject("core.job", row.pk), by=by, at=at, data={"kind": row.kind, "key": row.key})
