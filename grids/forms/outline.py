"""A border as a small drawing (SVG), for pages without scripts and without a map server."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

WIDTH = 320
# How much of the drawing the border itself fills, at most; and how tall the drawing may become for its width.
FILLED, TALLEST = 0.8, 1.0


@dataclass(frozen=True)
class Outline:
    """Paths in a drawing of `width` × `height`: the border itself and those beside it, cut where the drawing ends. `points`:
    where the places asked for lie in it, None for those outside."""

    width: int
    height: int
    own: str
    beside: tuple[str, ...]
    points: tuple[tuple[float, float] | None, ...] = ()


def draw_outline(
    own: dict[str, Any],
    beside: Iterable[dict[str, Any]] = (),
    points: Iterable[tuple[float, float] | None] = (),
) -> Outline:
    """OWN and the borders BESIDE it (GeoJSON polygons, degrees), north up, true to scale in the middle, with the places of
    POINTS (longitude, latitude; None for none)."""
    xs, ys = zip(*own["coordinates"][0], strict=True)
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    squeeze = math.cos(math.radians((south + north) / 2))  # a degree of longitude against one of latitude
    wide, tall = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    height = round(WIDTH * min(max(tall / wide, 0.5), TALLEST))
    scale = min(WIDTH / wide, height / tall) * FILLED
    left, top = (WIDTH - wide * scale) / 2, (height - tall * scale) / 2

    def place(x: float, y: float) -> tuple[float, float]:
        return (x - west) * squeeze * scale + left, (north - y) * scale + top

    def ring(corners: Iterable[tuple[float, float]]) -> str:
        drawn = ("{:.1f} {:.1f}".format(*place(*corner)) for corner in corners)
        return f"M{'L'.join(drawn)}Z"

    def path(polygon: dict[str, Any]) -> str:
        return "".join(ring(corners) for corners in polygon["coordinates"])

    def spot(point: tuple[float, float] | None) -> tuple[float, float] | None:
        if point is None:
            return None
        x, y = (round(measure, 1) for measure in place(*point))
        return (x, y) if 0 <= x <= WIDTH and 0 <= y <= height else None

    return Outline(WIDTH, height, path(own), tuple(path(one) for one in beside), tuple(spot(one) for one in points))
