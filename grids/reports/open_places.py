"""Where residents can turn to: the grids of streets whose pages the office has opened."""

import datetime as dt
from dataclasses import dataclass

from grids.choices import GridKind
from grids.models import Grid, PublicPage
from grids.queries import heavy, path_to


@dataclass(frozen=True)
class Place:
    """A grid that takes reports and volunteers. `below`: the grids in it, to choose a nearer one from."""

    grid: Grid
    path: tuple[Grid, ...]
    page: PublicPage
    below: tuple[Grid, ...]

    @property
    def way(self) -> str:
        return " · ".join(grid.name for grid in self.path)

    @property
    def is_exact(self) -> bool:
        return self.grid.kind == GridKind.MICRO


def streets() -> list[Grid]:
    """The streets that are open to residents."""
    pages = PublicPage.objects.filter(is_open=True).values("street")
    return list(Grid.objects.filter(pk__in=pages).defer(*heavy("")).order_by("code"))


def place_at(code: str, on: dt.date) -> Place | None:
    """The grid CODE where it is open to residents on the day ON; None where it isn't, or is none."""
    path = path_to(code) if code.isascii() and code.isdigit() else []
    if not path or not path[-1].holds(on):
        return None
    page = PublicPage.objects.filter(street=path[0], is_open=True).first()
    if page is None:
        return None
    below = Grid.objects.filter(parent=path[-1]).current(on).defer(*heavy("")).order_by("code")
    return Place(path[-1], tuple(path), page, tuple(below))
