"""The tiling of gridgov.demo.geometry: nested, clean, the same every time, and shaped like blocks."""

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

from gridgov.demo.geometry import Cell, reading_order, tile

OUTLINE = Polygon(
    [(102.0, 40.2), (102.015, 40.198), (102.03, 40.201), (102.028, 40.222), (102.012, 40.224), (101.999, 40.212)]
)
SIZES = [[7, 8, 9], [8, 8], [1, 5, 10, 6]]


@pytest.fixture(scope="module")
def town() -> Cell:
    return tile(OUTLINE, SIZES, seed=3)


def cells(cell: Cell) -> list[Cell]:
    return [cell, *(below for child in cell.children for below in cells(child))]


def test_children_stand_in_the_order_and_number_of_the_sizes(town: Cell) -> None:
    assert [[len(lead.leaves()) for lead in community.children] for community in town.children] == SIZES
    assert len(town.leaves()) == sum(map(sum, SIZES))


def test_leaves_are_a_clean_coverage_on_the_grid_of_six_decimals(town: Cell) -> None:
    shapes = [leaf.shape for leaf in town.leaves()]
    assert shapely.coverage_is_valid(shapes)
    for cell in cells(town):
        assert cell.shape.geom_type == "Polygon"
        assert cell.shape.is_valid
        assert not cell.shape.interiors
        xy = shapely.get_coordinates(cell.shape)
        assert np.array_equal(xy, np.round(xy, 6))


def test_rounding_again_changes_nothing(town: Cell) -> None:
    """A border saved by the map widget with six decimals stays the border it was."""
    shapes = [leaf.shape for leaf in town.leaves()]
    again = shapely.set_precision(shapes, 1e-6, mode="pointwise")
    assert shapely.coverage_is_valid(again)
    assert all(shapely.equals(shapes, again))


def test_every_parent_is_exactly_the_union_of_its_children(town: Cell) -> None:
    for cell in cells(town):
        if cell.children:
            union = shapely.union_all([child.shape for child in cell.children])
            assert cell.shape.difference(union).is_empty
            assert union.difference(cell.shape).is_empty


def test_the_outline_is_filled(town: Cell) -> None:
    """Up to the rounding of the outline to the grid: a hundred-thousandth of the area."""
    assert town.shape.symmetric_difference(OUTLINE).area < 3e-5 * OUTLINE.area


def test_blocks_are_no_slivers(town: Cell) -> None:
    for leaf in town.leaves():
        area, length = leaf.shape.area, leaf.shape.length
        assert 4 * np.pi * area / length**2 > 0.35
        assert 0.4 < area / (OUTLINE.area / len(town.leaves())) < 2.5


def test_same_seed_same_town_other_seed_another() -> None:
    first, again, other = (tile(OUTLINE, SIZES, seed=seed) for seed in (5, 5, 6))
    assert [c.shape.wkb for c in cells(first)] == [c.shape.wkb for c in cells(again)]
    assert first.leaves()[0].shape != other.leaves()[0].shape


@pytest.mark.parametrize("seed", range(20))
def test_any_seed_closes(seed: int) -> None:
    town = tile(OUTLINE, SIZES, seed=seed)
    assert shapely.coverage_is_valid([leaf.shape for leaf in town.leaves()])


def test_reading_order_goes_west_to_east_and_north_to_south() -> None:
    places = [
        box(102 + x / 100, 40 + y / 100, 102.008 + x / 100, 40.008 + y / 100)
        for x, y in ((1, 0), (0, 1), (0, 0), (1, 1))
    ]
    assert reading_order(places) == [1, 3, 2, 0]
    assert reading_order([]) == []
