"""The clocks: starting, meeting, moving and dropping deadlines. What happens when their moments come: `striking`.

Every change of a deadline leaves a row in its ledger. A deadline's job (`cases.deadline`) always stands at its next
moment; one that comes too late, after the deadline was met, finds nothing to do.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from cases.actions.taking import write_down
from cases.choices import SIGN_IN_LIMIT, STAGES, TIER_LIMITS, Clock, Entry, Tier
from cases.models import Case, Deadline, LedgerEntry, Order, Policy
from gridgov.core import jobs
from gridgov.core.calendar import Due, LimitUnit, due_after
from gridgov.core.models import Job
from gridgov.core.questions import Span

KIND = "cases.deadline"
OUT_OF_TIME = gettext_noop("the case clock had run out before this order")


def limit_for(*, street: int, category: int, tier: str, at: dt.datetime) -> tuple[Decimal, str, Policy | None]:
    """The limit of TIER for a case accepted at AT: (value, unit, policy row or None for the tier's own). One query."""
    policy = Policy.objects.in_force(street=street, category=category, tier=tier, at=at).first()
    if policy is not None:
        return policy.value, policy.unit, policy
    return *TIER_LIMITS[Tier(tier)], None


def clock(
    case: Case,
    kind: Clock,
    value: Decimal | float,
    unit: str,
    *,
    at: dt.datetime,
    order: Order | None = None,
    policy: Policy | None = None,
    cap: dt.datetime | None = None,
) -> Deadline:
    """An unsaved deadline of VALUE UNITs from AT, never later than CAP. `begin` starts it."""
    due = due_after(case.grid.street_code, at, value, unit)
    if cap is not None and cap < due.at:
        due = Due(cap, case.provisional)
    deadline = Deadline(
        case=case, order=order, clock=kind, round=case.round, value=value, unit=unit, policy=policy,
        started_at=at, original_due_at=due.at, due_at=due.at, provisional=due.provisional,
    )  # fmt: skip
    deadline.skipped = [[day.isoformat(), name] for day, name in due.skipped]  # type: ignore[attr-defined]
    return deadline


def case_clock(case: Case, *, at: dt.datetime, limits: list[dict[str, Any]] | None = None) -> Deadline:
    """The unsaved case clock for the case's tier, by the policy in force at AT; LIMITS spares the query for it."""
    if limits is None:
        value, unit, policy = limit_for(street=case.street_id, category=case.category_id, tier=case.tier, at=at)
    else:
        own = next((row for row in limits if row["street"] in (None, case.street_id)), None)
        policy = Policy(pk=own["id"]) if own else None
        value, unit = (Decimal(str(own["value"])), own["unit"]) if own else TIER_LIMITS[Tier(case.tier)]
    return clock(case, Clock.CASE, value, unit, at=at, policy=policy)


def order_clocks(case: Case, order: Order, *, at: dt.datetime) -> list[Deadline]:
    """Sign-in and step clock of ORDER, both from the moment of dispatch and not later than the case clock. Where that
    has run out already, the unit gets the sign-in limit, and the ledger says why."""
    late = case.due_at is None or case.due_at <= at
    cap = None if late else case.due_at
    sign_in = clock(case, Clock.SIGN_IN, *SIGN_IN_LIMIT, at=at, order=order, cap=cap)
    due = cap or sign_in.due_at
    step = Deadline(
        case=case, order=order, clock=Clock.HANDLE, round=case.round, value=_hours(due - at), unit=LimitUnit.NATURAL_HOUR,
        started_at=at, original_due_at=due, due_at=due, provisional=case.provisional if cap else sign_in.provisional,
    )  # fmt: skip
    step.reason = OUT_OF_TIME if late else ""  # type: ignore[attr-defined]
    return [sign_in, step]


def _hours(time: dt.timedelta) -> Decimal:
    """What is left for a step, as a limit: hours, to the hundredth."""
    return max(Decimal(time / dt.timedelta(hours=1)).quantize(Decimal("0.01")), Decimal("0.01"))


def begin(deadlines: list[Deadline], *, by: User, at: dt.datetime, ledger: Iterable[LedgerEntry] = ()) -> None:
    """Save and start DEADLINES, each with its first ledger row and its job; LEDGER rows go in with them. Three queries."""
    Deadline.objects.bulk_create(deadlines)
    starts = [
        LedgerEntry(
            deadline=deadline, entry=Entry.START, at=at, by=by, reason=getattr(deadline, "reason", ""),
            data={
                "value": str(deadline.value), "unit": deadline.unit, "policy": deadline.policy_id,
                "due": deadline.due_at.isoformat(), "skipped": getattr(deadline, "skipped", []),
                "provisional": deadline.provisional,
            },
        )
        for deadline in deadlines
    ]  # fmt: skip
    LedgerEntry.objects.bulk_create([*starts, *ledger])
    promises = [(deadline, next_moment(deadline)) for deadline in deadlines]
    jobs.promise_many(Job(kind=KIND, key=str(d.pk), due_at=when) for d, when in promises if when is not None)


_MEET = """
    UPDATE cases_deadline SET met_at = %s
    WHERE case_id = %s AND clock = ANY(%s) AND met_at IS NULL AND dropped_at IS NULL
    RETURNING id
"""


def meet(case: Case, *clocks: Clock, by: User, at: dt.datetime) -> list[LedgerEntry]:
    """Stop the running CLOCKS of CASE as met; answers their ledger rows, unsaved. One query.

    What had run out by AT without being struck yet (the worker was down) is marked by its job afterwards: being met
    late is still late.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MEET, [at, case.pk, [clock.value for clock in clocks]])
        met = [row[0] for row in cursor.fetchall()]
    return [LedgerEntry(deadline_id=pk, entry=Entry.MET, at=at, by=by) for pk in met]


_RUN_AGAIN = """
    UPDATE cases_deadline SET met_at = CASE WHEN clock = %(verify)s THEN %(at)s END
    WHERE case_id = %(case)s AND dropped_at IS NULL
      AND ((clock = %(verify)s AND met_at IS NULL) OR (clock = %(clock)s AND round = %(round)s))
    RETURNING *
"""


def run_again(case: Case, *, by: User, at: dt.datetime, reason: str) -> None:
    """Verification failed: its clock is met, and the case clock of this round runs on as if it had never stopped; its
    due moment stays. Three queries."""
    args = {"verify": Clock.VERIFY.value, "clock": Clock.CASE.value, "at": at, "case": case.pk, "round": case.round}
    rows = list(Deadline.objects.raw(_RUN_AGAIN, args))
    LedgerEntry.objects.bulk_create(
        LedgerEntry(deadline=row, entry=Entry.MET, at=at, by=by)
        if row.clock == Clock.VERIFY
        else LedgerEntry(deadline=row, entry=Entry.REWORK, at=at, by=by, reason=reason[:200])
        for row in rows
    )
    _stand_at_next_moment([row for row in rows if row.clock == Clock.CASE])


_HAND_OVER = """
    WITH dropped AS (
        UPDATE cases_deadline SET dropped_at = %(at)s
        WHERE case_id = %(case)s AND clock = ANY(%(step)s) AND met_at IS NULL AND dropped_at IS NULL RETURNING id
    )
    SELECT id, 'dropped' FROM dropped
    UNION ALL
    SELECT id, 'handover' FROM cases_deadline WHERE case_id = %(case)s AND clock = %(clock)s AND round = %(round)s
"""


def hand_over(case: Case, order: Order, *, by: User, at: dt.datetime) -> list[LedgerEntry]:
    """ORDER ends: its own clocks are dropped, the case clock runs on and its ledger says so; rows unsaved. One query."""
    args: dict[str, Any] = {
        "at": at, "case": case.pk, "step": [Clock.SIGN_IN.value, Clock.HANDLE.value], "clock": Clock.CASE.value,
        "round": case.round,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_HAND_OVER, args)
        rows = cursor.fetchall()
    return [
        LedgerEntry(
            deadline_id=pk, entry=entry, at=at, by=by, reason=str(order)[:200] if entry == Entry.HANDOVER else ""
        )
        for pk, entry in rows
    ]


def stretch_for_tier(case: Case, tier: str, *, by: User, at: dt.datetime) -> tuple[Deadline, LedgerEntry]:
    """Move the case clock to start + the limit of the raised TIER; never shorter, and the first due moment stays.

    Answers the deadline and its ledger row, unsaved. The policy that counts is the one in force at the start.
    """
    deadline = case.deadlines.select_for_update().get(clock=Clock.CASE, round=case.round)
    start = deadline.started_at
    value, unit, policy = limit_for(street=case.street_id, category=case.category_id, tier=tier, at=start)
    due = due_after(case.grid.street_code, start, value, unit)
    entry = LedgerEntry(deadline=deadline, entry=Entry.TIER, at=at, by=by, reason=tier)
    _move(deadline, due, entry, longer_only=True, value=value, unit=unit, policy=policy)
    return deadline, entry


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
    case: Case = Case.objects.select_related("grid").defer("search", "grid__border", "grid__shape").locked(pk)
    count = 0
    for deadline in case.deadlines.provisional().select_for_update().order_by("pk"):
        before = deadline.due_at
        due = due_after(case.grid.street_code, deadline.started_at, deadline.value, deadline.unit)
        if deadline.clock == Clock.HANDLE:
            due = Due(case.due_at or due.at, case.provisional)
        if (due.at, due.provisional) == (before, deadline.provisional):
            continue  # as much a guess as before: the ledger tells of changes only
        entry = LedgerEntry(deadline=deadline, entry=Entry.RECOMPUTED, at=at, by=by)
        entry.data = {"skipped": [[day.isoformat(), name] for day, name in due.skipped]}
        count += _move(deadline, due, entry, longer_only=deadline.breached_at is not None)
        entry.save()
        if deadline.clock == Clock.CASE:
            changes = case.change(due_at=deadline.due_at, provisional=deadline.provisional, version=case.version + 1)
            if before != deadline.due_at:
                write_down("cases.recomputed", case, changes, by=by, at=at)
    return count


def _move(deadline: Deadline, due: Due, entry: LedgerEntry, *, longer_only: bool, **values: object) -> bool:
    """Set the deadline's due moment to DUE and say in ENTRY by how much it moved."""
    before = deadline.due_at
    after = max(before, due.at) if longer_only else due.at
    entry.moved_seconds = round((after - before).total_seconds())
    deadline.change(due_at=after, provisional=due.provisional, **values)
    _stand_at_next_moment([deadline])
    return after != before


def next_moment(deadline: Deadline) -> dt.datetime | None:
    """When something happens to DEADLINE next; None if nothing does."""
    if deadline.breached_at is not None or deadline.dropped_at is not None:
        return None
    share = next((share for share in STAGES[deadline.clock] if share > deadline.told), None)
    return None if share is None else deadline.stage_at(share)


def _stand_at_next_moment(deadlines: list[Deadline]) -> None:
    moments = {deadline.pk: next_moment(deadline) for deadline in deadlines}
    if due := {pk: when for pk, when in moments.items() if when is not None}:
        jobs.rearm(KIND, due)
