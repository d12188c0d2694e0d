"""What waits for a person: the same conditions make the numbers of the workbench and the lists behind them."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Q
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.choices import LEADS, Role
from accounts.models import User
from accounts.queries import stands_in_for
from cases.choices import AUTHORITY, ORDER_IN_FORCE, WORKING_STATES, CaseState, OrderState, Part
from cases.models import Case, Order, Supervision
from cases.queries import is_late
from cases.reports import NEAR_SHARE
from grids.queries import scope_of

DECIDERS = LEADS | {Role.STREET}
HANDLERS = frozenset({Role.WORKER, Role.UNIT_STAFF, *DECIDERS})


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
    by = Q(by=user) | Q(by__role=Role.SYSTEM) if user.role == Role.STREET else Q(by=user)
    return Q(pk__in=Supervision.objects.open().filter(by).values("case"))


def _late(user: User, at: dt.datetime) -> Q:
    return is_late(at)


def _near(user: User, at: dt.datetime) -> Q:
    whole = ExpressionWrapper(F("due_at") - F("started_at"), output_field=DurationField())
    most = ExpressionWrapper(whole * NEAR_SHARE, output_field=DurationField())
    turn = ExpressionWrapper(F("started_at") + most, output_field=DateTimeField())
    return Q(completed_at=None, breached_at=None, hold="", due_at__gte=at) & Q(LessThanOrEqual(turn, at))


@dataclass(frozen=True)
class Queue:
    """Open cases of one kind; `holds(user, at)` is the condition, `roles` those for whom it is work."""

    name: str
    label: Any
    icon: str
    roles: frozenset[str]
    holds: Callable[[User, dt.datetime], Q]
    # How the tile looks when something waits: near is amber, late is red.
    warns: str = ""


def _in_state(state: CaseState) -> Callable[[User, dt.datetime], Q]:
    return lambda user, at: Q(state=state)


QUEUES: tuple[Queue, ...] = (
    Queue("to-accept", _("to accept"), "inbox", DECIDERS, _in_state(CaseState.SUBMITTED)),
    Queue(
        "to-dispatch", _("to dispatch"), "send", DECIDERS,
        lambda user, at: Q(state=CaseState.ACCEPTED, tier__lte=AUTHORITY.get(Role(user.role), "")),
    ),
    Queue(
        "to-sign-in", _("to sign in"), "draw", HANDLERS,
        lambda user, at: (Q(state=CaseState.DISPATCHED) & _addressed(user)) | _helps(user, OrderState.SENT),
    ),
    Queue(
        "handling", _("in my hands"), "construction", HANDLERS,
        lambda user, at: (Q(state=CaseState.HANDLING) & _addressed(user)) | _helps(user, OrderState.SIGNED),
    ),
    Queue(
        "to-verify", _("to verify"), "fact_check", DECIDERS,
        lambda user, at: Q(state=CaseState.COMPLETED) & _not_mine(user),
    ),
    Queue(
        "to-close", _("to close"), "task_alt", DECIDERS,
        lambda user, at: Q(state=CaseState.VERIFIED) & _not_mine(user),
    ),
    Queue("to-answer", _("supervision to answer"), "reply", HANDLERS, _to_answer, warns="warn"),
    Queue("supervised", _("supervision issued"), "gavel", DECIDERS, _issued),
    Queue("near", _("time is running out"), "hourglass_bottom", HANDLERS, _near, warns="near"),
    Queue("late", _("overdue"), "error", HANDLERS, _late, warns="warn"),
)  # fmt: skip
BY_NAME = {queue.name: queue for queue in QUEUES}


def queues_of(user: User) -> list[Queue]:
    return [queue for queue in QUEUES if user.role in queue.roles]


def waiting(user: User, name: str, at: dt.datetime) -> Any:
    """The open cases of the queue NAME that USER sees, the least time left first."""
    return Case.objects.visible_to(user).open().filter(BY_NAME[name].holds(user, at))


def count_waiting(user: User, at: dt.datetime) -> list[tuple[Queue, int]]:
    """How many cases wait in each queue of USER; one query over the open cases, which are few however many are closed."""
    queues = queues_of(user)
    if not queues:
        return []
    counts = {f"n{i}": Count("pk", filter=queue.holds(user, at)) for i, queue in enumerate(queues)}
    found = Case.objects.visible_to(user).open().aggregate(**counts)
    return [(queue, found[f"n{i}"]) for i, queue in enumerate(queues)]


def urgent(user: User, at: dt.datetime, limit: int = 10) -> list[Case]:
    """The open cases of USER whose clock runs out next, overdue ones first; for the units and workers their own orders."""
    rows = Case.objects.visible_to(user).open().filter(completed_at=None, hold="", due_at__isnull=False)
    if user.role in {Role.WORKER, Role.UNIT_STAFF}:
        rows = rows.filter(_addressed(user) | _helps(user, *ORDER_IN_FORCE))
    return list(rows.for_list().order_by("due_at", "id")[:limit])
