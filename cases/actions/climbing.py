"""Climbing the ladder: cards, and supervision by rule. For one case or ten thousand in as many statements.

Levels only rise: a round never gets a card lower than one it has, and a new round keeps what the case showed.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.timezone import localdate

from accounts.actions import notify
from accounts.models import User
from cases.actions import clocks
from cases.actions.limits import Limits
from cases.actions.telling import People, card_notice, supervision_notice
from cases.choices import (
    DEMANDS,
    RUNG_OF_TIER,
    CardLevel,
    Cause,
    Clock,
    Entry,
    Level,
    LimitOf,
    OrderState,
    Part,
    SupervisionKind,
    Tier,
)
from cases.models import Card, Case, LedgerEntry, Order, Supervision
from gridgov.core.records import record_all
from grids.queries import heavy

# What a case's records take down: (verb, case, data), in order.
Line = tuple[str, Case, dict[str, Any]]


@dataclass(frozen=True)
class Rise:
    """CASE deserves LEVEL since MOMENT, because of CAUSE, with the UNIT or GRID that had it; `owed`: there is still
    something to answer for."""

    case: Case
    level: CardLevel
    round: int
    moment: dt.datetime
    cause: Cause
    order: Order | None = None
    unit_id: int | None = None
    grid_id: int | None = None
    owed: bool = True


def give_cards(rises: list[Rise]) -> tuple[list[Rise], list[Line]]:
    """Give the cards of RISES that are higher than any of the same round; answers those, and what to record."""
    carded = {one.case.pk for one in rises if one.case.card}
    highest: dict[tuple[int, int], int] = {}
    if carded:
        for case, number, level in Card.objects.filter(case__in=carded).values_list("case", "round", "level"):
            highest[case, number] = max(level, highest.get((case, number), 0))
    given = []
    for one in sorted(rises, key=lambda one: (one.case.pk, one.moment, one.level)):
        if one.level > highest.get((one.case.pk, one.round), 0):
            highest[one.case.pk, one.round] = one.level
            given.append(one)
    if given:
        Card.objects.bulk_create(
            Card(case=one.case, level=one.level, round=one.round, unit_id=one.unit_id, grid_id=one.grid_id, at=one.moment)
            for one in given
        )  # fmt: skip
    return given, [
        ("cases.carded", one.case, {"card": int(one.level), "cause": str(one.cause), "round": one.round})
        for one in given
    ]


def supervise_by_rule(
    given: list[Rise], *, limits: Limits, by: User, at: dt.datetime
) -> tuple[dict[int, Supervision], list[Line]]:
    """Red cards still owed an answer become supervision, in place of any lower one; {case: supervision}, and what to
    record. The answer is due by the limit counted from AT: nobody can answer before."""
    red = {one.case.pk: one for one in given if one.level == CardLevel.RED and one.owed}
    if not red:
        return {}, []
    ledger = lay_down(list(red), by=by, at=at)
    made, deadlines = [], []
    for one in red.values():
        due, (value, unit, policy) = limits.due(one.case, LimitOf.REPLY, at)
        unit_id, grid_id = addressee(one)
        row = Supervision(
            case=one.case, kind=SupervisionKind.ORDINARY, level=CardLevel.RED, round=one.round, order=one.order,
            unit_id=unit_id, grid_id=grid_id, text=DEMANDS[one.cause], by=by, at=at, reply_due=due.at,
        )  # fmt: skip
        made.append(row)
        clock = clocks.clock(one.case, Clock.REPLY, value, unit, at=at, policy=policy, due=due)
        clock.round = one.round
        deadlines.append(clock)
    Supervision.objects.bulk_create(made)
    for row, clock in zip(made, deadlines, strict=True):
        clock.supervision = row
    clocks.begin(deadlines, by=by, at=at, ledger=ledger)
    lines = [
        (
            "cases.supervised",
            row.case,
            {"card": int(row.level), "rule": row.text, "reply_due": row.reply_due.isoformat()},
        )
        for row in made
    ]
    return {row.case_id: row for row in made}, lines


def addressee(one: Rise) -> tuple[int | None, int | None]:
    """(unit, grid) that must answer: who had the case, or where nobody had it, the grid whose lead should have sent it."""
    if one.unit_id or one.grid_id:
        return one.unit_id, one.grid_id
    return None, ground_of(one.case)


def ground_of(case: Case) -> int:
    """The grid whose leads answer for a case of its tier."""
    columns = (case.comprehensive_id, case.total_id, case.street_id)
    above = columns[RUNG_OF_TIER[Tier(case.tier)] - 1 :]
    return next(pk for pk in above if pk)


_LAY_DOWN = """
    WITH ended AS (
        UPDATE cases_supervision SET superseded_at = %(at)s
        WHERE case_id = ANY(%(cases)s) AND replied_at IS NULL AND superseded_at IS NULL RETURNING id, case_id
    )
    UPDATE cases_deadline clock SET dropped_at = %(at)s FROM ended
    WHERE clock.case_id = ended.case_id AND clock.supervision_id = ended.id
      AND clock.met_at IS NULL AND clock.dropped_at IS NULL RETURNING clock.id
"""


def lay_down(cases: list[int], *, by: User, at: dt.datetime) -> list[LedgerEntry]:
    """End the open supervision of CASES (ids) without an answer, and drop its clock; the ledger rows, unsaved. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LAY_DOWN, {"at": at, "cases": cases})
        dropped = [row[0] for row in cursor.fetchall()]
    return [LedgerEntry(deadline_id=pk, entry=Entry.DROPPED, at=at, by=by) for pk in dropped]


def climb_on_reopening(case: Case, *, at: dt.datetime) -> None:
    """A case that comes back climbs by itself: yellow and its lead the first time; from the second on red, the street,
    and supervision by rule. The card goes to whoever had it in the round before."""
    by = User.objects.system()
    orders = case.orders.filter(part=Part.LEAD, state=OrderState.DONE).order_by("-pk")
    last = orders.select_related("unit", "grid").defer(*heavy("grid")).first()
    level = CardLevel.YELLOW if case.round == 2 else CardLevel.RED
    one = Rise(
        case, level, case.round, at, Cause.REOPENED, last,
        last.unit_id if last else None, last.grid_id if last else None,
    )  # fmt: skip
    given, lines = give_cards([one])
    case.change(card=max(case.card, level))
    people = People([case], [last] if last else [], localdate(at))
    supervised: dict[int, Supervision] = {}
    if level == CardLevel.RED:
        limits = Limits([case], LimitOf.REPLY, first=at, last=at)
        supervised, more = supervise_by_rule(given, limits=limits, by=by, at=at)
        lines += more
    record_all(lines, by=by, at=at)
    watchers = (
        people.leads(case) if level == CardLevel.YELLOW else people.above(case) | people.leads(case, Level.STREET)
    )
    told = {user: card_notice(one, user) for user in watchers}
    for row in supervised.values():
        told |= {user: supervision_notice(row, user) for user in people.addressed(row)}
    notify(told.values(), at=at)
