"""Borders for a map of many grids: simpler and rounded, but without a gap; and how the grids of a level stand."""

import datetime as dt

import pytest
from shapely.geometry import Point, shape

from accounts.choices import Role
from grids import actions
from grids.choices import LEVELS, GridKind, PartyKind, PostKind
from grids.models import Grid, PartyOrg
from grids.reports import outlines, stamps, standing
from tests.factories import LONG_AGO, MONDAY, Street, give, make_street, make_user
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def place() -> Street:
    """Two micro-grids side by side, whose common border wavers by a hand's breadth at 201 corners."""
    place = make_street(micros=2)
    wave = [[118.01 + (0.000001 if n % 2 else 0), 32.0 + n * 0.00005] for n in range(201)]
    west = [[118.0, 32.0], *wave, [118.0, 32.01], [118.0, 32.0]]
    east = [[118.02, 32.01], *reversed(wave), [118.02, 32.0], [118.02, 32.01]]
    for grid, ring in zip(place.micros, (west, east), strict=True):
        draw(grid, {"type": "Polygon", "coordinates": [ring]})
    return place


def test_neighbours_stay_neighbours(place: Street) -> None:
    found = outlines(Grid.objects.all(), GridKind.MICRO)
    assert [one["properties"]["code"] for one in found["features"]] == [grid.code for grid in place.micros]
    west, east = (shape(one["geometry"]) for one in found["features"])
    assert max(len(west.exterior.coords), len(east.exterior.coords)) < 50
    assert west.intersection(east).area == pytest.approx(0, abs=1e-12)
    assert west.union(east).geom_type == "Polygon" and len(west.union(east).interiors) == 0
    for one, ground in zip(found["features"], (west, east), strict=True):
        lng, lat = one["properties"]["at"]
        assert ground.contains(Point(lng, lat))
        assert all(round(number, 5) == number for point in one["geometry"]["coordinates"][0] for number in point)


def test_a_level_without_borders_is_empty(place: Street) -> None:
    assert outlines(Grid.objects.all(), GridKind.TOTAL) == {"type": "FeatureCollection", "features": []}
    assert list(stamps(Grid.objects.all())) == [GridKind.MICRO]


def test_a_hole_stays_a_hole() -> None:
    """A market inside a residential grid."""
    place = make_street()
    outer, inner = square(118.0, 32.0, side=0.02), square(118.005, 32.005)
    draw(
        place.comprehensives[0],
        {"type": "Polygon", "coordinates": [*outer["coordinates"], inner["coordinates"][0][::-1]]},
    )
    (feature,) = outlines(Grid.objects.all(), GridKind.COMPREHENSIVE)["features"]
    assert len(feature["geometry"]["coordinates"]) == 2


def test_a_stamp_changes_with_what_is_shown_and_with_nothing_else(place: Street) -> None:
    first, second = place.micros
    by = {"by": make_user(Role.SYSTEM_ADMIN), "at": MONDAY}

    def now() -> tuple[int, str]:
        return stamps(Grid.objects.current(TODAY))[GridKind.MICRO]

    seen = {now()}
    actions.change_grid(grid=first, households=33, **by)
    assert now() in seen
    actions.change_grid(grid=first, name="新名", **by)
    assert now() not in seen
    seen.add(now())
    draw(second, square(118.01, 32.0))
    assert now() not in seen
    seen.add(now())
    actions.retire_grid(grid=second, valid_to=TODAY - dt.timedelta(1), **by)
    assert now() not in seen and now()[0] == 1


def test_how_grids_stand_by_people_and_party() -> None:
    place = make_street(totals=2, comprehensives=1, micros=2)
    give(make_user(Role.WORKER), PostKind.MICRO_GRID_WORKER, place.micros[0])
    give(
        make_user(Role.WORKER), PostKind.GRID_WORKER_PT, place.micros[1], valid_to=TODAY - dt.timedelta(1)
    )  # has ended
    give(make_user(Role.WORKER), PostKind.BUILDING_LEAD, place.micros[1])  # is none of those needed
    give(make_user(Role.TOTAL_LEAD), PostKind.ROOT_GRID_LEAD, place.totals[0])
    root = PartyOrg.objects.create(
        street=place.street, kind=PartyKind.WORK_COMMITTEE, name="党工委", valid_from=LONG_AGO
    )
    root.grids.add(place.street)
    home = PartyOrg.objects.create(
        street=place.street, kind=PartyKind.HOUSEHOLD, name="党员中心户", parent=root, valid_from=LONG_AGO
    )
    home.grids.add(place.micros[0])  # a household alone is no group
    group = PartyOrg.objects.create(
        street=place.street, kind=PartyKind.GROUP, name="党小组", parent=root, valid_from=LONG_AGO
    )
    group.grids.add(*place.micros[1:3])
    told = {
        level: [
            (one.grids, one.staffed, one.vacant, one.covered, one.uncovered)
            for one in standing(Grid.objects.all(), level, TODAY)
        ]
        for level in LEVELS
    }
    assert told == {
        "street": [(9, 2, 7, 3, 6)],
        "total": [(4, 2, 2, 1, 3), (4, 0, 4, 1, 3)],
        "comprehensive": [(3, 1, 2, 1, 2), (3, 0, 3, 1, 2)],
        "micro": [(1, 1, 0, 0, 1), (1, 0, 1, 1, 0), (1, 0, 1, 1, 0), (1, 0, 1, 0, 1)],
    }
