"""The four disclosures 四亮 of a grid: who serves it, how to reach them, what they do, and where it lies.

Only what the office has released: the street's pages are open, a post is named on them, and the phone was entered for
the public. Accounts' own numbers are never read here.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from grids.choices import NEEDED, DutyArea, GridKind, PostKind
from grids.models import Duty, Grid, Post, PublicPage
from grids.queries import path_to
from grids.reports.released import Announced, Group, announced, groups_at

MOST_NEIGHBOURS = 80
MOST_HEIRS = 10


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody named on the page, on the grid itself or on one above."""

    name: str
    kind: PostKind
    phone: str
    grid: str
    own: bool


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties of a kind of post, by class, in the list's order."""

    kind: PostKind
    areas: tuple[tuple[DutyArea, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Disclosure:
    """A grid's public page. `path`: the grids above it, the street first. Of a grid that has ended nothing but `heir`,
    (code, name) of the one that follows, if any."""

    grid: Grid
    path: tuple[Grid, ...]
    page: PublicPage
    servers: tuple[Server, ...] = ()
    duties: tuple[Duties, ...] = ()
    border: dict[str, Any] | None = None
    beside: tuple[dict[str, Any], ...] = ()
    notices: tuple[Announced, ...] = ()
    groups: tuple[Group, ...] = ()
    ended: dt.date | None = None
    heir: tuple[str, str] | None = None

    @property
    def street(self) -> Grid:
        return self.path[0] if self.path else self.grid


def disclosure(code: str, on: dt.date) -> Disclosure | None:
    """The page of the grid CODE on the day ON; None where there is none to be read. Seven queries."""
    found = path_to(code)
    if not found or on < found[-1].valid_from:
        return None
    *path, grid = found
    street = found[0]
    page = PublicPage.objects.filter(street=street, is_open=True).first()
    if page is None:
        return None
    if grid.valid_to is not None and grid.valid_to < on:
        return Disclosure(grid, tuple(path), page, ended=grid.valid_to, heir=_heir(grid, on))
    servers = _servers([*path[1:], grid], on)
    kinds = {server.kind for server in servers if server.own} or NEEDED[grid.kind]
    border, beside = borders_around(grid, on)
    keys = [one.pk for one in found]
    return Disclosure(
        grid, tuple(path), page, servers, duties_of(street, kinds, on), border, beside,
        announced(keys, on, public=True), groups_at(keys, on, public=True),
    )  # fmt: skip


def _servers(grids: list[Grid], on: dt.date) -> tuple[Server, ...]:
    """Who is named on GRIDS, the deepest grid first, and on one grid in the order of the posts."""
    places = {grid.pk: (place, grid) for place, grid in enumerate(reversed(grids))}
    rows = Post.objects.current(on).filter(grid__in=places, is_public_contact=True, user__is_active=True)
    order = list(PostKind)
    found = sorted(
        rows.values_list("grid", "kind", "user__full_name", "public_phone", "pk"),
        key=lambda row: (places[row[0]][0], order.index(PostKind(row[1])), row[4]),
    )
    return tuple(
        Server(name, PostKind(kind), phone, places[grid][1].name, places[grid][0] == 0)
        for grid, kind, name, phone, _pk in found
    )


def duties_of(street: Grid, kinds: Iterable[str], on: dt.date) -> tuple[Duties, ...]:
    """What posts of KINDS have to do in STREET on the day ON; kinds without duties are left out. One query."""
    by_kind: dict[PostKind, dict[DutyArea, list[str]]] = {}
    rows = Duty.objects.current(on).filter(street=street, kind__in=kinds).order_by("position", "pk")
    for kind, area, text in rows.values_list("kind", "area", "text"):
        by_kind.setdefault(PostKind(kind), {}).setdefault(DutyArea(area), []).append(text)
    return tuple(
        Duties(kind, tuple((area, tuple(by_kind[kind][area])) for area in DutyArea if area in by_kind[kind]))
        for kind in PostKind
        if kind in by_kind
    )


def borders_around(grid: Grid, on: dt.date) -> tuple[dict[str, Any] | None, tuple[dict[str, Any], ...]]:
    """The border of GRID and those of its neighbours under the same grid on the day ON. One query."""
    if grid.kind == GridKind.STREET:
        return Grid.objects.values_list("border", flat=True).get(pk=grid.pk), ()
    rows = Grid.objects.filter(parent=grid.parent_id).current(on).exclude(border=None)
    rows = rows.annotate(other=~Q(pk=grid.pk)).order_by("other", "code")  # itself first: many neighbours are cut off
    borders = dict(rows.values_list("pk", "border")[: MOST_NEIGHBOURS + 1])
    own = borders.pop(grid.pk, None)
    return own, tuple(borders.values())


def _heir(grid: Grid, on: dt.date) -> tuple[str, str] | None:
    """The one in force at the end of the chain of those that followed GRID."""
    for _step in range(MOST_HEIRS):
        heir = Grid.objects.filter(supersedes=grid).defer("border", "shape", "box").first()
        if heir is None:
            return None
        if heir.holds(on):
            return heir.code, heir.name
        grid = heir
    return None
