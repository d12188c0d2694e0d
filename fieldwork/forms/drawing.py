"""A trail drawn on the outline of its grid (SVG): no map server learns where anybody walked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fieldwork.models import Patrol
from fieldwork.reports import Trail
from grids.forms.outline import Outline, draw_outline
from grids.models import Grid

Point = tuple[float, float]
# Around a trail whose grid has no border, in degrees.
MARGIN = 0.0005


@dataclass(frozen=True)
class DrawnTrail:
    """`line` is a path in `outline`, `here` the last place in it. Where the trail leaves the drawing, the line breaks."""

    outline: Outline
    line: str
    here: Point | None
    bordered: bool


def draw_trail(patrol: Patrol, trail: Trail) -> DrawnTrail | None:
    """None where there is neither a border nor a point. One query."""
    border: dict[str, Any] | None = Grid.objects.values_list("border", flat=True).get(pk=patrol.grid_id)
    places = trail.places
    if border is None and not places:
        return None
    outline = draw_outline(border or _frame(places), (), places)
    line = "".join(_line(part) for part in _parts(outline.points))
    here = outline.points[-1] if outline.points else None
    return DrawnTrail(outline, line, here, border is not None)


def _frame(places: Sequence[Point]) -> dict[str, Any]:
    xs, ys = zip(*places, strict=True)
    west, east, south, north = min(xs) - MARGIN, max(xs) + MARGIN, min(ys) - MARGIN, max(ys) + MARGIN
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _parts(spots: Sequence[Point | None]) -> Iterator[list[Point]]:
    for inside, part in groupby(spots, key=lambda spot: spot is not None):
        if inside:
            yield [spot for spot in part if spot is not None]


def _line(part: Sequence[Point]) -> str:
    """A place alone is a line to itself: with round ends, a dot."""
    drawn = [f"{x:.1f} {y:.1f}" for x, y in part]
    return f"M{'L'.join(drawn if len(drawn) > 1 else drawn * 2)}"
