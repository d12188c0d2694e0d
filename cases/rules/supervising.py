"""Who may urge, supervise and answer."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from cases.choices import LEVEL_OF_ROLE, RUNG_OF_TIER, CardLevel, Level, SupervisionKind, Tier
from cases.rules.orders import holds
from cases.rules.standing import leads
from gridgov.core.errors import YES, Verdict
from grids.choices import GridKind
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Order, Supervision

_RUNG_OF_GRID = {
    GridKind.STREET: Level.STREET, GridKind.TOTAL: Level.TOTAL, GridKind.COMPREHENSIVE: Level.COMPREHENSIVE,
    GridKind.DEDICATED: Level.COMPREHENSIVE,
}  # fmt: skip


def can_urge(by: "User", case: "Case") -> Verdict:
    """By those above, and by whoever reported it."""
    if leads(by) or case.reported_by_id == by.pk:
        return YES
    return Verdict.forbid(_("Urging is for the leads, the street office, and whoever reported the case."))


def can_be_urged(orders: "Collection[Order]", lately: bool) -> Verdict:
    """Whoever has one of the ORDERS in force can be reminded, if nobody was LATELY."""
    if not orders:
        return Verdict.clash(_("Nobody has an order for this case; there is nobody to urge."), "no_order")
    if lately:
        return Verdict.clash(_("This case was urged within the last hour."), "urged")
    return YES


def can_supervise(by: "User", case: "Case", kind: str = SupervisionKind.ORDINARY) -> Verdict:
    """From above: by a lead on a higher rung than whoever has the case, and always by the street office."""
    if by.role in {Role.STREET, Role.SYSTEM}:
        return YES
    if not leads(by):
        return Verdict.forbid(_("Supervision is for the leads and the street office."))
    if kind != SupervisionKind.ORDINARY:
        return Verdict.forbid(_("Interviews and listed supervision are for the street office."))
    if LEVEL_OF_ROLE[Role(by.role)] <= _rung_of_holder(case):
        return Verdict.forbid(_("Supervision comes from above whoever has the case."), "not_above")
    return YES


def _rung_of_holder(case: "Case") -> int:
    """Where those stand who have the case; where nobody has it, those who should send it."""
    order = case.lead_order
    if order is None:
        return RUNG_OF_TIER[Tier(case.tier)]
    return _RUNG_OF_GRID.get(GridKind(order.grid.kind), Level.NONE) if order.grid else Level.NONE


def can_rise_to(level: int, highest: int, open_level: int | None) -> Verdict:
    """Levels only rise: HIGHEST is what the round has seen, OPEN_LEVEL what still waits for an answer."""
    if level not in CardLevel.values:
        return Verdict.reject(_("Choose one of the listed levels."), field="level")
    if level < highest:
        message = _("This round has seen “%(level)s”; supervision can't fall below that.")
        return Verdict.reject(message % {"level": CardLevel(highest).label}, "level_falls", "level")
    if open_level is not None and open_level >= level:
        return Verdict.clash(_("Supervision of this level waits for an answer already."), "supervised")
    return YES


def is_addressed(by: "User", supervision: "Supervision") -> bool:
    """Whether BY must answer: a member of its unit, a post-holder on its grid, or whoever has the case by now."""
    scope = scope_of(by)
    if supervision.unit_id and supervision.unit_id in scope.units:
        return True
    if supervision.grid_id and any(node.pk == supervision.grid_id for node in scope.nodes):
        return True
    order = supervision.case.lead_order
    return order is not None and holds(by, order)


def can_answer(by: "User", supervision: "Supervision") -> Verdict:
    if not is_addressed(by, supervision):
        return Verdict.forbid(_("This supervision is addressed to somebody else."))
    if supervision.replied_at is not None:
        return Verdict.clash(_("This supervision was answered already."), "answered")
    if supervision.superseded_at is not None:
        return Verdict.clash(
            _("This supervision is over; another took its place, or the case has ended."), "superseded"
        )
    return YES
