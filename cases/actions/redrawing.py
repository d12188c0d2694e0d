"""What the cases do when the map changes under them."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from cases.actions.taking import write_down
from cases.models import Case
from cases.queries import LEVEL_COLUMN
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy


def follow_grid(*, grid: int, by: User, at: dt.datetime) -> int:
    """Let the open cases of a moved grid (and of all below it) follow to its new leads; closed ones stay where they
    happened. The number of cases that moved."""
    count = 0
    for node in Grid.objects.under(Grid.objects.get(pk=grid)).defer(*heavy("")):
        path = {LEVEL_COLUMN[GridKind(step.kind)]: step for step in Grid.objects.above(node).defer(*heavy(""))}
        levels = {"total": None, "comprehensive": None, **path, "grid": node}
        for pk in Case.objects.open().filter(grid=node).values_list("pk", flat=True):
            count += _follow(pk, levels, by=by, at=at)
    return count


@transaction.atomic
def _follow(pk: int, levels: dict[str, Grid | None], *, by: User, at: dt.datetime) -> int:
    case: Case = Case.objects.select_related("grid").defer("search", *heavy("grid")).locked(pk)
    changes = case.change(**levels)
    if not changes:
        return 0
    case.change(version=case.version + 1)
    write_down("cases.redrawn", case, changes, by=by, at=at)
    return 1
