"""Ground cut into parts, along a drawn line or by what lies in it, and parts joined. Pure geometry: reads no row.

All results lie on the lattice of 1e-6 degrees that borders are kept to, so neighbours share their corners exactly.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from gridgov.core.errors import Invalid
from gridgov.core.geodesy import DIGITS, MAX_VERTICES, area_m2
from grids.reports.borders import SLIVER_AREA

if TYPE_CHECKING:
    from shapely import Geometry
    from shapely.geometry import LineString, Polygon

LATTICE = 10**-DIGITS
# A line whose end was set on the border lies beside it by rounding: so far, in degrees, it is drawn on at either end.
OVERSHOOT = 1e-5
# What two neighbours may lie apart and still be joined.
SEAM = 2e-6


def cut(own: "Polygon", lines: "Sequence[LineString]", cells: "Mapping[str, Polygon]") -> "list[Polygon]":
    """OWN in the parts that LINES cut it into, from west to east. A cell of CELLS (the grids below) falls whole to the
    part that has most of it: the line goes round it, not through. Raises Invalid where that leaves fewer than two."""
    from shapely import area, get_parts, intersection, polygonize, union_all

    drawn = union_all([own.boundary, *(_drawn_on(line) for line in lines)], grid_size=LATTICE)
    pieces = [part for part in get_parts(polygonize([drawn])) if own.covers(part.representative_point())]
    pieces = [piece for piece in pieces if area_m2(piece) >= SLIVER_AREA]
    if len(pieces) < 2:
        raise Invalid(_("The line doesn't cut the grid: draw it from edge to edge."), code="no_cut", field="line")
    pieces.sort(key=lambda piece: (piece.centroid.x, -piece.centroid.y))
    groups: list[list[Polygon]] = [[] for _piece in pieces]
    for cell in cells.values():
        shares = [float(area(intersection(piece, cell))) for piece in pieces]
        groups[shares.index(max(shares))].append(cell)
    return _round_cells(pieces, groups)


def _round_cells(pieces: "list[Polygon]", groups: "list[list[Polygon]]") -> "list[Polygon]":
    """Of each of PIECES its own cells, whole, and what ground there is in it that no cell covers."""
    from shapely import union_all

    cells = union_all([cell for group in groups for cell in group], grid_size=LATTICE)
    found = []
    for piece, group in zip(pieces, groups, strict=True):
        part = union_all([*group, *_ground(piece.difference(cells, grid_size=LATTICE))], grid_size=LATTICE)
        if area_m2(part) >= SLIVER_AREA:
            found.append(_one(part))
    if len(found) < 2:
        raise Invalid(
            _("All grids below it would fall to one part. Draw the line between them."), code="no_cut", field="line"
        )
    return found


def gather(own: "Polygon", groups: "Sequence[Sequence[Polygon]]") -> "list[Polygon]":
    """OWN in one part for each of GROUPS (of the grids below): the group's cells, and of the ground that no cell covers
    the pieces that it has the longest edge with. Raises Invalid where a part would fall into pieces."""
    from shapely import get_parts, union_all

    parts: list[Geometry] = [union_all(group, grid_size=LATTICE) for group in groups]
    bare = own.difference(union_all(parts), grid_size=LATTICE)
    for piece in sorted(get_parts(bare), key=lambda piece: -piece.area):
        if piece.geom_type == "Polygon":
            edges = [part.intersection(piece).length for part in parts]
            n = edges.index(max(edges))
            parts[n] = union_all([parts[n], piece], grid_size=LATTICE)
    return [_one(part.intersection(own, grid_size=LATTICE)) for part in parts]


def join(shapes: "Sequence[Polygon]") -> "Polygon":
    """Neighbours as one; a seam as wide as rounding is closed. Raises Invalid where they don't touch."""
    from shapely import union_all

    whole = union_all(shapes, grid_size=LATTICE)
    if whole.geom_type != "Polygon" or whole.interiors:
        whole = whole.buffer(SEAM, join_style="mitre").buffer(-SEAM, join_style="mitre")
    if len(_ground(whole)) != 1:
        raise Invalid(_("These grids don't touch each other."), code="apart", field="grids")
    return _one(whole)


def fit_in(drawn: "Polygon", above: "Polygon | None", beside: "Sequence[Polygon]") -> "Polygon":
    """DRAWN without what lies beyond ABOVE or in one of BESIDE; the biggest piece where it falls apart. Raises Invalid
    where nothing is left."""
    from shapely import union_all

    kept: Geometry = drawn if above is None else drawn.intersection(above, grid_size=LATTICE)
    kept = kept.difference(union_all(beside), grid_size=LATTICE)
    found = _ground(kept)
    if not found:
        raise Invalid(_("Nothing is left of this border: all of it lies in other grids."), field="border")
    return _one(found[0])


def stored(shape: Any) -> "Polygon":
    """A border as the column `shape` keeps it."""
    from shapely import from_wkb

    found: Polygon = from_wkb(bytes(shape))
    return found


def shape_of(border: Mapping[str, Any]) -> "Polygon":
    """A checked border."""
    from shapely.geometry import shape

    found: Polygon = shape(border)
    return found


def geojson_of(shape: "Polygon") -> dict[str, Any]:
    """SHAPE as a border is kept, its outer ring anticlockwise."""
    from shapely.geometry.polygon import orient

    turned = orient(shape)
    rings = [turned.exterior, *turned.interiors]
    points = [[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring.coords] for ring in rings]
    return {"type": "Polygon", "coordinates": points}


def _ground(shape: "Geometry") -> "list[Polygon]":
    """The polygons in SHAPE that are more than rounding, the biggest first."""
    from shapely import get_parts

    found = [part for part in get_parts(shape) if part.geom_type == "Polygon" and area_m2(part) >= SLIVER_AREA]
    return sorted(found, key=lambda part: -part.area)


def _one(shape: "Geometry") -> "Polygon":
    """SHAPE on the lattice, if it is one polygon but for slivers; holes that are slivers are filled."""
    from shapely import Polygon, set_precision

    found = _ground(set_precision(shape, LATTICE))
    if len(found) != 1:
        raise Invalid(
            _("A part would fall into %(count)d pieces.") % {"count": len(found)}, code="pieces", field="line"
        )
    holes = [ring for ring in found[0].interiors if area_m2(Polygon(ring)) >= SLIVER_AREA]
    if len(found[0].exterior.coords) > MAX_VERTICES:
        raise Invalid(_("The border has more than %(max)d points. Simplify it first.") % {"max": MAX_VERTICES})
    return Polygon(found[0].exterior, holes)


def _drawn_on(line: "LineString") -> "LineString":
    """LINE, a little longer at both ends."""
    from shapely.geometry import LineString

    points = [(x, y) for x, y, *_height in line.coords]
    return LineString([_beyond(points[1], points[0]), *points, _beyond(points[-2], points[-1])])


def _beyond(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
    return b[0] + (b[0] - a[0]) / length * OVERSHOOT, b[1] + (b[1] - a[1]) / length * OVERSHOOT
