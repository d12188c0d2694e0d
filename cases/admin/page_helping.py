"""What the page of a case shows of its orders, side by side with their clocks and verbs, and of its special team."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases import forms, rules
from cases.choices import ORDER_IN_FORCE, Part
from cases.forms.verbs.helping import EXCUSE, FINISH, REPORT_IN
from cases.forms.verbs.table import in_table
from cases.models import Case, Order
from cases.reports import ClockView, time_words
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb


@dataclass(frozen=True)
class OrderButton:
    """A verb of one order: where it is done; at a click, or by a form."""

    verb: Verb
    url: str
    order: int
    at_once: bool = False


@dataclass(frozen=True)
class OrderView:
    """One order: what it says, how its clocks stand, how long it took to answer, and what this person can do about it."""

    order: Order
    leads: bool
    in_force: bool
    clocks: list[ClockView]
    took: str
    buttons: list[OrderButton]


_MOVES = ((REPORT_IN, "report_in"), (FINISH, "assist"), (EXCUSE, "excuse"))


def _may(by: User, case: Case, order: Order, move: str) -> Verdict:
    return in_table(move, lambda by, case: rules.OF_ORDER[move](by, case, order))(by, case)


def _view(by: User, case: Case, order: Order, clocks: list[ClockView], url_of: Callable[[str], str]) -> OrderView:
    buttons = [
        OrderButton(
            verb, url_of(verb.name) + ("" if verb is REPORT_IN else f"?order={order.pk}"), order.pk, verb is REPORT_IN
        )
        for verb, move in _MOVES
        if order.part == Part.ASSIST and _may(by, case, order, move)
    ]
    took = time_words.span(order.signed_at - order.sent_at) if order.signed_at else ""
    return OrderView(
        order, order.part == Part.LEAD, order.state in ORDER_IN_FORCE,
        [view for view in clocks if view.why.deadline.order_id == order.pk], took, buttons,
    )  # fmt: skip


def helping_page(by: User, case: Case, clocks: list[ClockView], url_of: Callable[[str], str]) -> dict[str, Any]:
    """More for the context of cases/case.html; no query for a whole case."""
    views = [_view(by, case, order, clocks, url_of) for order in case.orders.all()]
    now = [view for view in views if view.in_force or view.order.pk == case.lead_order_id]
    return {
        # The lead first, then who helps, then what is over.
        "orders_now": sorted(now, key=lambda view: (not view.leads, view.order.pk)),
        "orders_before": [view for view in views if view not in now],
        "team": forms.open_team(case),
        "today": timezone.localdate(),
    }
