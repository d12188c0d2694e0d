"""Which cells of the rollups, and which cases, somebody's question is about: the one scope, and what it is narrowed to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.choices import Role
from accounts.models import User
from cases.models import Category
from cases.queries import LEVEL_COLUMN
from cases.reports.tallies import Condition
from cases.rules import can_ask_about, sees_figures
from grids.choices import GridKind
from grids.models import Grid, Unit
from grids.queries import heavy, scope_of

# In a key column of the rollups; of a case it is NULL.
NOTHING = 0


@dataclass(frozen=True)
class Asked:
    """A period (both days included) and what it is narrowed to; "" is everything, a unit 0 is none. `missing` names a key
    column that must be empty: what lies right in a grid and in none below it."""

    first: dt.date
    last: dt.date
    grid: str = ""
    unit: int | None = None
    category: str = ""
    channel: str = ""
    tier: str = ""
    by: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Narrowed:
    """What was named, and the conditions: an "and" of "or"s."""

    grid: Grid | None
    unit: Unit | None
    where: list[list[Condition]]

    def cases(self, place: str = "", unit: str = "") -> Q:
        """The same of cases, which are at PLACE ("case__") of what is asked for; the unit is theirs, or stands in UNIT."""
        names = {"unit_id": unit or f"{place}lead_order__unit_id"}
        found = Q()
        for either in self.where:
            choice = Q(pk__in=[])
            for condition in either:
                choice |= _among(names.get(condition.column, place + condition.column), condition.among)
            found &= choice
        return found


def narrow(asked: Asked, by: User) -> Narrowed | None:
    """What BY may see of what is ASKED; None where that is nothing: no such grid or unit in scope, or no scope at all."""
    if not sees_figures(by):
        return None
    grid = Grid.objects.filter(code=asked.grid).defer(*heavy("")).first() if asked.grid else None
    unit = Unit.objects.filter(pk=asked.unit).first() if asked.unit else None
    if (asked.grid and (grid is None or not can_ask_about(by, grid))) or (asked.unit and unit is None):
        return None
    if by.role == Role.UNIT_STAFF and asked.unit is not None and asked.unit not in scope_of(by).units:
        return None
    return Narrowed(grid, unit, [*_own(by), *_narrowed(asked, grid)])


def _own(by: User) -> list[list[Condition]]:
    scope = scope_of(by)
    if by.role == Role.SYSTEM:
        return []
    if by.role == Role.UNIT_STAFF:
        return [[Condition("unit_id", tuple(scope.units))]]
    kinds = {kind: ids for kind, ids in scope.grids.items() if kind != GridKind.MICRO}
    return [[Condition(column_of(kind), tuple(ids)) for kind, ids in kinds.items()]]


def _narrowed(asked: Asked, grid: Grid | None) -> list[list[Condition]]:
    where = []
    if grid is not None:
        where.append([Condition(column_of(grid.kind), (grid.pk,))])
    if asked.unit is not None:
        where.append([Condition("unit_id", (asked.unit,))])
    if asked.category:
        found = Category.objects.filter(code__startswith=asked.category).values_list("pk", flat=True)
        where.append([Condition("category_id", tuple(found))])
    if asked.channel:
        where.append([Condition("channel", (asked.channel,))])
    if asked.tier:
        where.append([Condition("tier", (asked.tier,))])
    if asked.missing:
        where.append([Condition(asked.missing, (NOTHING,))])
    return where


def column_of(kind: str) -> str:
    """The key column that grids of KIND stand in."""
    return f"{LEVEL_COLUMN[GridKind(kind)]}_id"


def _among(column: str, keys: tuple[Any, ...]) -> Q:
    found = Q(**{f"{column}__in": [key for key in keys if key != NOTHING]})
    return found | Q(**{f"{column}__isnull": True}) if NOTHING in keys else found
