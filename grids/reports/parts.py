"""The parts of a ground that get a line of their own in figures."""

from dataclasses import dataclass, field

from grids.choices import GridKind
from grids.models import Grid

# What gets a row of its own below a grid of this kind.
PARTS: dict[str, frozenset[GridKind]] = {
    GridKind.STREET: frozenset({GridKind.TOTAL}),
    GridKind.TOTAL: frozenset({GridKind.COMPREHENSIVE, GridKind.DEDICATED}),
}


@dataclass(frozen=True)
class Ground:
    """A grid, with the keys of all grids that are counted for it."""

    code: str
    name: str
    keys: list[int] = field(default_factory=list)


def parts_of(top: Grid) -> list[Ground]:
    """The communities of a street, or the grids below another, in the order of their codes; TOP itself first, for what lies on
    no part of it. One query."""
    kinds = PARTS.get(top.kind, frozenset({GridKind.MICRO}))
    rows = [Ground(top.code, top.name)]
    for pk, kind, code, name in Grid.objects.under(top).order_by("lft").values_list("pk", "kind", "code", "name"):
        if kind in kinds:
            rows.append(Ground(code, name))
        rows[-1].keys.append(pk)
    return rows
