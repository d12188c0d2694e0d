"""How far rows with `lng` and `lat` (WGS-84 degrees) lie from a place or from ground inside a border, in metres.

Reckoned by PostgreSQL on a plane whose metres are those of the spot's own latitude: true to 0.1 % within a city. A box
in degrees comes first, which an index on (lat, lng) serves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import F, FloatField, Func, QuerySet, Value

from gridgov.core.fields import Bounds
from gridgov.core.geodesy import metres_per_degree

Place = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """What is looked near of: one place (lng, lat), or the outer ring of a border; within it nothing is far."""

    places: tuple[Place, ...]

    @classmethod
    def at(cls, lng: float, lat: float) -> Self:
        return cls(((lng, lat),))

    @classmethod
    def within(cls, border: Mapping[str, Any]) -> Self:
        """BORDER is a GeoJSON polygon; its holes count as ground."""
        return cls(tuple((lng, lat) for lng, lat, *_height in border["coordinates"][0]))

    @property
    def origin(self) -> Place:
        """The middle of the box around it."""
        west, south, east, north = _box(self.places)
        return (west + east) / 2, (south + north) / 2

    def box(self, metres: float) -> Bounds:
        """West, south, east, north of what may lie within METRES."""
        per_lng, per_lat = metres_per_degree(self.origin[1])
        west, south, east, north = _box(self.places)
        return west - metres / per_lng, south - metres / per_lat, east + metres / per_lng, north + metres / per_lat


def _box(places: Sequence[Place]) -> Bounds:
    lngs, lats = [lng for lng, _lat in places], [lat for _lng, lat in places]
    return min(lngs), min(lats), max(lngs), max(lats)


def metres_from(spot: Spot) -> Func:
    """Metres from SPOT to a row's place; null for a row without one."""
    (x, y), (per_lng, per_lat) = spot.origin, metres_per_degree(spot.origin[1])
    flat = ",".join(f"({(lng - x) * per_lng:.3f},{(lat - y) * per_lat:.3f})" for lng, lat in spot.places)
    kind = "point" if len(spot.places) == 1 else "polygon"
    here = Func((F("lng") - x) * per_lng, (F("lat") - y) * per_lat, function="point", output_field=FloatField())
    there = Func(Value(flat), template=f"%(expressions)s::{kind}", output_field=FloatField())
    return Func(here, there, template="(%(expressions)s)", arg_joiner=" <-> ", output_field=FloatField())


def near(rows: QuerySet, spot: Spot, metres: float) -> QuerySet:
    """Those of ROWS within METRES of SPOT, with how far they are (`metres`)."""
    west, south, east, north = spot.box(metres)
    inside = rows.filter(lat__gte=south, lat__lte=north, lng__gte=west, lng__lte=east)
    return inside.annotate(metres=metres_from(spot)).filter(metres__lte=metres)
