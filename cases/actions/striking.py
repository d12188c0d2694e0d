"""What happens when a deadline's moment comes: word at 50 and 80 percent, the breach and the yellow card at 100."""

import datetime as dt

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.timezone import localdate

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from cases.actions.clocks import next_moment
from cases.actions.moving import recompute
from cases.actions.taking import notice
from cases.choices import NOTICE_BREACH, NOTICE_CARD, NOTICE_NEAR, STAGES, CardLevel, Clock, Entry, Part, Tier
from cases.models import Card, Case, Deadline, LedgerEntry, Order
from gridgov.core.records import record_all
from grids.choices import PostKind
from grids.models import Post


def strike(*, deadlines: list[int], by: User, at: dt.datetime) -> dict[int, dt.datetime]:
    """Do what is due at AT for DEADLINES (ids): tell at 50 and 80 percent, mark the breach at 100. Answers {id: next moment}.

    Inside a transaction. Each effect happens once however often this is called: the breach is set under a condition,
    cards and notices carry unique keys. A dozen statements for any number of deadlines.
    """
    cases = Case.objects.filter(deadlines__in=deadlines).order_by("pk").select_for_update(no_key=True, of=("self",))
    held = {
        case.pk: case
        for case in cases.select_related("grid", "lead_order").defer("search", "grid__border", "grid__shape")
    }
    rows = list(Deadline.objects.select_for_update(no_key=True).filter(pk__in=deadlines).order_by("pk"))
    _check_guesses(rows, held, by=by, at=at)
    again: dict[int, dt.datetime] = {}
    breached: list[Deadline] = []
    near: dict[int, list[Deadline]] = {}
    for row in rows:
        row.case = held[row.case_id]
        stopped = row.met_at or row.dropped_at or row.paused_at
        until = min(at, stopped) if stopped else at
        reached = [share for share in STAGES[row.clock] if share > row.told and row.stage_at(share) <= until]
        if 100 in reached and row.breached_at is None:
            breached.append(row)
        elif not stopped:
            if reached:
                row.told = reached[-1]
                near.setdefault(row.told, []).append(row)
            if (when := next_moment(row)) is not None:
                again[row.pk] = when
    for share, told in near.items():
        Deadline.objects.filter(pk__in=[row.pk for row in told]).update(told=share)
    told_of = [*breached, *(row for rows in near.values() for row in rows)]
    _set_orders(told_of, breached)
    _mark(breached, by=by, at=at)
    people = _People(told_of, localdate(at))
    notify([*_breach_notices(breached, people), *_near_notices(near, people)], at=at)
    return again


def _check_guesses(rows: list[Deadline], held: dict[int, Case], *, by: User, at: dt.datetime) -> None:
    """Work out again what would run out by a guess: its year may have been loaded while nobody worked, or by somebody whose
    transaction did not see this deadline yet. No query where nothing is provisional."""
    guessed = [row for row in rows if row.provisional and row.due_at <= at and row.breached_at is None]
    for case in {row.case_id: held[row.case_id] for row in guessed}.values():
        recompute(case, by=by, at=at)
    for row in guessed:
        row.refresh_from_db()


def catch_up(case: Case, *, at: dt.datetime) -> None:
    """If the clock of the locked CASE ran out by AT while nobody looked, mark it: whatever moves it now comes too late."""
    if case.due_at is not None and case.due_at <= at:
        late = case.deadlines.running().filter(clock=Clock.CASE, breached_at=None)
        if pks := list(late.values_list("pk", flat=True)):
            strike(deadlines=pks, by=User.objects.system(), at=at)
            case.refresh_from_db(fields=["version", "card", "breached_at", "due_at", "provisional"])


def _set_orders(told_of: list[Deadline], breached: list[Deadline]) -> None:
    """Set each row's `whose`: the order that had the case when the time ran out. Marked late, after an outage, the case may
    have gone elsewhere; those who have it now were not late. One query, and none where nothing is breached."""
    for row in told_of:
        row.whose = row.case.lead_order  # type: ignore[attr-defined]
    orders: dict[int, list[Order]] = {}
    for order in Order.objects.filter(case__in={row.case_id for row in breached}).order_by("pk") if breached else ():
        orders.setdefault(order.case_id, []).append(order)
    for row in breached:
        known = orders.get(row.case_id, [])
        if row.order_id:
            row.whose = next(order for order in known if order.pk == row.order_id)  # type: ignore[attr-defined]
        else:
            # Of two that ended and began at one moment, the later one has it.
            had = [
                o
                for o in known
                if o.part == Part.LEAD and o.sent_at <= row.due_at and not (o.ended_at and o.ended_at <= row.due_at)
            ]
            row.whose = had[-1] if had else None  # type: ignore[attr-defined]


def _mark(breached: list[Deadline], *, by: User, at: dt.datetime) -> None:
    """Set the breach of each deadline to the moment its limit ran out; the case clock's also gives the yellow card."""
    if not breached:
        return
    ids = [row.pk for row in breached]
    Deadline.objects.filter(pk__in=ids, breached_at=None).update(breached_at=F("due_at"), told=100)
    LedgerEntry.objects.bulk_create(LedgerEntry(deadline=row, entry=Entry.BREACH, at=at, by=by) for row in breached)
    late = [row for row in breached if row.clock == Clock.CASE]
    for row in late:
        row.case.version += 1
    # The moment comes from the clock that ran out: a case opened again meanwhile shows the due moment of its new round.
    first = Deadline.objects.filter(case=OuterRef("pk"), clock=Clock.CASE, breached_at__isnull=False)
    Case.objects.filter(pk__in=[row.case_id for row in late]).update(
        breached_at=Coalesce("breached_at", Subquery(first.order_by("breached_at").values("breached_at")[:1])),
        card=Greatest("card", CardLevel.YELLOW),
        version=F("version") + 1,
    )
    Card.objects.bulk_create(
        [
            Card(
                case=row.case, level=CardLevel.YELLOW, round=row.round, at=at,
                unit_id=row.whose.unit_id if row.whose else None, grid_id=row.whose.grid_id if row.whose else None,
            )
            for row in late
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    record_all(
        [("cases.breached", row.case, {"clock": row.clock, "due": row.due_at.isoformat()}) for row in breached],
        by=by, at=at,
    )  # fmt: skip


def _breach_notices(breached: list[Deadline], people: "_People") -> list[Notice]:
    """Of the moment the limit ran out: told much later, after an outage, they are gathered."""
    found = []
    for row in breached:
        leads = people.leads(row.case)
        text, key = NOTICE_BREACH[Clock(row.clock)], f"deadline:{row.pk}:100"
        found += [
            notice(row.case, user, NoticeKind.BREACH, text, row.due_at, key=key)
            for user in people.handlers(row) | leads
        ]
        if row.clock == Clock.CASE:
            key = f"card:{row.case_id}:{row.round}:1"
            found += [notice(row.case, user, NoticeKind.CARD, NOTICE_CARD, row.due_at, key=key) for user in leads]
    return found


def _near_notices(near: dict[int, list[Deadline]], people: "_People") -> list[Notice]:
    return [
        notice(
            row.case,
            user,
            NoticeKind.NEAR,
            NOTICE_NEAR,
            row.stage_at(share),
            key=f"deadline:{row.pk}:{share}",
            share=share,
        )
        for share, rows in near.items()
        for row in rows
        for user in people.handlers(row)
    ]


class _People:
    """Who is told about which case: the handlers, and the leads one level above the tier. One query for all cases."""

    LEVEL = {
        Tier.A: ("comprehensive_id", PostKind.GRID_LEAD),
        Tier.B: ("total_id", PostKind.ROOT_GRID_LEAD),
        Tier.C: ("street_id", PostKind.STREET_STAFF),
    }

    def __init__(self, rows: list[Deadline], on: dt.date) -> None:
        cases, orders = [row.case for row in rows], [row.whose for row in rows if row.whose]  # type: ignore[attr-defined]
        grids = {order.grid_id for order in orders if order.grid_id}
        grids |= {pk for case in cases for pk in (case.comprehensive_id, case.total_id, case.street_id) if pk}
        units = {order.unit_id for order in orders if order.unit_id}
        self._on_grid: dict[tuple[int, str], set[int]] = {}
        self._of_grid: dict[int, set[int]] = {}
        self._in_unit: dict[int, set[int]] = {}
        if not cases:
            return
        posts = Post.objects.current(on).filter(grid__in=grids) | Post.objects.current(on).filter(unit__in=units)
        desks = posts.exclude(kind=PostKind.SPECIALIST_WORKER)  # they are called one by one
        for user, kind, grid, unit in desks.values_list("user_id", "kind", "grid_id", "unit_id"):
            if unit is not None:
                self._in_unit.setdefault(unit, set()).add(user)
            else:
                self._on_grid.setdefault((grid, kind), set()).add(user)
                self._of_grid.setdefault(grid, set()).add(user)

    def handlers(self, row: Deadline) -> set[int]:
        """Who signed in, or until then everybody the order is addressed to."""
        order = row.whose  # type: ignore[attr-defined]
        if order is None:
            return set()
        if order.handler_id:
            return {order.handler_id}
        return self._in_unit.get(order.unit_id or 0) or self._of_grid.get(order.grid_id or 0, set())

    def leads(self, case: Case) -> set[int]:
        """The leads one level up from the tier; where that post is empty, the next above."""
        levels = list(self.LEVEL)
        for tier in levels[levels.index(Tier(case.tier)) :]:
            column, kind = self.LEVEL[tier]
            if found := self._on_grid.get((getattr(case, column), kind)):
                return found
        return set()
