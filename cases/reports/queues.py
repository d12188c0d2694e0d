"""What waits for a person: the same conditions make the numbers of the workbench and the lists behind them."""

import datetime as dt
import operator
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BooleanField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.choices import FIELD_ROLES, LEADS, Role
from accounts.models import User
from accounts.queries import stands_in_for
from cases.choices import AUTHORITY, WORKING_STATES, CardLevel, CaseState, Clock, Hold, OrderState, Part
from cases.models import Callback, Case, Order, Reporter, Supervision
from cases.queries import is_late
from cases.reports.looks import NEAR_SHARE
from cases.rules import can_see_confidential
from grids.choices import GridKind
from grids.queries import scope_of

DECIDERS = LEADS | {Role.STREET}
HANDLERS = frozenset({Role.WORKER, Role.UNIT_STAFF, *DECIDERS})
CALLERS = FIELD_ROLES | {Role.STREET}
RUNNING = Q(hold=Hold.NONE)
Holds = Callable[[User, dt.datetime], Q]


def _addressed(user: User) -> Q:
    """The order in force is addressed to USER: to an own unit, or to a grid an own post stands on."""
    scope = scope_of(user)
    return Q(lead_order__unit__in=scope.units) | Q(lead_order__grid__in=[node.pk for node in scope.nodes])


def _helps(user: User, *states: OrderState) -> Q:
    """An own unit was called to assist, and its order is in one of STATES. Only units are called."""
    units = scope_of(user).units
    if not units:
        return Q(pk__in=[])
    orders = Order.objects.filter(part=Part.ASSIST, state__in=states, unit__in=units)
    return Q(state__in=WORKING_STATES, pk__in=orders.order_by().values("case"))


def _not_mine(user: User) -> Q:
    """Nobody verifies the own work, leading or assisting (rules.handled)."""
    people = [user.pk, *stands_in_for(user)]
    done = Order.objects.filter(
        Q(handler__in=people) | Q(unit__in=scope_of(user).units), state__in=[OrderState.SIGNED, OrderState.DONE]
    )
    # NULL, nobody, is not in any list, but its opposite is not true either.
    completed = Q(completed_by__isnull=False, completed_by__in=people)
    return ~(completed | Q(pk__in=done.order_by().values("case")))


def _to_answer(user: User, at: dt.datetime) -> Q:
    """An open supervision is addressed to USER, or to whoever had the case before (rules.is_addressed)."""
    scope = scope_of(user)
    mine = Q(unit__in=scope.units) | Q(grid__in=[node.pk for node in scope.nodes])
    waits = Supervision.objects.open()
    return Q(pk__in=waits.filter(mine).values("case")) | (Q(pk__in=waits.values("case")) & _addressed(user))


def _issued(user: User, at: dt.datetime) -> Q:
    """An open supervision that USER issued, or for the street office that the rules did."""
    by = Q(by=user)
    if user.role == Role.STREET:
        # One id, not a join: by that the few open ones are read off their index.
        by |= Q(by=Subquery(User.objects.filter(username="system").values("pk")[:1]))
    return Q(pk__in=Supervision.objects.open().filter(by).values("case"))


def _near(user: User, at: dt.datetime) -> Q:
    whole = ExpressionWrapper(F("due_at") - F("started_at"), output_field=DurationField())
    most = ExpressionWrapper(whole * NEAR_SHARE, output_field=DurationField())
    turn = ExpressionWrapper(F("started_at") + most, output_field=DateTimeField())
    return Q(completed_at=None, breached_at=None, hold="", due_at__gte=at) & Q(LessThanOrEqual(turn, at))


def _to_call(user: User, at: dt.datetime) -> Q:
    """Done in this round, the reporter left a number, nobody has reached them yet (rules.can_call_back)."""
    callable_ = Reporter.objects.filter(case=OuterRef("pk")).exclude(phone="")
    # Whoever reported in confidence is called by those who may know the number.
    left_a_number = Exists(callable_ if can_see_confidential(user) else callable_.filter(confidential=False))
    reached = Exists(Callback.objects.filter(case=OuterRef("pk"), round=OuterRef("round"), reached=True))
    return Q(state__in=(CaseState.COMPLETED, CaseState.VERIFIED)) & left_a_number & ~reached & _not_mine(user)


def _of_own_tier(user: User) -> Q:
    return Q(tier__lte=AUTHORITY.get(Role(user.role), ""))


def _in_state(state: CaseState, more: Callable[[User], Q] = lambda user: Q()) -> Holds:
    """In STATE, and not standing still: what stands still can't be moved on (choices.HELD_MOVES)."""
    return lambda user, at: Q(state=state) & RUNNING & more(user)


def _with_card(level: CardLevel) -> Holds:
    return lambda user, at: Q(card=level)


@dataclass(frozen=True)
class Step:
    """What is to be done with a case: the verb, for whom it is work, and the condition under which it is theirs."""

    verb: str
    roles: frozenset[str]
    holds: Holds


# The first that holds is the next sensible step.
STEPS: tuple[Step, ...] = (
    Step("answer", HANDLERS, _to_answer),
    Step("report-in", HANDLERS, lambda user, at: RUNNING & _helps(user, OrderState.SENT)),
    Step("sign-in", HANDLERS, _in_state(CaseState.DISPATCHED, _addressed)),
    Step("finish-assist", HANDLERS, lambda user, at: RUNNING & _helps(user, OrderState.SIGNED)),
    Step("complete", HANDLERS, _in_state(CaseState.HANDLING, _addressed)),
    Step("accept", DECIDERS, _in_state(CaseState.SUBMITTED)),
    Step("dispatch", DECIDERS, _in_state(CaseState.ACCEPTED, _of_own_tier)),
    Step("verify", DECIDERS, _in_state(CaseState.COMPLETED, _not_mine)),
    Step("close", DECIDERS, _in_state(CaseState.VERIFIED, _not_mine)),
)


def steps_of(user: User, verbs: frozenset[str] = frozenset()) -> list[Step]:
    """The steps that are work of USER's; of VERBS only those."""
    return [step for step in STEPS if user.role in step.roles and (not verbs or step.verb in verbs)]


@dataclass(frozen=True)
class Queue:
    """Open cases of one kind, and for whom it is work: those that wait for one of the steps VERBS, or for which `watch`
    holds."""

    name: str
    label: Any
    icon: str
    roles: frozenset[str]
    verbs: frozenset[str] = frozenset()
    watch: Holds | None = None
    # How the tile looks when something waits: near is amber, late is red.
    warns: str = ""
    # Whose time counts here; empty: whichever runs out first.
    clocks: tuple[Clock, ...] = (Clock.CASE,)

    def holds(self, user: User, at: dt.datetime) -> Q:
        if self.watch:
            return self.watch(user, at)
        return reduce(operator.or_, [step.holds(user, at) for step in steps_of(user, self.verbs)], Q(pk__in=[]))


MINE, LATE = "mine", "late"
QUEUES: tuple[Queue, ...] = (
    Queue(MINE, _("waits for me"), "checklist", HANDLERS, frozenset(step.verb for step in STEPS), clocks=()),
    Queue("to-accept", _("to accept"), "inbox", DECIDERS, frozenset({"accept"}), clocks=(Clock.RESPONSE,)),
    Queue("to-dispatch", _("to dispatch"), "send", DECIDERS, frozenset({"dispatch"})),
    Queue(
        "to-sign-in", _("to sign in"), "draw", HANDLERS, frozenset({"sign-in", "report-in"}), clocks=(Clock.SIGN_IN, Clock.REPORT_IN)
    ),
    Queue(
        "handling", _("in my hands"), "construction", HANDLERS, frozenset({"complete", "finish-assist"}),
        clocks=(Clock.CASE, Clock.HANDLE),
    ),
    Queue("to-verify", _("to verify"), "fact_check", DECIDERS, frozenset({"verify"}), clocks=(Clock.VERIFY,)),
    Queue("to-close", _("to close"), "task_alt", DECIDERS, frozenset({"close"})),
    Queue("to-answer", _("supervision to answer"), "reply", HANDLERS, frozenset({"answer"}), warns="warn", clocks=(Clock.REPLY,)),
    Queue("to-call", _("calls to make"), "phone_callback", CALLERS, watch=_to_call),
    Queue("supervised", _("supervision issued"), "gavel", DECIDERS, watch=_issued, clocks=(Clock.REPLY,)),
    Queue("near", _("time is running out"), "hourglass_bottom", HANDLERS, watch=_near, warns="near"),
    Queue(LATE, _("overdue"), "error", HANDLERS, watch=lambda user, at: is_late(at), warns="warn"),
    Queue("yellow", _("yellow card"), "style", HANDLERS, watch=_with_card(CardLevel.YELLOW), warns="near"),
    Queue("red", _("red card"), "style", HANDLERS, watch=_with_card(CardLevel.RED), warns="warn"),
)  # fmt: skip
BY_NAME = {queue.name: queue for queue in QUEUES}


def queues_of(user: User) -> list[Queue]:
    return [queue for queue in QUEUES if user.role in queue.roles]


def waiting(user: User, name: str, at: dt.datetime) -> Any:
    """The open cases of the queue NAME that USER sees."""
    return Case.objects.visible_to(user).open().filter(BY_NAME[name].holds(user, at))


@dataclass
class Community:
    """Open and overdue cases of one community, or of one street for who has several."""

    code: str
    name: str
    open: int = 0
    late: int = 0


@dataclass
class Surveyed:
    """What waits: the cases of each queue, the steps that each case waits for, and the communities they are in."""

    cases: dict[str, list[int]]
    steps: dict[int, list[str]]
    communities: list[Community]

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(cases) for name, cases in self.cases.items()}


def survey(user: User, at: dt.datetime) -> Surveyed:
    """What waits for USER, in one pass over the open cases, which are few however many are closed: they are gathered by
    which steps and watched queues they are in, so that each condition is asked once however many queues there are."""
    queues, steps = queues_of(user), steps_of(user)
    cases: dict[str, list[int]] = {queue.name: [] for queue in queues}
    waits: dict[int, list[str]] = {}
    communities: dict[str, Community] = {}
    for row in _gathered(user, at):
        verbs = [step.verb for n, step in enumerate(steps) if row[f"step_{n}"]]
        held = [one.name for n, one in enumerate(queues) if row.get(f"watch_{n}") or not one.verbs.isdisjoint(verbs)]
        for name in held:
            cases[name] += row["ids"]
        waits |= dict.fromkeys(row["ids"], verbs)
        if row["code"]:
            place = communities.setdefault(row["code"], Community(row["code"], row["name"]))
            place.open += len(row["ids"])
            place.late += len(row["ids"]) if LATE in held else 0
    order = sorted(communities.values(), key=lambda place: (-place.late, -place.open, place.code))
    return Surveyed(cases, waits, order)


# Stands in a survey's query for the moment it is asked at.
_SOME_MOMENT = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
# The queries of who looked last, as text: Django takes five times longer to write one than PostgreSQL to answer it.
_WRITTEN: "OrderedDict[Hashable, tuple[list[str], str, tuple[Any, ...]]]" = OrderedDict()
_WRITTEN_MOST = 500


def _gathered(user: User, at: dt.datetime) -> list[dict[str, Any]]:
    """The open cases that USER sees as rows of {"step_0", …, "watch_0", …, "code", "name", "ids"}: those in one place and in
    the same queues together."""
    scope = scope_of(user)
    key = (
        user.pk, user.role, user.keeps_confidential, *map(tuple, scope.grids.values()), tuple(scope.units), tuple(scope.nodes),
        tuple(stands_in_for(user)),
    )  # fmt: skip
    # What a unit sees is asked in one way or another (CaseQuerySet.visible_to), so that its query is never the same.
    found = None if user.role == Role.UNIT_STAFF else _WRITTEN.pop(key, None)
    try:
        names, sql, params = _WRITTEN[key] = found or _written(user)
    except EmptyResultSet:  # of somebody without a post
        return []
    if len(_WRITTEN) > _WRITTEN_MOST:
        _WRITTEN.popitem(last=False)
    with connection.cursor() as cursor:
        cursor.execute(sql, [at if value == _SOME_MOMENT else value for value in params])
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _written(user: User) -> tuple[list[str], str, tuple[Any, ...]]:
    """The survey's query for USER at some moment: names of its columns, text and values."""
    asked = {f"step_{n}": step.holds for n, step in enumerate(steps_of(user))}
    asked |= {f"watch_{n}": queue.watch for n, queue in enumerate(queues_of(user)) if queue.watch}
    columns = {name: ExpressionWrapper(holds(user, _SOME_MOMENT), BooleanField()) for name, holds in asked.items()}
    rows = Case.objects.visible_to(user).open().order_by().annotate(**columns)
    place = "street" if has_streets(user) else "total"
    gathered = rows.values(*columns, f"{place}__code", f"{place}__name").annotate(ids=ArrayAgg("pk"))
    return [*columns, "code", "name", "ids"], *gathered.query.sql_with_params()


def has_streets(user: User) -> bool:
    """Whether USER looks after several streets, and reads of each as others do of their communities."""
    return len(scope_of(user).grids.get(GridKind.STREET, ())) > 1
