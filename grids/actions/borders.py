"""The border of a grid and the three columns that follow from it: WKB, box and area. Written here and nowhere else."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict
from gridgov.core.geodesy import Outline
from gridgov.core.records import record
from grids import rules
from grids.actions.tree import tree_write
from grids.models import Grid
from grids.queries import scope_of


def border_fields(border: Any) -> dict[str, Any]:
    """The four columns for a GeoJSON polygon, or four times None. Raises Invalid that says what is wrong, and where."""
    if border is None:
        return {"border": None, "shape": None, "box": None, "area_m2": None}
    outline = Outline.read(border)
    return {
        "border": outline.geojson,
        "shape": outline.wkb,
        "box": outline.bounds,
        "area_m2": round(outline.area_m2, 1),
    }


def set_border(*, grid: Grid, border: dict[str, Any], by: User, at: dt.datetime) -> Grid:
    """Draw GRID's border: a GeoJSON Polygon in WGS-84 degrees, kept to 1e-6. The record holds the old one and the new."""
    return _redraw("grids.border_set", grid, border_fields(border), by, at)


def clear_border(*, grid: Grid, by: User, at: dt.datetime) -> Grid:
    """Take GRID's border away. Raises Conflict if it has none."""
    return _redraw("grids.border_cleared", grid, border_fields(None), by, at)


def _redraw(verb: str, grid: Grid, fields: dict[str, Any], by: User, at: dt.datetime) -> Grid:
    # The rule asks for GRID's place in the tree, which holds still only under the tree's lock.
    with tree_write(Grid, by):
        grid = Grid.objects.locked(grid)
        rules.can_tend(by, scope_of(by, timezone.localdate(at)), grid).insist()
        before = grid.border
        if before is None and fields["border"] is None:
            raise Conflict(_("This grid has no border."))
        if before != fields["border"]:
            data = {"border": [before, fields["border"]], "area_m2": [grid.area_m2, fields["area_m2"]]}
            grid.change(**fields)
            record(verb, grid, by=by, at=at, data=data)
    return grid
