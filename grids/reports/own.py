"""A grid as those who serve it carry it about: who serves with them, what their posts have to do, whom they can call."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from grids.choices import NEEDED, GridKind, PostKind
from grids.models import Binding, Grid, PartyOrg, Post
from grids.queries import heavy, scope_of
from grids.reports.disclosure import Duties, borders_around, duties_of
from grids.reports.released import Announced, Group, announced, groups_at
from grids.reports.specialists import Specialist, specialists_on

# Of a grid above, those who answer for the grids below it.
ABOVE = (PostKind.ROOT_GRID_LEAD, PostKind.GRID_LEAD, PostKind.GRID_MENTOR)
MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who serves the grid or leads above it. `phone`: the one entered for the public, or nothing."""

    name: str
    kind: PostKind
    phone: str
    grid: str
    here: bool
    me: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A grid to turn to."""

    code: str
    name: str
    kind: GridKind


@dataclass(frozen=True)
class OwnGrid:
    """`path`: the grids above it, the street first. `parties`: (name, kind, secretary) of the organisations over it."""

    grid: Grid
    path: tuple[Grid, ...]
    border: dict[str, Any] | None
    beside: tuple[dict[str, Any], ...]
    people: tuple[Colleague, ...]
    duties: tuple[Duties, ...]
    specialists: tuple[tuple[str, tuple[Specialist, ...]], ...]
    parties: tuple[tuple[str, str, str], ...]
    below: tuple[Choice, ...]
    notices: tuple[Announced, ...]
    groups: tuple[Group, ...]

    @property
    def street(self) -> Grid:
        return self.path[0] if self.path else self.grid


def own_places(user: User) -> list[Choice]:
    """The grids on which USER has posts, by code; no query but that of the scope."""
    nodes = sorted(scope_of(user).nodes, key=lambda node: (len(node.code), node.code))
    return [Choice(node.code, node.name, GridKind(node.kind)) for node in nodes[:MOST_CHOICES]]


def bound_places(user: User, on: dt.date) -> list[Choice]:
    """The grids that USER answers for as a professional worker on the day ON, by code. One query."""
    rows = Binding.objects.current(on).filter(post__user=user).order_by("grid__code")
    found = rows.values_list("grid__code", "grid__name", "grid__kind")[:MOST_CHOICES]
    return [Choice(code, name, GridKind(kind)) for code, name, kind in found]


def own_grid(code: str, user: User, on: dt.date) -> OwnGrid | None:
    """The grid CODE, at or below a post of USER, on the day ON; None where there is no such grid. Ten queries."""
    grid = Grid.objects.ground_of(user).current(on).filter(code=code).defer(*heavy("")).first()
    if grid is None:
        return None
    *path, grid = Grid.objects.above(grid).defer(*heavy(""))
    border, beside = borders_around(grid, on)
    people, own = _people([*path, grid], user, on)
    kinds = own or {one.kind for one in people if one.here} or NEEDED[grid.kind]
    keys = [one.pk for one in (*path, grid)]
    return OwnGrid(
        grid, tuple(path), border, beside, people, duties_of(path[0] if path else grid, kinds, on),
        _by_unit(specialists_on(keys, on)), _parties(grid, on), _below(grid, on),
        announced(keys, on, public=False), groups_at(keys, on, public=False),
    )  # fmt: skip


def _people(grids: list[Grid], user: User, on: dt.date) -> tuple[tuple[Colleague, ...], set[PostKind]]:
    """Who serves the last of GRIDS, and who leads above it, the nearest first; and the kinds of USER's own posts there."""
    places = {grid.pk: (place, grid) for place, grid in enumerate(reversed(grids))}
    rows = Post.objects.current(on).filter(grid__in=places, user__is_active=True)
    order = list(PostKind)
    found = sorted(
        rows.values_list("grid", "kind", "user__full_name", "is_public_contact", "public_phone", "user", "pk"),
        key=lambda row: (places[row[0]][0], order.index(PostKind(row[1])), row[-1]),
    )
    people = tuple(
        Colleague(
            name, PostKind(kind), phone if shown else "", places[grid][1].name, not places[grid][0], person == user.pk
        )
        for grid, kind, name, shown, phone, person, _pk in found
        if places[grid][0] == 0 or kind in ABOVE
    )
    return people, {PostKind(kind) for _grid, kind, _name, _shown, _phone, person, _pk in found if person == user.pk}


def _by_unit(found: Iterable[Specialist]) -> tuple[tuple[str, tuple[Specialist, ...]], ...]:
    """Professional workers by the unit that sends them, the units in the order of their nearest worker."""
    units: dict[str, list[Specialist]] = {}
    for one in found:
        units.setdefault(one.unit_name, []).append(one)
    return tuple((name, tuple(several)) for name, several in units.items())


def _parties(grid: Grid, on: dt.date) -> tuple[tuple[str, str, str], ...]:
    rows = PartyOrg.objects.current(on).filter(grids=grid).select_related("secretary").order_by("lft")
    return tuple((row.name, row.get_kind_display(), row.secretary.full_name if row.secretary else "") for row in rows)


def _below(grid: Grid, on: dt.date) -> tuple[Choice, ...]:
    rows = Grid.objects.filter(parent=grid).current(on).order_by("code").values_list("code", "name", "kind")
    return tuple(Choice(code, name, GridKind(kind)) for code, name, kind in rows[:MOST_CHOICES])
