"""Grids and cases as GeoJSON: the own ground and no more, nobody's words, no home told, and what RFC 7946 asks."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient
from shapely import LinearRing

from cases.actions import Report, report_case
from cases.models import Case
from gridgov.core.geodesy import Outline
from grids import actions as grid_actions
from grids.models import Grid
from tests.factories import MONDAY, Cast, make_cast, make_category, make_client, make_user
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
NUMBER = {"type": "number"}
PLACE = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
RING = {"type": "array", "items": PLACE, "minItems": 4}
# What RFC 7946 says of points and polygons in a collection.
COLLECTION = Draft202012Validator({
    "type": "object", "required": ["type", "features"], "not": {"required": ["crs"]},
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": {
        "type": "object", "required": ["type", "geometry", "properties", "id"], "properties": {
            "type": {"const": "Feature"}, "id": {"type": "integer"}, "properties": {"type": "object"},
            "geometry": {"oneOf": [
                {"properties": {"type": {"const": "Point"}, "coordinates": PLACE}, "required": ["type", "coordinates"]},
                {"properties": {"type": {"const": "Polygon"}, "coordinates": {"type": "array", "items": RING}},
                 "required": ["type", "coordinates"]},
            ]},
        },
    }}},
})  # fmt: skip
WORDS = "三单元401王大妈家门口堆满纸箱，电话13800000001"


@pytest.fixture
def cast() -> Cast:
    """Both micro-grids have a border, one to the right of the other."""
    cast = make_cast()
    for number, micro in enumerate(cast.place.micros):
        draw(micro, 118.0 + number / 100)
    return cast


def square(west: float, south: float = 31.0, side: float = 0.01) -> dict[str, Any]:
    east, north = west + side, south + side
    # Clockwise, as somebody may draw it.
    ring = [[west, south], [west, north], [east, north], [east, south], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def draw(grid: Grid, west: float) -> None:
    outline = Outline.read(square(west))
    Grid.objects.filter(pk=grid.pk).update(border=outline.geojson, shape=outline.wkb, box=outline.bounds)


def case_at(cast: Cast, lng: float, lat: float = 31.0012345, micro: int = 0, **values: Any) -> Case:
    report = Report(
        category=values.pop("category", cast.category.code), text=WORDS, place="三单元401", title="王大妈家门口",
        grid=cast.place.micros[micro].code, lng=lng, lat=lat, reporter_name="王大妈", reporter_phone="13800000001",
    )  # fmt: skip
    return report_case(report=report, by=cast.street, at=MONDAY)


def read(user: Any, what: str = "grids.geojson", wanted: int = 200, **asked: Any) -> Any:
    answer = client_of(user).get(f"/api/v1/{what}", asked, HTTP_ACCEPT="application/geo+json")
    assert answer.status_code == wanted, answer.content
    if wanted != 200:
        return answer.json()
    assert answer["Content-Type"] == "application/geo+json"
    found = answer.json()
    COLLECTION.validate(found)
    assert found["numberReturned"] == len(found["features"])
    return found


def ids(found: Any) -> list[int]:
    return [feature["id"] for feature in found["features"]]


def test_grids_of_the_own_ground_with_borders_right_way_round(cast: Cast) -> None:
    first, second = cast.place.micros
    (feature, other) = read(cast.street)["features"]
    assert (feature["id"], other["id"]) == (first.pk, second.pk)
    assert LinearRing(feature["geometry"]["coordinates"][0]).is_ccw
    assert feature["properties"] == {
        "code": first.code, "name": first.name, "kind": "micro", "level": 3, "parent": cast.place.comprehensives[0].code,
        "micro_type": first.micro_type, "households": first.households, "area_m2": first.area_m2,
        "valid_from": f"{first.valid_from}", "valid_to": None,
    }  # fmt: skip
    assert ids(read(cast.worker)) == [first.pk]
    assert ids(read(cast.outsider)) == ids(read(cast.unit_staff)) == []
    assert ids(read(cast.street, kind="total")) == []
    assert ids(read(cast.street, bbox="118.012,31.002,118.013,31.003")) == [second.pk]
    assert ids(read(cast.street, bbox="-180,-90,180,90", code=first.code)) == [first.pk]
    page = read(cast.street, limit=1)
    assert ids(page) == [first.pk]
    following = client_of(cast.street).get(page["links"][0]["href"]).json()
    assert (ids(following), ids(client_of(cast.street).get(following["links"][0]["href"]).json())) == ([second.pk], [])


def test_grids_are_told_again_only_when_they_have_changed(cast: Cast) -> None:
    client = client_of(cast.street)
    tag = client.get("/api/v1/grids.geojson")["ETag"]

    def again(user: Any = cast.street, **asked: Any) -> int:
        answer = client_of(user).get("/api/v1/grids.geojson", asked, HTTP_IF_NONE_MATCH=tag)
        return int(answer.status_code)

    assert [again(), again(kind="micro"), again(cast.worker)] == [304, 200, 200]
    grid_actions.set_border(
        grid=cast.place.micros[1], border=square(118.01, side=0.02), by=make_user("system_admin"), at=MONDAY
    )
    assert again() == 200
    assert client.get("/api/v1/grids.geojson")["ETag"] != tag
    with_figures = client.get("/api/v1/grids.geojson", {"figures": "cases"})
    assert "ETag" not in with_figures and with_figures["Cache-Control"] == "private, no-store"


def test_figures_of_grids_are_those_of_what_one_sees(cast: Cast) -> None:
    for micro in (0, 0, 1):
        case_at(cast, 118.005, micro=micro)
    read(cast.street, figures="cases", days="366")
    found = {
        feature["id"]: feature["properties"] for feature in read(cast.street, figures="cases", days="366")["features"]
    }
    assert [found[micro.pk]["cases_open"] for micro in cast.place.micros] == [2, 1]
    assert set(found[cast.place.micros[0].pk]) >= {"cases_open", "cases_late", "cases_reported"}
    key = make_client(["grids:read"], grid=cast.place.street)[1]
    client = APIClient(HTTP_AUTHORIZATION=f"Api-Key {key}")
    assert client.get("/api/v1/grids.geojson").status_code == 200
    refused = client.get("/api/v1/grids.geojson?figures=cases")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "scope_missing")
    assert client.get("/api/v1/cases.geojson").status_code == 403
    assert client.get("/api/v1/cases.geojsons").status_code == 403


def test_cases_are_points_without_anybodys_words_and_no_home_is_told(cast: Cast) -> None:
    case = case_at(cast, 118.0056789)
    case_at(cast, 118.006, category=make_category("1003", sensitive=True).code)
    report_case(
        report=Report(category=cast.category.code, text="无坐标", place="x", grid=case.grid.code),
        by=cast.street,
        at=MONDAY,
    )
    answer = client_of(cast.street).get("/api/v1/cases.geojson")
    (feature,) = read(cast.street, "cases.geojson")["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [118.006, 31.001]}
    assert (feature["id"], feature["properties"]["no"], feature["properties"]["grid"]) == (
        case.pk,
        case.no,
        case.grid.code,
    )
    for secret in ("王大妈", "401", "13800000001", "138****", "纸箱", "118.0056"):
        assert secret not in answer.content.decode()
    # A box about the place as it is shown: none finds out where the home really lies.
    assert ids(read(cast.street, "cases.geojson", bbox="118.0055,31,118.0059,31.002")) == []
    assert ids(read(cast.street, "cases.geojson", bbox="118.0059,31.0009,118.0061,31.0011")) == [case.pk]
    # Where nobody lives the place is told as it is.
    Grid.objects.filter(pk=case.grid_id).update(micro_type="merchant")
    (feature,) = read(cast.street, "cases.geojson")["features"]
    assert feature["geometry"]["coordinates"] == [118.0056789, 31.0012345]


def test_cases_in_scope_by_filter_page_and_sequence(cast: Cast) -> None:
    made = [case_at(cast, 118.0 + number / 1000, micro=number % 2) for number in range(5)]
    assert ids(read(cast.outsider, "cases.geojson")) == []
    assert ids(read(cast.worker, "cases.geojson")) == [
        case.pk for case in made if case.grid_id == cast.place.micros[0].pk
    ]
    assert ids(read(cast.street, "cases.geojson", grid=cast.place.micros[1].code)) == [made[1].pk, made[3].pk]
    assert ids(read(cast.street, "cases.geojson", state="closed")) == []
    found, page = [], read(cast.street, "cases.geojson", limit=2)
    while page["links"]:
        found += ids(page)
        page = client_of(cast.street).get(page["links"][0]["href"]).json()
    assert found + ids(page) == [case.pk for case in made]
    answer = client_of(cast.street).get("/api/v1/cases.geojsons", {"after": made[1].pk})
    assert answer["Content-Type"] == "application/geo+json-seq; charset=utf-8"
    texts = b"".join(answer.streaming_content).split(b"\x1e")  # type: ignore[attr-defined]
    assert texts[0] == b""
    assert [json.loads(text)["id"] for text in texts[1:]] == [case.pk for case in made[2:]]
    assert b"".join(client_of(cast.outsider).get("/api/v1/cases.geojsons").streaming_content) == b""  # type: ignore[attr-defined]


ODD: list[dict[str, Any]] = [
    {"bbox": "²"}, {"bbox": "1,2,3"}, {"bbox": "3,0,1,1"}, {"bbox": "nan,0,1,1"}, {"bbox": "0,0,1,inf"}, {"limit": "0"},
    {"limit": "²"}, {"limit": "10001"}, {"after": "-1"}, {"after": "9" * 40}, {"nonsense": "1"}, {"format": "csv"},
]  # fmt: skip


def test_what_can_not_be_asked_is_refused_and_a_page_is_flat(cast: Cast) -> None:
    for what in ("grids.geojson", "cases.geojson", "cases.geojsons"):
        for asked in ODD:
            if not (what.endswith("s") and "limit" in asked):
                assert read(cast.street, what, wanted=400, **asked)["type"] == "validation_error", asked
        assert APIClient().get(f"/api/v1/{what}").status_code == 401
        assert client_of(cast.street).post(f"/api/v1/{what}").status_code == 405
    read(cast.street, "grids.geojson", wanted=400, kind="x")
    read(cast.street, "cases.geojson", wanted=400, state="x")
    read(cast.street, "cases.geojsons", wanted=400, state="x")
    read(cast.street, "grids.geojson", wanted=400, days="0")

    def look() -> int:
        with CaptureQueriesContext(connection) as caught:
            client_of(cast.street).get("/api/v1/cases.geojson")
        return len(caught)

    case_at(cast, 118.001)
    few = look()
    case_at(cast, 118.002)
    case_at(cast, 118.003)
    assert look() == few
