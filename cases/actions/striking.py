"""What happens when a deadline's moment comes: word at 50 and 80 percent, the breach with its card at 100, and the red
card after that. What follows from cards: `climbing`; who is told: `telling`."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.timezone import localdate

from accounts.actions import notify
from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases.actions.climbing import Line, Rise, give_cards, supervise_by_rule
from cases.actions.clocks import next_moment
from cases.actions.limits import Limits
from cases.actions.moving import recompute
from cases.actions.taking import AGAIN, notice
from cases.actions.telling import People, card_notice, supervision_notice
from cases.choices import (
    LEVEL_OF_ROLE,
    NOTICE_BREACH,
    NOTICE_NEAR,
    RED_STAGE,
    RUNG_OF_TIER,
    STAGES,
    CardLevel,
    Cause,
    Clock,
    Entry,
    Level,
    LimitOf,
    Part,
    Tier,
)
from cases.models import Case, Deadline, LedgerEntry, Order, Supervision
from gridgov.core.records import record_all
from grids.queries import heavy


@dataclass
class Struck:
    """A deadline whose moment has come: the highest share that is new, and whether it ran out or got the red card."""

    row: Deadline
    # What came after this had no power over it any more: it was met, dropped, or stands still.
    until: dt.datetime
    share: int = 0
    breached: bool = False
    red: bool = False

    def rises(self) -> list[Rise]:
        """The cards it deserves now, from below."""
        row, found = self.row, []
        if row.clock not in {Clock.CASE, Clock.REPLY}:
            return []
        if self.breached:
            found.append(self._rise(_level_of_breach(row), row.due_at))
        if self.red and row.red_at is not None:
            found.append(self._rise(CardLevel.RED, row.red_at))
        return found

    def _rise(self, level: CardLevel, moment: dt.datetime) -> Rise:
        row, holder = self.row, _holder(self.row)
        cause = Cause.REPLY if row.clock == Clock.REPLY else Cause.OVERDUE
        order = holder.order if isinstance(holder, Supervision) else holder
        return Rise(
            row.case, level, row.round, moment, cause, order,
            holder.unit_id if holder else None, holder.grid_id if holder else None,
            owed=row.met_at is None and row.dropped_at is None,
        )  # fmt: skip


def _level_of_breach(row: Deadline) -> CardLevel:
    """An answer that fails to come makes a supervision one level graver."""
    if row.clock == Clock.REPLY and row.supervision is not None:
        return CardLevel(min(row.supervision.level + 1, CardLevel.RED))
    return CardLevel.YELLOW


def _holder(row: Deadline) -> Order | Supervision | None:
    """Whose clock it is: those of its own order or supervision, else of the case's order in force, or that was in force
    when the time ran out (_find_holders)."""
    if row.clock == Clock.RESPONSE:
        return None  # nobody had it yet, whoever has it by the time of the mark
    return row.supervision or row.order or getattr(row, "had_by", row.case.lead_order)


def _find_holders(struck: list[Struck]) -> None:
    """Marked late, after an outage, a case may have gone elsewhere since: those who have it now were not late. One query, and
    none where no case clock ran out."""
    late = [one.row for one in struck if (one.breached or one.red) and one.row.clock == Clock.CASE]
    orders: dict[int, list[Order]] = {}
    if late:
        rows = Order.objects.filter(case__in={row.case_id for row in late}, part=Part.LEAD).order_by("pk")
        for order in rows:
            orders.setdefault(order.case_id, []).append(order)
    for row in late:
        had = [
            order for order in orders.get(row.case_id, [])
            if order.sent_at <= row.due_at and (order.ended_at is None or order.ended_at > row.due_at)
        ]  # fmt: skip
        row.had_by = had[-1] if had else None  # type: ignore[attr-defined]


def strike(*, deadlines: list[int], by: User, at: dt.datetime) -> dict[int, dt.datetime]:
    """Do what is due at AT for DEADLINES (ids): tell at 50 and 80 percent, mark the breach at 100 with its yellow card,
    give the red one at `red_at`. Answers {id: next moment}.

    Inside a transaction. Each effect happens once however often this is called: it is done under the case's lock, and
    what was announced stands in the row; cards and notices carry unique keys. What came while no worker ran is marked
    with the moment it should have come at, and told once: the gravest. Not two dozen statements for any number of
    deadlines.
    """
    rows = _held(deadlines)
    left_out = set(deadlines) - {row.pk for row in rows}
    left_out &= set(Deadline.objects.filter(pk__in=left_out).values_list("pk", flat=True)) if left_out else set()
    busy = dict.fromkeys(left_out, at + AGAIN)
    _check_guesses(rows, by=by, at=at)
    struck = [_see(row, at) for row in rows]
    limits = _red_moments(struck, at)
    for one in struck:
        row = one.row
        if row.red_at is not None and row.told < RED_STAGE and row.breached_at is not None and row.red_at <= one.until:
            one.red, row.told = True, RED_STAGE
    _find_holders(struck)
    _mark(struck)
    given, cards = give_cards([rise for one in struck for rise in one.rises()])
    _show(struck, given)
    breaches: list[Line] = [
        ("cases.breached", one.row.case, {"clock": one.row.clock, "due": one.row.due_at.isoformat()})
        for one in struck if one.breached
    ]  # fmt: skip
    LedgerEntry.objects.bulk_create(
        LedgerEntry(deadline=one.row, entry=Entry.BREACH, at=at, by=by) for one in struck if one.breached
    )
    supervised, more = supervise_by_rule(given, limits=limits, by=by, at=at)
    if lines := [*breaches, *cards, *more]:
        record_all(lines, by=by, at=at)
    _tell([one for one in struck if one.share or one.red], given, supervised, at)
    moments = {one.row.pk: _look_again(one.row, at) for one in struck}
    return busy | {pk: when for pk, when in moments.items() if when is not None}


def _held(deadlines: list[int]) -> list[Deadline]:
    """The rows, locked after their cases; without those whose case somebody else holds: whoever holds it may want the very
    jobs that this one holds (jobs.rearm), so waiting for it could last for ever. Two statements."""
    cases = Case.objects.filter(deadlines__in=deadlines).order_by("pk")
    cases = cases.select_for_update(no_key=True, of=("self",), skip_locked=True)
    cases = cases.select_related("grid", "lead_order").defer("search", *heavy("grid"))
    held = {case.pk: case for case in cases}
    rows = Deadline.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=deadlines, case__in=list(held))
    rows = rows.order_by("pk")
    found = list(rows.select_related("order", "supervision__by", "supervision__order"))
    for row in found:
        row.case = held[row.case_id]
        if row.supervision is not None:
            row.supervision.case = row.case
    return found


def _check_guesses(rows: list[Deadline], *, by: User, at: dt.datetime) -> None:
    """Work out again what would run out by a guess: its year may have been loaded while nobody worked, or by somebody whose
    transaction did not see this deadline yet. No query where nothing is provisional."""
    guessed = [row for row in rows if row.provisional and row.due_at <= at and row.breached_at is None]
    for case in {row.case_id: row.case for row in guessed}.values():
        recompute(case, by=by, at=at)
    for row in guessed:
        row.refresh_from_db(fields=["due_at", "provisional"])


def _look_again(row: Deadline, at: dt.datetime) -> dt.datetime | None:
    """When to look at ROW again after a look with the eyes of AT. A verb that came in between has a later moment than the
    sweep, which took its own before it waited: what ran out before that verb is seen only from there."""
    stops = [moment for moment in (row.met_at, row.dropped_at, row.paused_at) if moment is not None]
    if stops and min(stops) > at:
        return min(stops)
    return None if row.met_at is not None else next_moment(row)


def catch_up(case: Case, *, at: dt.datetime) -> None:
    """Mark what ran out of the locked CASE by AT while nobody looked: whatever moves, stops or drops it now is too late."""
    over = case.deadlines.running().filter(paused_at=None, breached_at=None, due_at__lte=at)
    if deadlines := list(over.values_list("pk", flat=True)):
        strike(deadlines=deadlines, by=User.objects.system(), at=at)
        case.refresh_from_db(fields=["version", "card", "breached_at", "due_at", "provisional"])


def _see(row: Deadline, at: dt.datetime) -> Struck:
    """What is new about ROW at AT. What was dropped in the meantime may have run out before."""
    moments = (at, row.met_at, row.dropped_at, row.paused_at)
    one = Struck(row, min(moment for moment in moments if moment is not None))
    reached = [share for share in STAGES[row.clock] if share > row.told and row.stage_at(share) <= one.until]
    if 100 in reached and row.breached_at is None:
        one.breached, one.share, row.told, row.breached_at = True, 100, 100, row.due_at
    elif reached and row.met_at is None and row.dropped_at is None:
        one.share = row.told = reached[-1]
    return one


def _red_moments(struck: list[Struck], at: dt.datetime) -> Limits:
    """Set when the red card comes for those that ran out now. Of a supervision, where not answering does not make it red
    at once. Answers the limits that red cards need."""
    late = [one for one in struck if one.breached or one.row.red_at is not None]
    first = min((one.row.due_at for one in late), default=at)
    limits = Limits([one.row.case for one in late], LimitOf.RED, LimitOf.REPLY, first=first, last=at)
    for one in late:
        row = one.row
        climbs = row.clock == Clock.CASE or (row.clock == Clock.REPLY and _level_of_breach(row) < CardLevel.RED)
        if one.breached and climbs:
            due, _limit = limits.due(row.case, LimitOf.RED, row.due_at)
            row.red_at = due.at
    return limits


_MARK = """
    UPDATE cases_deadline SET told = new.told, red_at = new.red_at,
        breached_at = CASE WHEN new.breached THEN coalesce(cases_deadline.breached_at, cases_deadline.due_at)
                           ELSE cases_deadline.breached_at END
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::bool[]) AS new (id, told, red_at, breached)
    WHERE cases_deadline.id = new.id
"""


def _mark(struck: list[Struck]) -> None:
    """Write down what the deadlines have come to; the breach is the moment the limit ran out, whenever it is marked."""
    new = [one for one in struck if one.share or one.red]
    if not new:
        return
    columns = ([one.row.pk for one in new], [one.row.told for one in new], [one.row.red_at for one in new],
               [one.breached for one in new])  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_MARK, columns)


_SHOW = """
    UPDATE cases_case SET version = version + 1, card = greatest(cases_case.card, new.card),
        breached_at = coalesce(cases_case.breached_at, new.breached_at)
    FROM unnest(%s::bigint[], %s::int[], %s::timestamptz[]) AS new (id, card, breached_at) WHERE cases_case.id = new.id
"""


def _show(struck: list[Struck], given: list[Rise]) -> None:
    """Let the cases show it: the first breach of a case clock, of whichever round, and the highest card."""
    cards: dict[int, int] = {}
    late: dict[int, dt.datetime] = {}
    for rise in given:
        cards[rise.case.pk] = max(rise.level, cards.get(rise.case.pk, 0))
    for one in struck:
        if one.breached and one.row.clock == Clock.CASE:
            late[one.row.case_id] = min(one.row.due_at, late.get(one.row.case_id, one.row.due_at))
    changed = sorted(cards.keys() | late.keys())
    for case in {one.row.case_id: one.row.case for one in struck}.values():
        case.version += case.pk in cards or case.pk in late
    if changed:
        columns = (changed, [cards.get(pk, 0) for pk in changed], [late.get(pk) for pk in changed])
        with connection.cursor() as cursor:
            cursor.execute(_SHOW, columns)


def _tell(struck: list[Struck], given: list[Rise], supervised: dict[int, Supervision], at: dt.datetime) -> None:
    """One notice a person for each deadline: of the gravest that has come."""
    holders = [holder for one in struck if (holder := _holder(one.row)) is not None]
    people = People([one.row.case for one in struck], [*holders, *supervised.values()], localdate(at))
    by_key = {(rise.case.pk, rise.round, rise.level, rise.cause): rise for rise in given}
    found: list[Notice] = []
    for one in struck:
        new = [rise for mine in one.rises() if (rise := by_key.get((mine.case.pk, mine.round, mine.level, mine.cause)))]
        found += _notices(one, new[-1] if new else None, supervised.get(one.row.case_id), people)
    notify(found, at=at)


def _notices(one: Struck, card: Rise | None, supervision: Supervision | None, people: People) -> Iterable[Notice]:
    row = one.row
    holder = _holder(row)
    hands = people.addressed(holder) if isinstance(holder, Supervision) else people.handlers(holder)
    if card is not None and card.level == CardLevel.RED:
        watchers = _next_rung(row, people) | people.leads(row.case, Level.STREET)
        if (
            one.breached
        ):  # seen late, both at once: the graver is told to those who would have heard of the yellow card, too
            watchers |= people.leads(row.case)
        told = {user: card_notice(card, user) for user in watchers | hands}
        if supervision is not None:
            told |= {user: supervision_notice(supervision, user) for user in hands | people.addressed(supervision)}
        return told.values()
    if one.breached:
        text, key = NOTICE_BREACH[Clock(row.clock)], f"deadline:{row.pk}:100"
        watchers = _next_rung(row, people) if row.clock == Clock.REPLY else people.leads(row.case)
        told = {user: notice(row.case, user, NoticeKind.BREACH, text, row.due_at, key=key) for user in hands | watchers}
        if card is not None:
            told |= {user: card_notice(card, user) for user in watchers}
        return told.values()
    if not one.share:
        return []
    moment, key = row.stage_at(one.share), f"deadline:{row.pk}:{one.share}"
    return [
        notice(row.case, user, NoticeKind.NEAR, NOTICE_NEAR, moment, key=key, share=one.share) for user in sorted(hands)
    ]


def _next_rung(row: Deadline, people: People) -> set[int]:
    """One rung above those who were told before: the leads of the tier, or whoever issued the supervision."""
    level = RUNG_OF_TIER[Tier(row.case.tier)]
    if row.supervision is not None:
        level = max(level, LEVEL_OF_ROLE.get(Role(row.supervision.by.role), Level.NONE))
    return people.above(row.case, level)
