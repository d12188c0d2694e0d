"""A town cut into blocks: cells nested in cells, without gap or overlap, from one outline and one seed.

The outline is halved again and again by slightly bent "roads" until every leaf is one cell. All roads are then noded
together on the 1e-6 degree grid and polygonized, so neighbours share their vertices and a parent is the exact union
of its children. (A Voronoi tiling was the first idea; its cells are honeycombs, its groups must be repaired where
they fall apart, and halving gives contiguous groups of exact sizes for nothing.)

Longitude and latitude are WGS-84 degrees; the cutting itself is done in metres on a local plane.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, TypeVar

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.ops import split

GRID = 1e-6  # degrees, about 0.1 m: what Leaflet keeps of a vertex
SLIVER = 1e-10  # square degrees, about 1 m²
METRES_PER_DEGREE = 111_320.0
Sizes: TypeAlias = "int | Sequence[Sizes]"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cell:
    """One polygon (lon/lat, 1e-6) and the cells that tile it; a leaf has none."""

    shape: Polygon
    children: tuple["Cell", ...] = ()

    def leaves(self) -> list["Cell"]:
        return [leaf for child in self.children for leaf in child.leaves()] if self.children else [self]


@dataclass(slots=True)
class _Block:
    """A piece of the plane during the cutting: `ring` in metres, the index of its leaf, its pieces."""

    ring: Polygon
    leaf: int = -1
    children: list["_Block"] | None = None


def tile(outline: Polygon, sizes: Sequence[Sizes], *, seed: int) -> Cell:
    """Tile the outline by nested sizes: `[[2, 3], [4]]` is two children, the first with children of 2 and 3 leaves.

    Children stand in the order of the sizes. Same arguments, same cells, to the last digit. Raises ValueError if the
    roads do not close into exactly the leaves.
    """
    plane = _Projection(outline)
    cutter = _Cutter(random.Random(seed))
    root = cutter.divide(plane.to_metres(outline), sizes)
    roads = [plane.to_degrees(LineString(road)) for road in cutter.roads] + [outline.exterior]
    noded = shapely.union_all(roads, grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = list(shapely.transform(faces, lambda xy: np.round(xy, 6)))
    return _assemble(root, _match(_without_slivers(faces), [plane.to_degrees(ring) for ring in cutter.leaves]))


def reading_order(shapes: Sequence[Polygon]) -> list[int]:
    """Indices of the shapes as grids are numbered: rows from north to south, west to east within a row."""
    if not shapes:
        return []
    xy = shapely.get_coordinates(shapely.centroid(shapes))
    squeeze = math.cos(math.radians(float(xy[:, 1].mean())))
    width, height = np.ptp(xy[:, 0]) * squeeze, np.ptp(xy[:, 1])
    rows = max(1, round(math.sqrt(len(shapes) * float(height) / max(float(width), GRID))))
    north = sorted(range(len(shapes)), key=lambda i: -xy[i, 1])
    bounds = [round(len(north) * row / rows) for row in range(rows + 1)]
    return [i for low, high in pairwise(bounds) for i in sorted(north[low:high], key=lambda i: xy[i, 0])]


def in_reading_order(cells: Iterable[Cell]) -> list[Cell]:
    found = list(cells)
    return [found[i] for i in reading_order([cell.shape for cell in found])]


class _Projection:
    """Degrees to metres and back, true near the outline's centre (some metres off over 10 km: nothing here)."""

    def __init__(self, outline: Polygon) -> None:
        centre = outline.centroid
        self.origin = np.array([centre.x, centre.y])
        self.scale = np.array([METRES_PER_DEGREE * math.cos(math.radians(centre.y)), METRES_PER_DEGREE])

    def to_metres(self, shape: T) -> T:
        moved: T = shapely.transform(shape, lambda xy: (xy - self.origin) * self.scale)
        return moved

    def to_degrees(self, shape: T) -> T:
        moved: T = shapely.transform(shape, lambda xy: xy / self.scale + self.origin)
        return moved


class _Cutter:
    """Halves blocks by roads and keeps what it cut: `roads` (lists of points) and `leaves` (polygons), in metres."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.roads: list[list[tuple[float, float]]] = []
        self.leaves: list[Polygon] = []

    def divide(self, ring: Polygon, sizes: Sizes) -> _Block:
        if isinstance(sizes, int):
            sizes = [1] * sizes
            if len(sizes) == 1:
                return _Block(ring, children=[self._leaf(ring)])
        block = _Block(ring, children=[])
        self._halve(ring, list(sizes), block)
        return block

    def _leaf(self, ring: Polygon) -> _Block:
        self.leaves.append(ring)
        return _Block(ring, leaf=len(self.leaves) - 1)

    def _halve(self, ring: Polygon, sizes: list[Sizes], into: _Block) -> None:
        """Cut the ring into one piece per size and hang the pieces under `into`."""
        assert into.children is not None
        if len(sizes) == 1:
            into.children.append(self._leaf(ring) if sizes == [1] else self.divide(ring, sizes[0]))
            return
        middle = len(sizes) // 2
        first, second = sizes[:middle], sizes[middle:]
        share = _weight(first) / (_weight(first) + _weight(second))
        # Blocks of a real town differ: up to a seventh more or less than the fair share.
        share *= self.rng.uniform(0.93, 1.07)
        left, right = self._cut(ring, share)
        self._halve(left, first, into)
        self._halve(right, second, into)

    def _cut(self, ring: Polygon, share: float) -> tuple[Polygon, Polygon]:
        """The two sides of a road across the ring; the first holds about `share` of the area."""
        along = _long_axis(ring)
        # A bent road through a hollow block may cut off a third piece; then try again, straighter.
        for tries in range(12):
            ease = 1.0 / (1 + tries)
            angle = along + self.rng.gauss(0, math.radians(5)) * ease + (0 if tries < 8 else tries * math.pi / 12)
            normal = (math.cos(angle), math.sin(angle))
            road = self._road(ring, normal, _offset(ring, normal, share), bend=0.07 * ease if tries < 6 else 0.0)
            pieces = [piece for piece in split(ring, LineString(road)).geoms if piece.area > 1.0]
            if len(pieces) == 2:
                self.roads.append(road)
                pieces.sort(key=lambda piece: piece.centroid.x * normal[0] + piece.centroid.y * normal[1])
                return pieces[0], pieces[1]
        raise ValueError("no road divides this block in two")

    def _road(
        self, ring: Polygon, normal: tuple[float, float], offset: float, *, bend: float
    ) -> list[tuple[float, float]]:
        """A gently curved polyline about the line `p · normal = offset`, cut back to what lies within the ring."""
        nx, ny = normal
        west, south, east, north = ring.bounds
        reach = math.hypot(east - west, north - south)
        middle = ring.centroid
        drift = offset - (middle.x * nx + middle.y * ny)
        x0, y0 = middle.x + nx * drift, middle.y + ny * drift
        # Only long roads bend: between two houses a street is straight.
        amplitude = self.rng.uniform(-bend, bend) * reach if reach > 600 else 0.0
        phase = self.rng.uniform(0, math.tau)
        steps = 16 if amplitude else 1
        line: list[tuple[float, float]] = []
        for step in range(steps + 1):
            t = 2 * step / steps - 1
            sway = amplitude * math.sin(phase + 2.2 * t)
            line.append((x0 - ny * reach * t + nx * sway, y0 + nx * reach * t + ny * sway))
        inside = LineString(line).intersection(ring)
        if inside.geom_type == "LineString" and not inside.is_empty:
            return _overshoot([(float(x), float(y)) for x, y in inside.coords])
        return line


def _overshoot(road: list[tuple[float, float]], by: float = 0.02) -> list[tuple[float, float]]:
    """Let both ends reach 2 cm over the border, lest rounding leave them short; the grid (0.1 m) swallows it."""

    def beyond(end: tuple[float, float], before: tuple[float, float]) -> tuple[float, float]:
        dx, dy = end[0] - before[0], end[1] - before[1]
        length = math.hypot(dx, dy) or 1.0
        return end[0] + dx / length * by, end[1] + dy / length * by

    return [beyond(road[0], road[1]), *road[1:-1], beyond(road[-1], road[-2])]


def _weight(sizes: Sizes) -> int:
    return sizes if isinstance(sizes, int) else sum(_weight(size) for size in sizes)


def _long_axis(ring: Polygon) -> float:
    """Direction (radians) of the longer side of the tightest rectangle around the ring."""
    box = np.asarray(ring.minimum_rotated_rectangle.exterior.coords)
    sides = np.diff(box[:3], axis=0)
    longer = sides[int(np.hypot(sides[:, 0], sides[:, 1]).argmax())]
    return math.atan2(float(longer[1]), float(longer[0]))


def _offset(ring: Polygon, normal: tuple[float, float], share: float) -> float:
    """The offset t for which the ring's part with `p · normal < t` holds about `share` of its area, by bisection."""
    nx, ny = normal
    turned = [(x * nx + y * ny, y * nx - x * ny) for x, y in ring.exterior.coords]
    low, high = min(u for u, _ in turned), max(u for u, _ in turned)
    target = share * _area_below(turned, high)
    for _ in range(10):  # to a thousandth of the width; the share itself is a matter of chance
        middle = (low + high) / 2
        if _area_below(turned, middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _area_below(ring: list[tuple[float, float]], t: float) -> float:
    """Twice the area of the closed ring (u, v) below the line u = t; plain Python, since numpy is slower on ten points.

    Every edge is clipped at the line and counted by the shoelace; what runs along the line itself adds nothing.
    """
    area = 0.0
    u0, v0 = ring[0][0] - t, ring[0][1]
    for point in ring[1:]:
        u1, v1 = point[0] - t, point[1]
        if u0 < 0:
            area += u0 * v1 - u1 * v0 if u1 < 0 else u0 * (v0 + (v1 - v0) * u0 / (u0 - u1))
        elif u1 < 0:
            area -= u1 * (v0 + (v1 - v0) * u0 / (u0 - u1))
        u0, v0 = u1, v1
    return abs(area)


def _without_slivers(faces: list[Polygon]) -> list[Polygon]:
    """The faces, with triangles of a few grid points (born where two roads meet almost at one) given to a neighbour."""
    slivers = [face for face in faces if face.area < SLIVER]
    whole = [face for face in faces if face.area >= SLIVER]
    for sliver in slivers:
        shared = shapely.length(shapely.intersection(shapely.boundary(whole), sliver.boundary))
        nearest = int(np.argmax(shared))
        whole[nearest] = shapely.coverage_union(whole[nearest], sliver)
    return whole


def _match(faces: Sequence[Polygon], leaves: Sequence[Polygon]) -> list[Polygon]:
    """The noded face of every leaf, in the order of the leaves."""
    if len(faces) != len(leaves):
        raise ValueError(f"the roads close into {len(faces)} blocks, not {len(leaves)}")
    inside = [face.representative_point() for face in faces]
    which_face, which_leaf = shapely.STRtree(leaves).query(inside, predicate="within")
    if sorted(which_leaf.tolist()) != list(range(len(leaves))):
        raise ValueError("a block lost its leaf when the roads were noded")
    matched = dict(zip(which_leaf.tolist(), which_face.tolist(), strict=True))
    return [shapely.normalize(faces[matched[i]]) for i in range(len(leaves))]


def _assemble(block: _Block, faces: list[Polygon]) -> Cell:
    """Cells bottom-up: a leaf is its face, a parent the union of its children."""
    if block.leaf >= 0:
        return Cell(faces[block.leaf])
    children = tuple(_assemble(child, faces) for child in block.children or ())
    shape = shapely.coverage_union_all([child.shape for child in children])
    if shape.geom_type != "Polygon" or shape.interiors:
        raise ValueError("the children of a block do not make one piece without holes")
    return Cell(shapely.normalize(shape), children)
