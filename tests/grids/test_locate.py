"""From a place to its grid: exactly what comparing with every polygon would say."""

import datetime as dt
import random
from itertools import pairwise

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from accounts.models import User
from grids import actions
from grids.actions import GridRow
from grids.models import Grid
from grids.queries import locate
from tests.factories import LONG_AGO, MONDAY, make_street
from tests.grids.test_borders import draw, rectangle

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture(scope="module")
def tiling(django_db_setup, django_db_blocker):
    """60 Voronoi cells as micro-grids in one comprehensive grid; [(code, polygon), …] as stored."""
    with django_db_blocker.unblock():
        chance = random.Random(7)
        seeds = shapely.MultiPoint([(118 + chance.random() * 0.02, 32 + chance.random() * 0.02) for _ in range(60)])
        frame = shapely.box(118, 32, 118.02, 32.02)
        cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame))
        rounded = shapely.set_precision(cells, 1e-6, mode="pointwise")
        head = [
            GridRow("990101009", "street", "街", LONG_AGO),
            GridRow("990101009001000", "total", "总", LONG_AGO, parent_code="990101009"),
            GridRow(
                "990101009001001", "comprehensive", "综", LONG_AGO, parent_code="990101009001000",
                border=rectangle(117.9, 31.9, 118.1, 32.1),
            ),
        ]  # fmt: skip
        codes = [f"990101009001001{i:03}" for i in range(1, 61)]
        cut = [cell.intersection(frame) for cell in rounded]
        rows = [
            GridRow(code, "micro", code, LONG_AGO, parent_code=code[:15], micro_type="resident",
                    border=shapely.geometry.mapping(cell))
            for code, cell in zip(codes, cut, strict=True)
        ]  # fmt: skip
        actions.bulk_found(rows=head + rows, by=User.objects.system(), at=MONDAY)
        shapes = Grid.objects.filter(code__in=codes).order_by("code").values_list("code", "shape")
        yield [(code, shapely.from_wkb(bytes(shape))) for code, shape in shapes]
        wipe()


def wipe():
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def brute_force(cells, point):
    inside = [code for code, cell in cells if cell.covers(point)]
    return min(inside) if inside else None


@given(st.floats(117.995, 118.025), st.floats(31.995, 32.025))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_place(tiling, lng, lat):
    found = locate(lng, lat, TODAY)
    expected = brute_force(tiling, Point(lng, lat)) or "990101009001001"
    assert found.code == expected


def test_every_corner_and_edge(tiling):
    """On borders, where the choice must not depend on the database's mood."""
    for _code, cell in tiling:
        ring = list(cell.exterior.coords)
        middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(ring)]
        for x, y in ring + middles:
            expected = brute_force(tiling, Point(x, y)) or "990101009001001"
            assert locate(x, y, TODAY).code == expected


def test_outside_all(tiling):
    assert locate(117.0, 31.0, TODAY) is None


def test_one_query_and_no_border(tiling, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = locate(118.01, 32.01, TODAY)
        assert (found.level, found.kind) == (3, "micro")
    assert {"border", "shape", "box"} <= found.get_deferred_fields()


def test_only_grids_in_force(db):
    place = make_street()
    draw(place.street, rectangle(110, 30, 111, 31))
    draw(place.micros[0], rectangle(110.1, 30.1, 110.2, 30.2))
    assert locate(110.15, 30.15, TODAY) == place.micros[0]
    Grid.objects.filter(pk=place.micros[0].pk).update(valid_to=TODAY)
    assert locate(110.15, 30.15, TODAY) == place.micros[0]
    assert locate(110.15, 30.15, TODAY + dt.timedelta(1)) == place.street
    assert locate(110.15, 30.15, LONG_AGO - dt.timedelta(1)) is None
