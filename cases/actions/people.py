"""Who is told: the leads of a case by rung of the tree. One query each."""

import datetime as dt

from django.db.models import Q

from cases.choices import Level
from cases.models import Case, Order
from grids.choices import PostKind
from grids.models import Post

# Where the posts of a rung stand, from below.
RUNGS = {
    Level.COMPREHENSIVE: ("comprehensive_id", PostKind.GRID_LEAD),
    Level.TOTAL: ("total_id", PostKind.ROOT_GRID_LEAD),
    Level.STREET: ("street_id", PostKind.STREET_STAFF),
}


def leads_at(case: Case, level: int, on: dt.date, *, but: int | None = None) -> list[int]:
    """Whoever leads CASE's ground on the rung LEVEL on the day ON, without the user BUT; where nobody does, the next above."""
    wanted = Q(pk__in=[])
    for rung, (column, kind) in RUNGS.items():
        if rung >= level and getattr(case, column):
            wanted |= Q(grid=getattr(case, column), kind=kind)
    found: dict[str, list[int]] = {}
    for user, held in Post.objects.current(on).filter(wanted).exclude(user=but).values_list("user_id", "kind"):
        found.setdefault(held, []).append(user)
    return next((list(dict.fromkeys(found[kind])) for _column, kind in RUNGS.values() if kind in found), [])


def holders(orders: list[Order], on: dt.date) -> list[int]:
    """Whoever has ORDERS on the day ON: who signed in, and of those not signed for everybody they are addressed to."""
    signed = [order.handler_id for order in orders if order.handler_id]
    units = [order.unit_id for order in orders if order.unit_id and not order.handler_id]
    grids = [order.grid_id for order in orders if order.grid_id and not order.handler_id]
    if not units and not grids:
        return signed
    posts = Post.objects.current(on).filter(Q(unit__in=units) | Q(grid__in=grids))
    return list(dict.fromkeys([*signed, *posts.values_list("user", flat=True)]))
