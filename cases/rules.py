"""Who may do what with a case, and what stands in the way. No writes, no clock."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import CASE_ROLES, FIELD_ROLES, LEADS, Role
from accounts.queries import stands_in_for
from cases.choices import AUTHORITY, OrderState, Tier
from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Category, Order
    from grids.models import Grid, Unit


def _decides(by: "User", tier: str) -> bool:
    """Whether cases of TIER are BY's to decide about. Tiers are letters in order."""
    own = AUTHORITY.get(Role(by.role))
    return own is not None and tier <= own


def _leads(by: "User") -> bool:
    return by.role in LEADS | {Role.STREET, Role.SYSTEM}


def can_report(by: "User") -> Verdict:
    return YES if by.role in CASE_ROLES | {Role.SYSTEM} else Verdict.forbid(_("This account does not work with cases."))


def can_choose_tier(by: "User", category: "Category", tier: str) -> Verdict:
    """Anyone may keep the catalogue's tier. A person names tiers up to the own authority; below the catalogue's only
    the street goes, so that no case is made small where it arises."""
    if tier == category.tier:
        return YES
    if tier not in Tier.values:
        return Verdict.reject(_("There is no such tier."), field="tier")
    if tier < category.tier and by.role not in {Role.STREET, Role.SYSTEM}:
        message = _("“%(name)s” is tier %(tier)s; only the street office may lower it.")
        return Verdict.reject(message % {"name": category.label, "tier": category.tier}, "tier_not_yours", "tier")
    if not _decides(by, tier):
        message = _("Tier %(tier)s is not yours to choose; leave it to the intake, or hand the case up.")
        return Verdict.reject(message % {"tier": tier}, "tier_not_yours", "tier")
    return YES


def captures(by: "User", grid: "Grid") -> bool:
    """A worker's report from an own micro-grid counts as accepted at once (clocks: two clocks)."""
    return by.role == Role.WORKER and grid.pk in scope_of(by).grids.get(grid.kind, [])


def can_accept(by: "User") -> Verdict:
    return YES if _leads(by) else Verdict.forbid(_("Reports are accepted by grid leads and the street office."))


def can_dispatch(by: "User", case: "Case") -> Verdict:
    if not _leads(by):
        return Verdict.forbid(_("Orders are sent by grid leads and the street office."))
    if not _decides(by, case.tier):
        return Verdict.forbid(_("A case of tier C is dispatched by the street office."), "tier_not_yours")
    return YES


def can_send_to(case: "Case", unit: "Unit | None", grid: "Grid | None") -> Verdict:
    """Exactly one addressee, alive. A grid answers for its own ground: it is the case's own or one above it."""
    if (unit is None) == (grid is None):
        return Verdict.reject(_("Name either a unit or a grid."), field="unit")
    if unit is not None and not unit.is_active:
        return Verdict.reject(_("This unit takes no orders any more."), field="unit")
    if grid is not None and grid.pk not in {case.grid_id, case.comprehensive_id, case.total_id, case.street_id}:
        return Verdict.reject(_("The place of this case is not in that grid."), "elsewhere", "grid")
    return YES


def holds(by: "User", order: "Order") -> bool:
    """Whether ORDER is addressed to BY: a member of its unit, or a post-holder on its grid."""
    scope = scope_of(by)
    if order.unit_id:
        return order.unit_id in scope.units
    return any(node.pk == order.grid_id for node in scope.nodes)


def can_sign_in(by: "User", order: "Order") -> Verdict:
    if not holds(by, order):
        return Verdict.forbid(_("This order is addressed to somebody else."))
    return YES


def can_work_on(by: "User", order: "Order") -> Verdict:
    """Progress, completion, return: by those to whom the order in force is addressed."""
    return can_sign_in(by, order)


def can_return(by: "User", order: "Order", returned_before: int) -> Verdict:
    """A unit returns a case once; what comes back after that stays (handbook 1.4: no second return)."""
    if not holds(by, order):
        return Verdict.forbid(_("This order is addressed to somebody else."))
    if returned_before:
        return Verdict.clash(
            _("This case was returned once already by the same hands; it can't be returned again."), "returned_before"
        )
    return YES


def can_raise(by: "User", case: "Case", tier: str) -> Verdict:
    if by.role not in FIELD_ROLES | {Role.STREET, Role.SYSTEM}:
        return Verdict.forbid(_("A unit returns a case; raising its tier is for the grid."))
    if tier not in Tier.values or tier <= case.tier:
        return Verdict.reject(_("Choose a tier above %(tier)s.") % {"tier": case.tier}, field="tier")
    return YES


def can_complete(by: "User", case: "Case", order: "Order", result: str, photos_after: int) -> Verdict:
    if not holds(by, order):
        return Verdict.forbid(_("This order is addressed to somebody else."))
    if not result.strip():
        return Verdict.reject(_("Say what was done."), field="result")
    if case.category.needs_photo and not photos_after:
        return Verdict.reject(_("This category needs a photo taken afterwards."), "photo_needed", "photos")
    return YES


def can_verify(by: "User", case: "Case", orders: "list[Order]") -> Verdict:
    """Nobody verifies the own work: not the handler, not whoever completed it, not anyone of the unit that did it, nor
    who stands in for one of them today."""
    if not _leads(by):
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
    if not (_leads(by) or case.reported_by_id == by.pk):
        return Verdict.forbid(_("A rating comes from the reporter."))
    if changes is not None and changes >= 1:
        return Verdict.clash(_("The rating was changed once already."), "rated")
    return YES


def can_reopen(by: "User", case: "Case") -> Verdict:
    return YES if _leads(by) else Verdict.forbid(_("A closed case is reopened by grid leads and the street office."))


def can_reveal(by: "User", reason: str) -> Verdict:
    if by.role not in CASE_ROLES:
        return Verdict.forbid(_("This account does not work with cases."))
    if len(reason.strip()) < 2:
        return Verdict.reject(_("Say why you need to see it."), field="reason")
    return YES


def can_set_policy(by: "User") -> Verdict:
    if by.role in {Role.STREET, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Time limits are set by the street office."))


def can_change_category(by: "User") -> Verdict:
    if by.role in {Role.STREET, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("The matter list is kept by the street office."))
