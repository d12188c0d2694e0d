"""Who may verify, rate and reopen."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.queries import stands_in_for
from cases.choices import OrderState
from cases.rules.standing import leads
from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Order


def can_verify(by: "User", case: "Case", orders: "list[Order]") -> Verdict:
    """Nobody verifies the own work: not the handler, not whoever completed it, not anyone of the unit that did it, nor
    who stands in for one of them today."""
    if not leads(by):
        return Verdict.forbid(_("Verification is for grid leads and the street office."))
    done = [order for order in orders if order.state in {OrderState.DONE, OrderState.SIGNED}]
    own = {by.pk, *stands_in_for(by)}
    handled = any(order.handler_id in own for order in done) or case.completed_by_id in own
    if handled or any(order.unit_id and order.unit_id in scope_of(by).units for order in done):
        return Verdict.forbid(_("Whoever handled a case can't verify it. Ask somebody else."), "own_work")
    return YES


def can_rate(by: "User", case: "Case", orders: "list[Order]", changes: int | None) -> Verdict:
    """By the reporter, or taken down by a lead on the phone; never by whoever handled it or stands in for them. One
    change is allowed."""
    own = {by.pk, *stands_in_for(by)}
    if any(order.handler_id in own for order in orders) or case.completed_by_id in own:
        return Verdict.forbid(_("Whoever handled a case can't rate it."), "own_work")
    if not (leads(by) or case.reported_by_id == by.pk):
        return Verdict.forbid(_("A rating comes from the reporter."))
    if changes is not None and changes >= 1:
        return Verdict.clash(_("The rating was changed once already."), "rated")
    return YES


def can_reopen(by: "User", case: "Case") -> Verdict:
    return YES if leads(by) else Verdict.forbid(_("A closed case is reopened by grid leads and the street office."))
