"""Who may send orders, and work on them."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.choices import FIELD_ROLES, Role
from cases.choices import PhotoKind, Tier
from cases.rules.standing import decides, leads
from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Category, Order
    from grids.models import Grid, Unit


def can_dispatch(by: "User", case: "Case") -> Verdict:
    if not leads(by):
        return Verdict.forbid(_("Orders are sent by grid leads and the street office."))
    if not decides(by, case.tier):
        return Verdict.forbid(_("A case of tier C is dispatched by the street office."), "tier_not_yours")
    return YES


def can_send_to(case: "Case", unit: "Unit | None", grid: "Grid | None") -> Verdict:
    """Exactly one addressee, alive. A unit serves the street of the case; a grid answers for its own ground: it is the case's own or
    one above it."""
    if (unit is None) == (grid is None):
        return Verdict.reject(_("Name either a unit or a grid."), field="unit")
    if unit is not None and not unit.is_active:
        return Verdict.reject(_("This unit takes no orders any more."), field="unit")
    if unit is not None and not unit.serves(case.grid.street_code):
        return Verdict.reject(_("“%(name)s” is of another area.") % {"name": unit.name}, "elsewhere", "unit")
    if grid is not None and grid.pk not in {case.grid_id, case.comprehensive_id, case.total_id, case.street_id}:
        return Verdict.reject(_("The place of this case is not in that grid."), "elsewhere", "grid")
    return YES


def can_reach(place: "Unit | Grid | None", staffed: bool) -> Verdict:
    """Whether an order to PLACE would be read by anybody."""
    if staffed:
        return YES
    message = _("Nobody holds a post at “%(name)s”; the order would reach nobody.")
    return Verdict.clash(message % {"name": place})


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


def can_raise(by: "User", case: "Case", tier: str) -> Verdict:
    if by.role not in FIELD_ROLES | {Role.STREET, Role.SYSTEM}:
        return Verdict.forbid(_("A unit returns a case; raising its tier is for the grid."))
    if tier not in Tier.values or tier <= case.tier:
        return Verdict.reject(_("Choose a tier above %(tier)s.") % {"tier": case.tier}, field="tier")
    return YES


def can_complete(by: "User", case: "Case", order: "Order", result: str, photos: Collection[str]) -> Verdict:
    """By those who have the order, with an account of what was done and the PHOTOS (kinds) the matter list asks for."""
    if not holds(by, order):
        return Verdict.forbid(_("This order is addressed to somebody else."))
    if not result.strip():
        return Verdict.reject(_("Say what was done."), field="result")
    category = case.category
    if category.needs_photo and PhotoKind.AFTER not in photos:
        return _photo_needed(_("This category needs a photo taken afterwards."), category, "photo_needed")
    if category.needs_photo_before and PhotoKind.BEFORE not in photos:
        return _photo_needed(_("This category needs a photo from before the work."), category, "photo_before_needed")
    return YES


def _photo_needed(message: Any, category: "Category", code: str) -> Verdict:
    """The refusal, with what the matter list says why."""
    why = _("Basis: %(basis)s.") % {"basis": category.basis} if category.basis else ""
    return Verdict.reject(f"{message} {why}".strip(), code, "photos")
