"""Figures of a period for whoever asks: in scope, filtered, and broken down."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _t

from accounts.choices import Role
from accounts.models import User
from cases.choices import Channel, Tier
from cases.choices.figures import FIGURE_ROLES, Dimension
from cases.models import Category
from cases.queries import LEVEL_COLUMN
from cases.reports.figures import Figure, Part, figures_of
from cases.reports.tallies import Condition, read
from grids.choices import GridKind
from grids.models import Grid, Unit
from grids.queries import Scope, heavy, scope_of

# Which grids lie right below one of a kind, in the columns of the rollups.
BELOW = {GridKind.STREET: "total", GridKind.TOTAL: "comprehensive"}


@dataclass(frozen=True)
class Asked:
    """A period (both days included) and what it is narrowed to; "" is everything."""

    first: dt.date
    last: dt.date
    grid: str = ""
    unit: int | None = None
    category: str = ""
    channel: str = ""
    tier: str = ""
    by: str = ""


@dataclass(frozen=True)
class Statistics:
    """What was asked, when, and the answer: the figures of the whole and of each part."""

    asked: Asked
    at: dt.datetime
    grid: Grid | None
    unit: Unit | None
    figures: list[Figure]
    parts: list[Part] = field(default_factory=list)


def statistics(*, asked: Asked, by: User, at: dt.datetime) -> Statistics | None:
    """The figures BY may see, as they are at AT; None where there are none for them: no such grid or unit in scope, or no
    scope at all."""
    scope = scope_of(by)
    if by.role != Role.SYSTEM and (by.role not in FIGURE_ROLES or not scope):
        return None
    grid = Grid.objects.filter(code=asked.grid).defer(*heavy("")).first() if asked.grid else None
    unit = Unit.objects.filter(pk=asked.unit).first() if asked.unit else None
    if (asked.grid and (grid is None or not _may_ask(by, scope, grid))) or (asked.unit and unit is None):
        return None
    if by.role == Role.UNIT_STAFF and unit is not None and unit.pk not in scope.units:
        return None
    where = [*_own(by, scope), *_narrowed(asked, grid)]
    column = _column(asked.by, grid, scope)
    found = read(asked.first, asked.last, at=at, where=where, by=column)
    whole: Counter[str] = Counter()
    for sums in found.values():
        whole.update(sums)
    parts = _named(asked.by, column, found) if asked.by else []
    return Statistics(asked, at, grid, unit, figures_of(whole), parts)


def _may_ask(by: User, scope: Scope, grid: Grid) -> bool:
    """A unit may ask about its cases anywhere; whoever leads a grid, about what lies in it."""
    if grid.kind == GridKind.MICRO:
        return False
    return by.role in {Role.SYSTEM, Role.UNIT_STAFF} or scope.covers(grid)


def _own(by: User, scope: Scope) -> list[list[Condition]]:
    if by.role == Role.SYSTEM:
        return []
    if by.role == Role.UNIT_STAFF:
        return [[Condition("unit_id", tuple(scope.units))]]
    kinds = {kind: ids for kind, ids in scope.grids.items() if kind != GridKind.MICRO}
    return [[Condition(f"{LEVEL_COLUMN[GridKind(kind)]}_id", tuple(ids)) for kind, ids in kinds.items()]]


def _narrowed(asked: Asked, grid: Grid | None) -> list[list[Condition]]:
    where = []
    if grid is not None:
        where.append([Condition(f"{LEVEL_COLUMN[GridKind(grid.kind)]}_id", (grid.pk,))])
    if asked.unit:
        where.append([Condition("unit_id", (asked.unit,))])
    if asked.category:
        found = Category.objects.filter(code__startswith=asked.category).values_list("pk", flat=True)
        where.append([Condition("category_id", tuple(found))])
    if asked.channel:
        where.append([Condition("channel", (asked.channel,))])
    if asked.tier:
        where.append([Condition("tier", (asked.tier,))])
    return where


def _column(by: str, grid: Grid | None, scope: Scope) -> str:
    """The column of the rollups that a breakdown BY goes by; of grids, the level right below what is asked about."""
    if by != Dimension.GRID:
        return {"": "", "month": "month", "channel": "channel", "tier": "tier"}.get(by, f"{by}_id")
    if grid is not None:
        return f"{BELOW.get(GridKind(grid.kind), 'comprehensive')}_id"
    kinds = scope.grids.keys()
    if GridKind.STREET in kinds:
        return "street_id" if len(scope.grids[GridKind.STREET]) > 1 else "total_id"
    return "comprehensive_id" if kinds else "total_id"


def _named(by: str, column: str, found: dict[Any, dict[str, int]]) -> list[Part]:
    """The parts with their names, in the order of their codes, units of their names."""
    named: dict[Any, tuple[str, str]] = _NAMES.get(by, _plain)(by, [key for key in found if key])
    none = ("", _t("no unit: settled in the grid") if by == Dimension.UNIT else _t("of no grid below"))
    parts = [
        Part(key, *(named.get(key, (str(key), str(key))) if key else none), figures=figures_of(sums))
        for key, sums in found.items()
        if any(sums.values())
    ]
    return sorted(parts, key=lambda part: (not part.code, part.label if by == Dimension.UNIT else part.code))


def _grids(_by: str, keys: list[Any]) -> dict[Any, tuple[str, str]]:
    return {pk: (code, name) for pk, code, name in Grid.objects.filter(pk__in=keys).values_list("pk", "code", "name")}


def _units(_by: str, keys: list[Any]) -> dict[Any, tuple[str, str]]:
    return {pk: (str(pk), name) for pk, name in Unit.objects.filter(pk__in=keys).values_list("pk", "name")}


def _categories(_by: str, keys: list[Any]) -> dict[Any, tuple[str, str]]:
    return {row.pk: (row.code, row.label) for row in Category.objects.filter(pk__in=keys)}


def _plain(by: str, keys: list[Any]) -> dict[Any, tuple[str, str]]:
    if by == Dimension.MONTH:
        return {key: (f"{key:%Y-%m}", f"{key:%Y-%m}") for key in keys}
    words = dict(Tier.choices if by == Dimension.TIER else Channel.choices)
    return {key: (key, str(words.get(key, key))) for key in keys}


_NAMES: dict[str, Callable[[str, list[Any]], dict[Any, tuple[str, str]]]] = {
    Dimension.GRID: _grids, Dimension.UNIT: _units, Dimension.CATEGORY: _categories,
}  # fmt: skip
