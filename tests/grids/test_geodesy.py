"""GCJ-02, areas and polygons."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridgov.core.errors import Invalid
from gridgov.core.geodesy import Outline, area_m2, gcj02_to_wgs84, to_wgs84, wgs84_to_gcj02

# WGS-84 → GCJ-02, from the test suites of coordtransform and eviltransform (Shanghai, Shenzhen, Beijing).
VECTORS = (
    ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
)


def square(x: float = 118.0, y: float = 32.0, side: float = 0.01) -> dict:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize(("wgs", "gcj"), VECTORS)
def test_known_places(wgs, gcj):
    assert wgs84_to_gcj02(*wgs) == pytest.approx(gcj, abs=1e-12)


def test_a_known_way_back():
    """gcoord's own test, to its five digits."""
    assert gcj02_to_wgs84(123, 45) == pytest.approx((122.99395597, 44.99804071), abs=1e-5)


@given(st.floats(73.5, 135), st.floats(18, 53.5))
def test_there_and_back(lng, lat):
    shown = wgs84_to_gcj02(lng, lat)
    assert gcj02_to_wgs84(*shown) == pytest.approx((lng, lat), abs=1e-9)


def test_nothing_moves_outside_china():
    assert wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
    assert to_wgs84(2.35, 48.85, "GCJ02") == (2.35, 48.85)


@pytest.mark.parametrize("place", [(32.0, 118.0), (181.0, 0.0), (math.nan, 0.0), (0.0, math.inf)])
def test_what_is_no_place(place):
    with pytest.raises(Invalid, match="longitude comes first"):
        to_wgs84(*place, "WGS84")


def test_area_of_a_known_cell():
    """A cell of one degree between parallels, by the closed formula of the ellipsoid."""
    import shapely

    assert area_m2(shapely.box(0, 0, 1, 1)) == pytest.approx(12308463893.97, rel=1e-9)
    # 0.01 degrees at 32° north: about 1 km by 1 km.
    assert area_m2(shapely.box(118, 32, 118.01, 32.01)) == pytest.approx(1047748.26, abs=0.01)
    assert area_m2(shapely.Polygon()) == 0


def test_an_outline_is_rounded_closed_and_anticlockwise():
    ring = [[118, 32], [118, 32.01], [118.01, 32.01], [118.0100000004, 32.00000049, 7.5]]
    outline = Outline.read({"type": "Polygon", "coordinates": [ring]})
    assert outline.geojson == {
        "type": "Polygon",
        "coordinates": [[[118.0, 32.0], [118.01, 32.0], [118.01, 32.01], [118.0, 32.01], [118.0, 32.0]]],
    }
    assert outline.bounds == (118.0, 32.0, 118.01, 32.01)


def test_a_hole_is_kept():
    outer, inner = square(side=0.03)["coordinates"][0], square(118.01, 32.01)["coordinates"][0]
    outline = Outline.read({"type": "Polygon", "coordinates": [outer, inner]})
    assert len(outline.geojson["coordinates"]) == 2
    assert outline.area_m2 == pytest.approx(area_m2(Outline.read(square(side=0.03)).polygon) * 8 / 9, rel=1e-3)


def ring_of(*points):
    return {"type": "Polygon", "coordinates": [list(points)]}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (None, "GeoJSON polygon"),
        ("POLYGON((0 0))", "GeoJSON polygon"),
        ({}, "GeoJSON polygon"),
        ({"type": "Point", "coordinates": [118, 32]}, "this is a Point"),
        ({"type": "MultiPolygon", "coordinates": []}, "this is a MultiPolygon"),
        ({"type": "Polygon"}, "no rings"),
        ({"type": "Polygon", "coordinates": []}, "no rings"),
        ({"type": "Polygon", "coordinates": [1, 2]}, "no rings"),
        (ring_of([118, 32], [118.1, 32]), "three different points"),
        (ring_of([118, 32], [118, 32], [118, 32], [118.1, 32]), "three different points"),
        (ring_of([118, 32], [118.0000001, 32], [118, 32.0000001]), "three different points"),
        (ring_of([32, 118], [32.1, 118], [32, 118.1]), r"\[32, 118\] is no place"),
        (ring_of([118, 32], [118.1, "32"], [118, 32.1]), "is no place"),
        (ring_of([118, 32], [118.1, math.nan], [118, 32.1]), "is no place"),
        (ring_of([118, 32], [True, 32], [118, 32.1]), "is no place"),
        (ring_of([118, 32], [118.1], [118, 32.1]), "is no place"),
        (ring_of([118, 32], [118.1, 32.1], [118.1, 32], [118, 32.1]), r"crosses.*near 118\.050000, 32\.050000"),
        (ring_of([118, 32], [118.1, 32.1], [118.2, 32.2], [118, 32]), "encloses no ground"),
        (
            {"type": "Polygon", "coordinates": [*square()["coordinates"], *square(119.0)["coordinates"]]},
            r"hole.*near 119\.000000, 32\.000000",
        ),
        (ring_of(*([118 + i * 1e-5, 32] for i in range(5001))), "more than 5000 points"),
    ],
)
def test_bad_polygons_say_what_is_wrong(bad, why):
    with pytest.raises(Invalid, match=why) as refused:
        Outline.read(bad)
    assert refused.value.field == "border"
