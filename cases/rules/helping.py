"""Who may call units to a case, who answers, and what stands in the way of completing it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import LEADS, Role
from cases.choices import ORDER_IN_FORCE, OrderState
from cases.rules.orders import can_dispatch, holds
from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Order
    from grids.models import Unit


def can_call(by: "User", case: "Case", lead: "Order | None") -> Verdict:
    """The grid calls and departments report in (seed 003): whoever dispatches, whoever holds the leading order, and
    the workers and leads of the ground the case lies on."""
    if can_dispatch(by, case) or (lead is not None and holds(by, lead)):
        return YES
    ground = {case.grid_id, case.comprehensive_id, case.total_id}
    if by.role in LEADS | {Role.WORKER} and any(node.pk in ground for node in scope_of(by).nodes):
        return YES
    return Verdict.forbid(
        _("Help is called by the grid of the case, by whoever dispatches it, or by whoever handles it.")
    )


def can_be_called(unit: "Unit", street: str, lead: "Order | None", helping: "list[Order]") -> Verdict:
    """UNIT takes orders from the street with the code STREET, doesn't lead the case already and isn't HELPING already."""
    name = {"name": unit.name}
    if not unit.is_active:
        return Verdict.reject(_("“%(name)s” takes no orders any more.") % name, field="units")
    if not unit.serves(street):
        return Verdict.reject(_("“%(name)s” is of another area.") % name, "elsewhere", "units")
    if lead is not None and lead.unit_id == unit.pk:
        return Verdict.reject(_("“%(name)s” leads this case.") % name, "leads_already", "units")
    if any(order.unit_id == unit.pk for order in helping):
        return Verdict.clash(_("“%(name)s” is called already.") % name, "called_already")
    return YES


def can_report_in(by: "User", order: "Order") -> Verdict:
    """Once, by somebody of the unit that was called."""
    if not holds(by, order):
        return Verdict.forbid(_("This order is addressed to somebody else."))
    if order.state != OrderState.SENT:
        return Verdict.clash(
            _("This order is “%(state)s” already.") % {"state": order.get_state_display()}, "order_moved"
        )
    return YES


def can_finish(by: "User", order: "Order") -> Verdict:
    """By the unit that was called, once it has reported in."""
    if not holds(by, order):
        return Verdict.forbid(_("This order is addressed to somebody else."))
    if order.state == OrderState.SENT:
        return Verdict.clash(_("Report in first."), "not_reported_in")
    if order.state != OrderState.SIGNED:
        return Verdict.clash(
            _("This order is “%(state)s” already.") % {"state": order.get_state_display()}, "order_moved"
        )
    return YES


def can_excuse(by: "User", case: "Case", order: "Order", lead: "Order | None") -> Verdict:
    """By whoever called, holds the leading order or dispatches; never by the assisting unit itself."""
    if holds(by, order):
        return Verdict.forbid(_("A unit can't excuse itself. Ask whoever called it."), "own_order")
    if not (order.sent_by_id == by.pk or can_dispatch(by, case) or (lead is not None and holds(by, lead))):
        return Verdict.forbid(_("A unit is excused by whoever called it, handles the case or dispatches it."))
    if order.state not in ORDER_IN_FORCE:
        return Verdict.clash(
            _("This order is “%(state)s” already.") % {"state": order.get_state_display()}, "order_moved"
        )
    return YES


def assists_done(open_assists: "list[Order]") -> Verdict:
    """A case is completed when everybody who was called has done their part or was excused."""
    if not open_assists:
        return YES
    names = ", ".join(str(order) for order in open_assists)
    message = _("Still at it: %(names)s. They report their part as done, or are excused with a reason.")
    return Verdict.clash(message % {"names": names}, "assists_open")


# The rule for each move of an assisting order (cases.choices.MOVES), where a face asks by the move's name.
OF_ORDER: "dict[str, Callable[[User, Case, Order], Verdict]]" = {
    "report_in": lambda by, case, order: can_report_in(by, order),
    "assist": lambda by, case, order: can_finish(by, order),
    "excuse": lambda by, case, order: can_excuse(by, case, order, case.lead_order),
}
