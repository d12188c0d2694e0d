"""Places on the earth: WGS-84 and GCJ-02, polygons in GeoJSON, areas. Degrees everywhere, longitude first.

The house stores WGS-84. Readings of Chinese map applications are GCJ-02, 100–700 m beside it; they are turned round
once, at the edge. Shapely is imported by the functions that need it: it costs 0.2 s that a worker or a command without
maps should not pay.
"""

import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from gridgov.core.errors import Invalid

if TYPE_CHECKING:
    from shapely import Geometry
    from shapely.geometry import Polygon

Crs = Literal["WGS84", "GCJ02"]
DIGITS = 6  # of a degree, about 0.1 m: what Leaflet keeps when a border is drawn
MAX_VERTICES = 5000
MIN_AREA = 1e-10  # square degrees, about 1 m²
# WGS-84: half the long axis in metres, first eccentricity squared.
_AXIS, _E2 = 6378137.0, 0.0066943799901413165
# The ellipsoid (Krasovsky) that GCJ-02's shift is reckoned on, and the rectangle in which it applies.
_GCJ_AXIS, _GCJ_E2 = 6378245.0, 0.00669342162296594323
_GCJ_WEST, _GCJ_EAST, _GCJ_SOUTH, _GCJ_NORTH = 72.004, 137.8347, 0.8293, 55.8271


# --- WGS-84 and GCJ-02 -----------------------------------------------------------------------------------------------


def to_wgs84(lng: float, lat: float, crs: Crs) -> tuple[float, float]:
    """A reading in CRS as WGS-84 (lng, lat). Raises Invalid for what is no place on the earth."""
    if not (-180 <= lng <= 180 and -90 <= lat <= 90):  # also refuses nan
        raise Invalid(_("This is no place on the earth: longitude comes first, then latitude."), field="lng")
    return gcj02_to_wgs84(lng, lat) if crs == "GCJ02" else (lng, lat)


def wgs84_to_gcj02(lng: float, lat: float) -> tuple[float, float]:
    """Where a Chinese map shows the WGS-84 place (lng, lat); the same outside China."""
    if not (_GCJ_WEST <= lng <= _GCJ_EAST and _GCJ_SOUTH <= lat <= _GCJ_NORTH):
        return lng, lat
    x, y = lng - 105.0, lat - 35.0
    wave = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (wave + 20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (wave + 20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    phi = math.radians(lat)
    w2 = 1.0 - _GCJ_E2 * math.sin(phi) ** 2
    d_lat = math.degrees(north * w2 * math.sqrt(w2) / (_GCJ_AXIS * (1.0 - _GCJ_E2)))
    d_lng = math.degrees(east * math.sqrt(w2) / (_GCJ_AXIS * math.cos(phi)))
    return lng + d_lng, lat + d_lat


def gcj02_to_wgs84(lng: float, lat: float) -> tuple[float, float]:
    """The WGS-84 place that a Chinese map shows at (lng, lat), to 1e-9 degrees; the same outside China."""
    x, y = lng, lat
    for _step in range(8):
        shown_x, shown_y = wgs84_to_gcj02(x, y)
        x, y = x + lng - shown_x, y + lat - shown_y
        if abs(lng - shown_x) < 1e-10 and abs(lat - shown_y) < 1e-10:
            break
    return x, y


# --- distances and areas ---------------------------------------------------------------------------------------------


def metres_per_degree(lat: float) -> tuple[float, float]:
    """How many metres a degree of longitude and one of latitude are long at LAT."""
    phi = math.radians(lat)
    w2 = 1.0 - _E2 * math.sin(phi) ** 2
    east = math.radians(1) * _AXIS / math.sqrt(w2) * math.cos(phi)
    north = math.radians(1) * _AXIS * (1.0 - _E2) / (w2 * math.sqrt(w2))
    return east, north


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """How far two near places (lng, lat) are apart, in metres: flat at their latitude, to 0.1 % within a city."""
    east, north = metres_per_degree((a[1] + b[1]) / 2)
    return math.hypot((b[1] - a[1]) * north, (b[0] - a[0]) * east)


def area_m2(shape: "Geometry") -> float:
    """Area of a polygon or several, in m², on the ellipsoid; edges run straight on the map, as they are drawn."""
    import numpy as np
    import shapely

    e = math.sqrt(_E2)

    def height(lat: Any) -> Any:
        """Height in metres of the latitudes on the cylinder of equal area."""
        s = np.sin(np.radians(lat))
        return _AXIS / 2 * (1 - _E2) * (s / (1 - _E2 * s * s) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))

    def flat(points: Any) -> Any:
        """Metres from the first point: small numbers keep the digits that big ones would lose."""
        x, y = points[:, 0] - points[0, 0], height(points[:, 1]) - height(points[0, 1])
        return np.column_stack([np.radians(x) * _AXIS, y])

    return 0.0 if shape.is_empty else float(shapely.transform(shape, flat).area)


# --- polygons --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outline:
    """A checked polygon, rounded to 1e-6 degrees, its outer ring anticlockwise."""

    polygon: "Polygon"

    @classmethod
    def read(cls, value: Any, *, field: str = "border") -> "Outline":
        """VALUE is a GeoJSON Polygon on WGS-84, holes allowed. Raises Invalid that says what is wrong, and where."""
        rings = _rings(value, field)
        from shapely import is_valid_reason
        from shapely.geometry import Polygon
        from shapely.geometry.polygon import orient

        polygon = orient(Polygon(rings[0], rings[1:]))
        if not polygon.is_valid:
            raise Invalid(_why_invalid(is_valid_reason(polygon)), code="border_invalid", field=field)
        if polygon.area < MIN_AREA:
            raise Invalid(_("The border encloses no ground."), code="border_invalid", field=field)
        return cls(polygon)

    @property
    def geojson(self) -> dict[str, Any]:
        rings = [self.polygon.exterior, *self.polygon.interiors]
        return {"type": "Polygon", "coordinates": [[list(point) for point in ring.coords] for ring in rings]}

    @property
    def wkb(self) -> bytes:
        return bytes(self.polygon.wkb)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        west, south, east, north = self.polygon.bounds
        return west, south, east, north

    @cached_property
    def area_m2(self) -> float:
        return area_m2(self.polygon)


def _rings(value: Any, field: str) -> list[list[tuple[float, float]]]:
    """The rings of a GeoJSON polygon, rounded, without repeated points."""

    def refuse(message: str) -> Invalid:
        return Invalid(message, code="border_invalid", field=field)

    if not isinstance(value, dict) or "type" not in value:
        raise refuse(_('A border is a GeoJSON polygon: {"type": "Polygon", "coordinates": […]}.'))
    if value["type"] != "Polygon":
        raise refuse(_("A border is one Polygon; this is a %(type)s.") % {"type": str(value["type"])[:40]})
    rings = value.get("coordinates")
    if not isinstance(rings, list | tuple) or not rings or not all(isinstance(ring, list | tuple) for ring in rings):
        raise refuse(_("The border has no rings of points."))
    if sum(map(len, rings)) > MAX_VERTICES:
        raise refuse(_("The border has more than %(max)d points. Simplify it first.") % {"max": MAX_VERTICES})
    found = []
    for ring in rings:
        points: list[tuple[float, float]] = []
        for point in ring:
            place = _place(point)
            if place is None:
                what = str(point)[:60]
                raise refuse(_("%(point)s is no place: longitude comes first, then latitude.") % {"point": what})
            if not points or points[-1] != place:
                points.append(place)
        if len(set(points)) < 3:
            raise refuse(_("A ring of the border needs at least three different points."))
        found.append(points)
    return found


def _place(point: Any) -> tuple[float, float] | None:
    """A GeoJSON position (its height, if any, is dropped) or None."""
    if not isinstance(point, list | tuple) or not 2 <= len(point) <= 3:
        return None
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in point):
        return None
    lng, lat = point[:2]
    return (round(lng, DIGITS), round(lat, DIGITS)) if -180 <= lng <= 180 and -90 <= lat <= 90 else None


def _why_invalid(reason: str) -> str:
    """GEOS's reason in our words: 'Self-intersection[118.1 32.2]'."""
    said = re.match(r"(?P<what>[^\[]*)(\[(?P<lng>\S+) (?P<lat>\S+)\])?", reason)
    what = said["what"] if said else reason
    if said is None or said["lng"] is None:
        return _("The border is not a valid polygon (%(reason)s).") % {"reason": reason}
    place = {"lng": f"{float(said['lng']):.6f}", "lat": f"{float(said['lat']):.6f}", "reason": what}
    if "Self-intersection" in what:
        return _("The border crosses or touches itself near %(lng)s, %(lat)s.") % place
    if "Hole" in what or "nested" in what.lower() or "Interior" in what:
        return _("A hole of the border lies wrongly near %(lng)s, %(lat)s.") % place
    return _("The border is not a valid polygon near %(lng)s, %(lat)s (%(reason)s).") % place
