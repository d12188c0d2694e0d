"""Where a grid stands in the tree, without a model row."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from grids.models import Grid


class Node(NamedTuple):
    """A grid as scope needs it: where it stands in the tree. Read without making a model row of it, for every request
    asks this first."""

    pk: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    tree_id: int
    lft: int
    rght: int


NODE = ("pk", "code", "name", "kind", "parent_id", "tree_id", "lft", "rght")


def lies_within(grid: "Grid", node: "Grid | Node") -> bool:
    """Whether GRID is NODE or lies below it."""
    return node.tree_id == grid.tree_id and node.lft <= grid.lft and grid.rght <= node.rght
