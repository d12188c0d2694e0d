"""What of a webhook's deliveries its owner sees now."""

import datetime as dt
from collections.abc import Sequence

from django.utils.timezone import localdate

from accounts.models import ApiClient, User
from cases.models import Case
from grids.models import Grid
from integrations.choices.hooks import CASE, GRID
from integrations.models.hooks import Delivery, Webhook


def seen_by(hook: Webhook, owner: User, rows: Sequence[Delivery], at: dt.datetime) -> set[int]:
    """The keys of those ROWS that are about what OWNER sees at the moment AT, and that lie within the limits of HOOK. An owner
    who may not come in any more sees nothing."""
    if not _may_come_in(owner, at):
        return set()
    wanted = {kind: {row.subject_id for row in rows if row.subject_type == kind} for kind in (CASE, GRID)}
    seen = {
        CASE: _cases(hook, owner, wanted[CASE]) if wanted[CASE] else set(),
        GRID: _grids(hook, owner, wanted[GRID]) if wanted[GRID] else set(),
    }
    return {row.pk for row in rows if row.subject_id in seen[row.subject_type]}


def _may_come_in(owner: User, at: dt.datetime) -> bool:
    """A person who may sign in, or a connected system that is switched on and not at its end."""
    if not owner.is_client:
        return owner.is_active
    client = ApiClient.objects.filter(user=owner, is_active=True).first()
    return client is not None and (client.expires_on is None or localdate(at) <= client.expires_on)


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
