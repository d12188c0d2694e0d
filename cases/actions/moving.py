"""Moving deadlines: another tier or category, extension, standing still and running on, another calendar.

`original_due_at` and `breached_at` never change here. Every move is a row of the ledger that says by how much, and holds
what is needed to work the deadline out again when the calendar changes (`replay`).
"""

import datetime as dt
import math
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cases.actions.clocks import limit_for, limits_of, stand_at_next_moment
from cases.actions.replaying import after_pause, paused_again, replay
from cases.actions.taking import write_down
from cases.choices import ORDER_IN_FORCE, RED_STAGE, Clock, Entry, LimitOf
from cases.models import Case, Deadline, LedgerEntry, Order
from gridgov.core.calendar import Due, due_after
from gridgov.core.questions import Span
from grids.queries import heavy

# Clocks that stand still with their case. Verification and answers to supervision are other people's work.
STANDING = (Clock.CASE, Clock.SIGN_IN, Clock.HANDLE, Clock.REPORT_IN)


def stretch(
    case: Case, *, tier: str, category: int | None = None, entry: Entry = Entry.TIER, reason: str = "", by: User, at: dt.datetime,
) -> tuple[Deadline, LedgerEntry]:  # fmt: skip
    """Move the case clock to start + the limit of TIER (and CATEGORY); never shorter, and the first due moment stays.

    Answers the deadline and its ledger row, unsaved. The policy that counts is the one in force at the start. Time in which
    the case stood still is added to the new limit as it was to the old one. What ran out unmarked is to be marked before
    (striking.catch_up).
    """
    deadline = case.deadlines.select_for_update().get(clock=Clock.CASE, round=case.round)
    start = deadline.started_at
    value, unit, policy = limit_for(
        street=case.street_id, category=category or case.category_id, tier=tier, at=start
    )  # fmt: skip
    due = due_after(case.grid.street_code, start, value, unit)
    if deadline.paused_seconds:
        due = paused_again(case.grid.street_code, due, unit, deadline.ledger.filter(entry=Entry.RESUMED).order_by("pk"))
    line = LedgerEntry(deadline=deadline, entry=entry, at=at, by=by, reason=(reason or tier)[:200])
    line.data = {"value": str(value), "unit": unit, "policy": policy.pk if policy else None, "skipped": _skipped(due)}
    _move(deadline, due, line, longer_only=True, value=value, unit=unit, policy=policy)
    return deadline, line


def extend(
    case: Case, order: Order | None, *, value: Decimal, unit: str, reason: str, by: User, at: dt.datetime
) -> Deadline:
    """Give VALUE UNITs more from the present due moment on: to the case and the step of its leading order, or to an
    assisting ORDER alone. What was missed stays missed. Answers the deadline that was asked about."""
    rows = case.deadlines.running().select_for_update().order_by("pk")
    assisting = order is not None and order.pk != case.lead_order_id
    asked = Clock.HANDLE if assisting else Clock.CASE
    lines = []
    main = next(row for row in rows if row.clock == asked and (row.order_id == order.pk if assisting else True))  # type: ignore[union-attr]
    moved = due_after(case.grid.street_code, main.due_at, value, unit)
    steps = (
        [] if assisting else [row for row in rows if row.clock == Clock.HANDLE and row.order_id == case.lead_order_id]
    )
    for row in [main, *steps]:
        line = LedgerEntry(deadline=row, entry=Entry.EXTENDED, at=at, by=by, reason=reason[:200])
        # The step of the leading order ends with the case.
        line.data = {"value": str(value), "unit": unit, "skipped": _skipped(moved)}
        _move(row, moved, line, longer_only=True)
        lines.append(line)
    LedgerEntry.objects.bulk_create(lines)
    return main


def stand_still(case: Case, *, reason: str, by: User, at: dt.datetime) -> int:
    """Stop the clocks of STANDING where they are; how many. A job that comes meanwhile finds nothing to do. What has run
    out by AT has to be marked before (striking.catch_up): a pause heals nothing."""
    rows = list(case.deadlines.running().filter(clock__in=STANDING, paused_at=None).select_for_update().order_by("pk"))
    Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(paused_at=at)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(deadline=row, entry=Entry.PAUSED, at=at, by=by, reason=reason[:200]) for row in rows
    )
    return len(rows)


def run_on(case: Case, *, by: User, at: dt.datetime) -> Deadline | None:
    """Let the clocks that stand still run on with what was left of them; answers the case clock, if it is one of them."""
    rows = list(case.deadlines.running().filter(paused_at__isnull=False).select_for_update().order_by("pk"))
    lines = []
    for row in rows:
        paused: dt.datetime = row.paused_at  # type: ignore[assignment]
        due = after_pause(case.grid.street_code, row.due_at, paused, at, row.unit)
        line = LedgerEntry(deadline=row, entry=Entry.RESUMED, at=at, by=by)
        line.data = {"paused_at": paused.isoformat(), "skipped": _skipped(due)}
        moved = max(due.at, row.due_at) - row.due_at
        still = row.paused_seconds + math.ceil(moved.total_seconds())
        red = _red_after_pause(case, row, paused, at)
        _move(row, due, line, longer_only=True, paused_seconds=still, paused_at=None, red_at=red)
        lines.append(line)
    LedgerEntry.objects.bulk_create(lines)
    return next((row for row in rows if row.clock == Clock.CASE), None)


def _red_after_pause(case: Case, row: Deadline, paused: dt.datetime, at: dt.datetime) -> dt.datetime | None:
    """When the red card comes after a pause: what was left until then is left, counted in its own unit."""
    if row.red_at is None or row.told >= RED_STAGE:
        return row.red_at
    ((_value, unit, _policy),) = limits_of(case, LimitOf.RED, at=row.due_at)
    return after_pause(case.grid.street_code, row.red_at, paused, at, unit).at


def drop_all(case: Case, *, reason: str, by: User, at: dt.datetime) -> None:
    """The case ends without being handled: whatever runs is dropped."""
    rows = list(case.deadlines.running().select_for_update().order_by("pk"))
    Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(dropped_at=at)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(deadline=row, entry=Entry.DROPPED, at=at, by=by, reason=reason[:200]) for row in rows
    )
    case.supervisions.open().update(superseded_at=at)


def revive(case: Case, *, dropped_at: dt.datetime, reason: str = "", by: User, at: dt.datetime) -> None:
    """What `drop_all` dropped at DROPPED_AT runs on as if it had never stopped: a merge that is undone wins no time. The
    clocks of orders that are no more in force stay dropped. Where the calendar was but guessed, it is asked again."""
    alive = Q(order=None) | Q(order__state__in=ORDER_IN_FORCE)
    dropped = case.deadlines.filter(alive, dropped_at=dropped_at, met_at=None).order_by("pk")
    rows = list(dropped.select_for_update(of=("self",)))
    Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(dropped_at=None)
    for row in rows:
        row.dropped_at = None
    case.supervisions.filter(superseded_at=dropped_at, deadlines__in=rows).update(superseded_at=None)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(deadline=row, entry=Entry.REVIVED, at=at, by=by, reason=reason) for row in rows
    )
    stand_at_next_moment(rows)
    if any(row.provisional for row in rows):
        _recompute_case(case.pk, by=by, at=at)


def recompute_provisional(*, scope: str, first: dt.date, last: dt.date, by: User, at: dt.datetime) -> int:
    """Work out again every running provisional deadline that days from FIRST to LAST in SCOPE may touch; the number moved.

    Called when days of the calendar were loaded. A list of days for several places is heard once for each: whichever
    comes first works a deadline out, the others find nothing to do.
    """
    rows = Deadline.objects.resting_on([Span(scope, first, last)])
    moved = 0
    for pk in rows.order_by("case").values_list("case", flat=True).distinct():
        moved += _recompute_case(pk, by=by, at=at)
    return moved


@transaction.atomic
def _recompute_case(pk: int, *, by: User, at: dt.datetime) -> int:
    return recompute(Case.objects.select_related("grid").defer("search", *heavy("grid")).locked(pk), by=by, at=at)


def recompute(case: Case, *, by: User, at: dt.datetime) -> int:
    """Work out again the running provisional deadlines of the locked CASE; the number moved."""
    count = 0
    for deadline in case.deadlines.provisional().select_for_update().order_by("pk"):
        before = deadline.due_at
        due = replay(deadline, case.grid.street_code)
        if deadline.clock == Clock.HANDLE and deadline.order_id == case.lead_order_id:
            due = _end_of_step(case, deadline) or due
        elif deadline.order_id and case.due_at and deadline.started_at < case.due_at < due.at:
            due = Due(case.due_at, case.provisional)
        if (due.at, due.provisional) == (before, deadline.provisional):
            continue  # as much a guess as before: the ledger tells of changes only
        line = LedgerEntry(deadline=deadline, entry=Entry.RECOMPUTED, at=at, by=by)
        line.data = {"skipped": _skipped(due)}
        guessed = deadline.provisional
        count += _move(deadline, due, line, longer_only=deadline.breached_at is not None)
        if line.moved_seconds or deadline.provisional != guessed:
            line.save()
        if deadline.clock == Clock.CASE:
            changes = case.change(due_at=deadline.due_at, provisional=deadline.provisional, version=case.version + 1)
            if before != deadline.due_at:
                write_down("cases.recomputed", case, changes, by=by, at=at)
    return count


def _end_of_step(case: Case, step: Deadline) -> Due | None:
    """The step of the leading order ends with the case; where that had run out before it was sent, with its sign-in limit
    (clocks.order_clocks)."""
    if case.due_at is None or case.due_at > step.started_at:
        return Due(case.due_at, case.provisional) if case.due_at else None
    sign_in = case.deadlines.filter(order=step.order_id, clock=Clock.SIGN_IN).first()
    return replay(sign_in, case.grid.street_code) if sign_in else None


def _skipped(due: Due) -> list[list[str]]:
    """The days that did not count, as the ledger keeps them."""
    return [[day.isoformat(), name] for day, name in due.skipped]


def _move(deadline: Deadline, due: Due, line: LedgerEntry, *, longer_only: bool, **values: Any) -> bool:
    """Set the deadline's due moment to DUE and say in LINE by how much it moved: by whole seconds, so that the rows re-add,
    and nobody loses a part of one."""
    before = deadline.due_at
    line.moved_seconds = math.ceil((due.at - before).total_seconds())
    if longer_only:
        line.moved_seconds = max(line.moved_seconds, 0)
    after = before + dt.timedelta(seconds=line.moved_seconds)
    provisional = due.provisional or (deadline.provisional and line.entry != Entry.RECOMPUTED)
    if after != before and line.entry != Entry.RESUMED and deadline.red_at is not None and deadline.told < RED_STAGE:
        # More time after the breach leaves the breach, and puts the red card off.
        case = deadline.case
        ((number, unit, _policy),) = limits_of(case, LimitOf.RED, at=after)
        values["red_at"] = max(deadline.red_at, due_after(case.grid.street_code, after, number, unit).at)
    deadline.change(due_at=after, provisional=provisional, **values)
    stand_at_next_moment([deadline])
    return after != before
