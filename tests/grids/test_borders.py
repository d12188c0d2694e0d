"""Drawing borders, and what the coverage report makes of them."""

import pytest
from shapely import from_wkb

from accounts.choices import Role
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids import actions, reports
from grids.choices import PostKind
from grids.models import Grid
from tests.factories import MONDAY, give, make_street, make_user
from tests.grids.test_geodesy import square

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def place():
    return make_street(totals=1, comprehensives=1, micros=4)


@pytest.fixture
def office(place):
    user = make_user(Role.STREET)
    give(user, PostKind.STREET_STAFF, place.street)
    return user


def rectangle(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_border_fills_all_four_columns(place, office):
    grid = actions.set_border(grid=place.micros[0], border=square(), by=office, at=MONDAY)
    grid.refresh_from_db()
    assert grid.border == square()
    assert from_wkb(bytes(grid.shape)).bounds == grid.box == (118.0, 32.0, 118.01, 32.01)
    assert grid.area_m2 == 1047748.3
    (told,) = Record.objects.filter(verb="grids.border_set")
    assert told.data == {"border": [None, square()], "area_m2": [None, 1047748.3]}


def test_the_same_border_again_is_no_change(place, office):
    grid = actions.set_border(grid=place.micros[0], border=square(), by=office, at=MONDAY)
    actions.set_border(grid=grid, border=square(), by=office, at=MONDAY)
    assert Record.objects.filter(verb="grids.border_set").count() == 1


def test_clearing(place, office):
    grid = place.micros[0]
    with pytest.raises(Conflict, match="no border"):
        actions.clear_border(grid=grid, by=office, at=MONDAY)
    actions.set_border(grid=grid, border=square(), by=office, at=MONDAY)
    grid = actions.clear_border(grid=grid, by=office, at=MONDAY)
    grid.refresh_from_db()
    assert (grid.border, grid.shape, grid.box, grid.area_m2) == (None, None, None, None)
    (told,) = Record.objects.filter(verb="grids.border_cleared")
    assert told.data["border"] == [square(), None]


def test_refusals_change_nothing(place, office):
    grid = place.micros[0]
    crossing = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    for refusal, change in (
        (Invalid, {"border": crossing}),
        (Forbidden, {"by": make_user(Role.STREET)}),
        (Forbidden, {"by": make_user(Role.WORKER)}),
        (Forbidden, {"by": make_user(Role.AUDITOR)}),
    ):
        with pytest.raises(refusal):
            actions.set_border(**{"grid": grid, "border": square(), "by": office, "at": MONDAY, **change})
    grid.refresh_from_db()
    assert (grid.border, grid.area_m2) == (None, None)
    assert Record.objects.filter(verb="grids.border_set").count() == 0


# --- coverage --------------------------------------------------------------------------------------------------------


def draw(grid: Grid, border: dict) -> None:
    actions.set_border(grid=grid, border=border, by=make_user(Role.SYSTEM_ADMIN), at=MONDAY)


@pytest.fixture
def quarters(place):
    """The comprehensive grid as a square of 0.02 degrees, its four micro-grids its quarters."""
    draw(place.comprehensives[0], rectangle(118, 32, 118.02, 32.02))
    corners = ((118, 32), (118.01, 32), (118, 32.01), (118.01, 32.01))
    for grid, (x, y) in zip(place.micros, corners, strict=True):
        draw(grid, square(x, y))
    return place


def test_quarters_cover_the_whole(quarters):
    found = reports.coverage(quarters.comprehensives[0], TODAY)
    assert found.whole
    assert (found.bordered, found.missing, found.gaps, found.overlaps, found.beyond) == (4, (), (), (), ())


def test_a_missing_quarter_is_a_gap_between_its_neighbours(quarters):
    last = quarters.micros[3]
    actions.clear_border(grid=last, by=make_user(Role.SYSTEM_ADMIN), at=MONDAY)
    found = reports.coverage(quarters.comprehensives[0], TODAY)
    assert found.missing == (last.code,)
    (gap,) = found.gaps
    assert gap.codes == tuple(g.code for g in quarters.micros[:3])
    assert gap.area_m2 == pytest.approx(1047635, abs=10)
    assert sorted(map(tuple, gap.geojson["coordinates"][0][:-1])) == [
        (118.01, 32.01), (118.01, 32.02), (118.02, 32.01), (118.02, 32.02),
    ]  # fmt: skip


def test_a_hole_is_found_without_a_border_above(quarters):
    top = quarters.comprehensives[0]
    actions.clear_border(grid=top, by=make_user(Role.SYSTEM_ADMIN), at=MONDAY)
    ring = [square(side=0.01)["coordinates"][0], square(118.002, 32.002, 0.001)["coordinates"][0]]
    draw(quarters.micros[0], {"type": "Polygon", "coordinates": ring})
    found = reports.coverage(top, TODAY)
    (gap,) = found.gaps
    assert gap.codes == (quarters.micros[0].code,)
    assert gap.area_m2 == pytest.approx(10478, abs=1)


def test_an_overlap_names_both(quarters):
    draw(quarters.micros[1], rectangle(118.009, 32, 118.02, 32.01))
    found = reports.coverage(quarters.comprehensives[0], TODAY)
    (overlap,) = found.overlaps
    assert overlap.codes == (quarters.micros[0].code, quarters.micros[1].code)
    assert overlap.area_m2 == pytest.approx(104775, abs=1)
    assert found.gaps == ()
    assert not found.whole


def test_what_sticks_out(quarters):
    draw(quarters.micros[1], rectangle(118.01, 32, 118.021, 32.01))
    found = reports.coverage(quarters.comprehensives[0], TODAY)
    (beyond,) = found.beyond
    assert beyond.codes == (quarters.micros[1].code,)
    assert beyond.area_m2 == pytest.approx(104775, abs=1)


def test_slivers_of_rounding_are_no_fault(quarters):
    """A corner rounded 0.1 m off the middle of the neighbour's edge."""
    ring = [[118, 32], [118.01, 32], [118.009999, 32.005], [118.01, 32.01], [118, 32.01], [118, 32]]
    draw(quarters.micros[0], {"type": "Polygon", "coordinates": [ring]})
    assert reports.coverage(quarters.comprehensives[0], TODAY).whole


def test_retired_grids_are_left_out(quarters):
    gone = quarters.micros[3]
    actions.retire_grid(grid=gone, valid_to=dt_before(TODAY), by=make_user(Role.SYSTEM_ADMIN), at=MONDAY)
    found = reports.coverage(quarters.comprehensives[0], TODAY)
    assert (found.bordered, found.missing, len(found.gaps)) == (3, (), 1)


def dt_before(day):
    return day.fromordinal(day.toordinal() - 1)
