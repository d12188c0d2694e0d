"""The clocks: starting, meeting, handing over and dropping deadlines. How they are moved: `moving`; what happens when
their moments come: `striking`.

Every change of a deadline leaves a row in its ledger. A deadline's job (`cases.deadline`) always stands at its next
moment; one that comes too late, after the deadline was met, finds nothing to do.
"""

import datetime as dt
from collections.abc import Iterable
from copy import copy
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop

from accounts.models import User
from cases.actions.limits import Limit, default_limit
from cases.choices import RED_STAGE, STAGES, TIER_LIMITS, Clock, Entry, LimitOf, Tier
from cases.models import Case, Deadline, LedgerEntry, Order, Policy
from gridgov.core import jobs
from gridgov.core.calendar import Due, LimitUnit, due_after
from gridgov.core.models import Job

KIND = "cases.deadline"
OUT_OF_TIME = gettext_noop("the case clock had run out before this order")


def limit_for(*, street: int, category: int, tier: str, at: dt.datetime) -> Limit:
    """The limit of TIER for a case accepted at AT: (value, unit, policy row or None for the tier's own). One query."""
    policy = Policy.objects.in_force(street=street, category=category, tier=tier, at=at).first()
    if policy is not None:
        return policy.value, policy.unit, policy
    return *TIER_LIMITS[Tier(tier)], None


def limits_of(case: Case, *limits: LimitOf, at: dt.datetime) -> list[Limit]:
    """The limits in force at AT for CASE, in the order asked for, each (value, unit, policy row or None). No query where
    the case was taken with its limits, else one."""
    found: dict[str, Policy] = {}
    rows: Iterable[Policy]
    if (known := getattr(case, "limits", None)) is None:
        rows = Policy.objects.in_force(
            street=case.street_id, category=case.category_id, tier=case.tier, at=at, limits=limits
        )  # fmt: skip
    else:
        rows = [
            Policy(pk=row["id"], limit=row["limit"], value=Decimal(str(row["value"])), unit=row["unit"])
            for row in known if dt.datetime.fromisoformat(row["since"]) <= at
        ]  # fmt: skip
    for row in rows:
        found.setdefault(row.limit, row)
    return [
        (found[limit].value, found[limit].unit, found[limit]) if limit in found else default_limit(case, limit)
        for limit in limits
    ]


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
    due: Due | None = None,
) -> Deadline:
    """An unsaved deadline of VALUE UNITs from AT, never later than CAP; whoever has worked it out already gives DUE.
    `begin` starts it."""
    due = due or due_after(case.grid.street_code, at, value, unit)
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
    """Sign-in and step clock of a leading ORDER, both from the moment of dispatch and not later than the case clock.
    Where that has run out already, the unit gets the sign-in limit, and the ledger says why. One query."""
    late = case.due_at is None or case.due_at <= at
    cap = None if late else case.due_at
    ((value, unit, policy),) = limits_of(case, LimitOf.SIGN_IN, at=at)
    sign_in = clock(case, Clock.SIGN_IN, value, unit, at=at, order=order, policy=policy, cap=cap)
    due = cap or sign_in.due_at
    step = Deadline(
        case=case, order=order, clock=Clock.HANDLE, round=case.round, value=hours(due - at), unit=LimitUnit.NATURAL_HOUR,
        started_at=at, original_due_at=due, due_at=due, provisional=case.provisional if cap else sign_in.provisional,
    )  # fmt: skip
    step.reason = OUT_OF_TIME if late else ""  # type: ignore[attr-defined]
    return [sign_in, step]


def assist_clocks(case: Case, orders: list[Order], *, at: dt.datetime) -> list[Deadline]:
    """For each assisting order a clock for reporting in (whistled) or signing in, and one for its part, from the moment
    of the call. They have limits of their own and end with the case clock at the latest, unless that has run out
    already: then the ledger says so. Two queries at most, however many ORDERS, all whistled or none."""
    late = case.due_at is None or case.due_at <= at
    cap = None if late else case.due_at
    first = (Clock.REPORT_IN, LimitOf.REPORT_IN) if orders[0].whistled else (Clock.SIGN_IN, LimitOf.SIGN_IN)
    kinds = (first[0], Clock.HANDLE)
    found = []
    for kind, (value, unit, policy) in zip(kinds, limits_of(case, first[1], LimitOf.ASSIST, at=at), strict=True):
        one = clock(case, kind, value, unit, at=at, order=orders[0], policy=policy, cap=cap)
        for order in orders:
            mine = copy(one)
            mine.order = order
            mine.reason = OUT_OF_TIME if late else ""  # type: ignore[attr-defined]
            found.append(mine)
    return found


def hours(time: dt.timedelta) -> Decimal:
    """TIME as a limit: hours, to the hundredth."""
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
      AND (order_id IS NULL OR order_id = %s)
    RETURNING id
"""


def meet(case: Case, *clocks: Clock, by: User, at: dt.datetime, order: Order | None = None) -> list[LedgerEntry]:
    """Stop the running CLOCKS of CASE, and of its ORDER, as met; answers their ledger rows, unsaved. One query.

    What had run out by AT without being struck yet (the worker was down) is marked by its job afterwards: being met
    late is still late.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MEET, [at, case.pk, [clock.value for clock in clocks], order.pk if order else None])
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
    stand_at_next_moment([row for row in rows if row.clock == Clock.CASE])


_HAND_OVER = """
    WITH dropped AS (
        UPDATE cases_deadline SET dropped_at = %(at)s
        WHERE case_id = %(case)s AND order_id = %(order)s AND met_at IS NULL AND dropped_at IS NULL RETURNING id
    ), moot AS (
        UPDATE cases_application SET state = 'withdrawn', decided_at = %(at)s
        WHERE case_id = %(case)s AND order_id = %(order)s AND state = 'pending' AND kind <> 'reclassification'
    )
    SELECT id, 'dropped' FROM dropped
    UNION ALL
    SELECT id, 'handover' FROM cases_deadline WHERE case_id = %(case)s AND clock = %(clock)s AND round = %(round)s
"""


def hand_over(case: Case, order: Order, *, by: User, at: dt.datetime) -> list[LedgerEntry]:
    """ORDER ends: its own clocks are dropped, what its holders asked for is moot (but what they say about the category), the
    case clock runs on and its ledger says so; rows unsaved. One query."""
    args: dict[str, Any] = {
        "at": at, "case": case.pk, "order": order.pk, "clock": Clock.CASE.value, "round": case.round,
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


_DROP = """
    UPDATE cases_deadline SET dropped_at = %s
    WHERE case_id = %s AND order_id = ANY(%s) AND met_at IS NULL AND dropped_at IS NULL RETURNING id
"""


def drop(case: Case, orders: Iterable[int], *, by: User, at: dt.datetime, reason: str = "") -> list[LedgerEntry]:
    """The running clocks of ORDERS (ids) are dropped, all others run on; rows unsaved. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP, [at, case.pk, list(orders)])
        rows = cursor.fetchall()
    return [LedgerEntry(deadline_id=pk, entry=Entry.DROPPED, at=at, by=by, reason=reason[:200]) for (pk,) in rows]


def next_moment(deadline: Deadline) -> dt.datetime | None:
    """When something happens to DEADLINE next; None if nothing does."""
    if deadline.dropped_at is not None or deadline.paused_at is not None:
        return None
    if deadline.breached_at is not None:
        return deadline.red_at if deadline.met_at is None and deadline.told < RED_STAGE else None
    share = next((share for share in STAGES[deadline.clock] if share > deadline.told), None)
    return None if share is None else deadline.stage_at(share)


def stand_at_next_moment(deadlines: list[Deadline]) -> None:
    """Promise the next moments of DEADLINES anew, after they were moved."""
    moments = {deadline.pk: next_moment(deadline) for deadline in deadlines}
    if due := {pk: when for pk, when in moments.items() if when is not None}:
        jobs.rearm(KIND, due)
