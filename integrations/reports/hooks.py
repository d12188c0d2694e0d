"""What of a webhook's deliveries its owner sees now."""

from collections.abc import Sequence

from accounts.models import User
from cases.models import Case
from grids.models import Grid
from integrations.choices.hooks import CASE, GRID
from integrations.models.hooks import Delivery, Webhook


def seen_by(hook: Webhook, owner: User, rows: Sequence[Delivery]) -> set[int]:
    """The keys of those ROWS that are about what OWNER sees at this moment, and that lie within the limits of HOOK. An owner
    who may not sign in any more sees nothing."""
    if not owner.is_active:
        return set()
    wanted = {kind: {row.subject_id for row in rows if row.subject_type == kind} for kind in (CASE, GRID)}
    seen = {
        CASE: _cases(hook, owner, wanted[CASE]) if wanted[CASE] else set(),
        GRID: _grids(hook, owner, wanted[GRID]) if wanted[GRID] else set(),
    }
    return {row.pk for row in rows if row.subject_id in seen[row.subject_type]}


def _cases(hook: Webhook, owner: User, wanted: set[int]) -> set[int]:
    found = Case.objects.visible_to(owner).filter(pk__in=wanted).order_by()
    if hook.grid:
        found = found.in_grid(hook.grid.code)
    if hook.unit_id:
        found = found.filter(orders__unit=hook.unit_id)
    return set(found.values_list("pk", flat=True))


def _grids(hook: Webhook, owner: User, wanted: set[int]) -> set[int]:
    """Of the own ground: those above it are known by name, but their changes are not the owner's."""
    if hook.unit_id:
        return set()
    found = Grid.objects.ground_of(owner).filter(pk__in=wanted).order_by()
    if hook.grid:
        found = found.under(hook.grid)
    return set(found.values_list("pk", flat=True))
