"""What the cases do when the map changes under them."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from cases.actions.taking import write_down
from cases.choices import ORDER_IN_FORCE
from cases.models import Case, Order
from cases.queries import LEVEL_COLUMN
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy
from grids.reports import holds_point

Levels = dict[str, Grid | None]


def follow_grid(*, grid: int, by: User, at: dt.datetime) -> int:
    """Let the open cases of a moved grid (and of all below it) follow to its new leads; closed ones stay where they
    happened. The number of cases that moved."""
    count = 0
    for node in Grid.objects.under(Grid.objects.get(pk=grid)).defer(*heavy("")):
        levels = _levels(node)
        for pk in Case.objects.open().filter(grid=node).values_list("pk", flat=True):
            count += _follow(pk, node.pk, levels, by=by, at=at)
    return count


def follow_heirs(*, grid: int, heirs: Sequence[int], rest: int, by: User, at: dt.datetime) -> int:
    """Let the open cases right on a grid that has ended follow to that of its HEIRS whose ground their place lies in, and
    those without a place, or with one outside, to REST. The number of cases that moved."""
    rows = {heir.pk: heir for heir in Grid.objects.filter(pk__in=heirs).defer("border", "box").order_by("code")}
    levels = {pk: _levels(heir) for pk, heir in rows.items()}
    count = 0
    for pk, lng, lat in Case.objects.open().filter(grid=grid).values_list("pk", "lng", "lat"):
        inside = [heir.pk for heir in rows.values() if lng is not None and holds_point(heir, lng, lat)]
        count += _follow(pk, grid, levels[inside[0] if inside else rest], by=by, at=at)
    return count


def _levels(node: Grid) -> Levels:
    """What a case on NODE keeps of the tree above it."""
    path = {LEVEL_COLUMN[GridKind(step.kind)]: step for step in Grid.objects.above(node).defer(*heavy(""))}
    return {"total": None, "comprehensive": None, **path, "grid": node}


@transaction.atomic
def _follow(pk: int, grid: int, levels: Levels, *, by: User, at: dt.datetime) -> int:
    """Put one case on LEVELS, and the orders in force that a grid above it was given on the one in its place; unless the
    case has left GRID meanwhile."""
    case: Case = Case.objects.select_related("grid").defer("search", *heavy("grid")).locked(pk)
    if case.grid_id != grid or not (changes := case.change(**levels)):
        return 0
    case.change(version=case.version + 1)
    heirs = {old: new for old, new in changes.values() if old is not None and new is not None}
    for order in Order.objects.filter(case=case, state__in=ORDER_IN_FORCE, grid__in=heirs).order_by("pk"):
        order.change(grid_id=heirs[order.grid_id])
    write_down("cases.redrawn", case, changes, by=by, at=at)
    return 1
