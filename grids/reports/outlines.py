"""Borders as a map of many grids draws them: simpler the wider the level, rounded, with a place for the grid's label."""

from typing import Any

from django.db.models import BigIntegerField, Count, Func, Sum, TextField, Value
from django.db.models.functions import Cast, Concat

from grids.choices import LEVELS, GridKind
from grids.queries import GridQuerySet

# How much a border may be simplified, in degrees: the square root of the area that a corner may cost (about 10 to 1 m).
TOLERANCE: dict[str, float] = {
    GridKind.STREET: 1e-4,
    GridKind.TOTAL: 5e-5,
    GridKind.COMPREHENSIVE: 3e-5,
    GridKind.MICRO: 1e-5,
}
DIGITS = 5  # of a degree, about 1 m


class _Hash(Func):
    """64 bits of a text."""

    function = "hashtextextended"
    template = "%(function)s(%(expressions)s, 0)"
    output_field = BigIntegerField()


def stamps(grids: GridQuerySet) -> dict[str, tuple[int, str]]:
    """By level, how many of GRIDS have a border, and a stamp that changes whenever what `outlines` shows of them does. One
    query that reads no border: area and box tell of every change that could be seen."""
    parts = [Cast("pk", TextField()), "code", "name", Cast("area_m2", TextField()), Cast("box", TextField())]
    text = Concat(*(part for one in parts for part in (one, Value("|"))), output_field=TextField())
    rows = grids.exclude(box=None).order_by().values("kind").annotate(n=Count("pk"), sum=Sum(_Hash(text)))
    by_kind = {
        kind: (count, f"{int(total) % 2**64:016x}") for kind, count, total in rows.values_list("kind", "n", "sum")
    }
    found = {}
    for level, kinds in LEVELS.items():
        there = [by_kind[kind] for kind in sorted(kinds) if kind in by_kind]
        if there:
            found[level] = (sum(count for count, _stamp in there), "".join(stamp for _count, stamp in there))
    return found


def outlines(grids: GridQuerySet, level: str) -> dict[str, Any]:
    """The grids of LEVEL among GRIDS as a GeoJSON FeatureCollection: code, name, and `at`, a point inside each. What two
    grids share is simplified alike in both, so that no gap opens."""
    import numpy
    from shapely import coverage_simplify, from_wkb, get_coordinates, point_on_surface

    rows = list(
        grids.exclude(shape=None)
        .filter(kind__in=LEVELS[level])
        .order_by("code")
        .values_list("code", "name", "kind", "shape")
    )
    if not rows:
        return {"type": "FeatureCollection", "features": []}
    shapes = coverage_simplify(from_wkb(numpy.array([bytes(row[-1]) for row in rows], dtype=object)), TOLERANCE[level])
    points = get_coordinates(point_on_surface(shapes)).round(DIGITS).tolist()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": _rings(shape)},
            "properties": {"code": code, "name": name, "kind": kind, "at": point},
        }
        for (code, name, kind, _shape), shape, point in zip(rows, shapes, points, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _rings(shape: Any) -> list[list[list[float]]]:
    from shapely import get_coordinates, get_rings

    return [get_coordinates(ring).round(DIGITS).tolist() for ring in get_rings(shape)]
