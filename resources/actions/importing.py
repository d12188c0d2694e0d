"""Taking a list of resources in: all or nothing, and a dry run that only checks."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.models import Recordable
from gridgov.core.records import Subject, record_all
from gridgov.core.rows import FaultList, RowFault
from grids.models import Grid
from grids.queries import heavy
from resources import rules
from resources.actions.keeping import EMPTY, change, checked, hold_names, told_name
from resources.models import Resource
from resources.reports.nearby import grid_at

Key = tuple[int, str, str]  # grid, kind, name: what nothing else in use shares


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """One line of a list; VALUES as in EMPTY, those the list doesn't have left out."""

    grid_code: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """How many lines were (or, in a dry run, would be) new, changed, and known as they stand."""

    added: int
    changed: int
    unchanged: int


@transaction.atomic
def import_resources(
    *, rows: Iterable[ResourceLine], by: User, at: dt.datetime, faults: Iterable[RowFault] = (), dry_run: bool = False
) -> Taken:
    """Take all of ROWS in, or only check them. Known is what stands on the same grid with the same kind and name; what a line
    doesn't say of it stays, and what the list doesn't name stays too. Raises BadRows with all faults, those of the file among
    them."""
    lines, found = list(rows), FaultList(faults)
    hold_names()
    rules.is_keeper(by).insist()
    codes = {line.grid_code for line in lines}
    grids = {grid.code: grid for grid in Grid.objects.filter(code__in=codes).defer(*heavy(""))}
    known = _Known()
    new: dict[Key, Resource] = {}
    changes: dict[Key, tuple[Resource, dict[str, Any]]] = {}
    for index, line in enumerate(lines):
        with found.of(index):
            grid = _grid_of(line, grids, localdate(at))
            rules.can_keep(by, grid).insist()
            key = grid.pk, line.values.get("kind", ""), str(line.values.get("name", "")).strip()
            if key in new or key in changes:
                raise Invalid(_("It stands twice in the list."), field="name")
            row = known.find(grid, key)
            stood = EMPTY if row is None else {name: getattr(row, name) for name in EMPTY}
            given = checked({**stood, **line.values}, at)
            if row is None:
                new[key] = Resource(grid=grid, made_by=by, made_at=at, changed_at=at, **given)
            else:
                changes[key] = row, given
    found.insist_none()
    differing = [(row, given) for row, given in changes.values() if _differs(row, given)]
    if not dry_run:
        _write(list(new.values()), differing, by=by, at=at)
    return Taken(len(new), len(differing), len(lines) - len(new) - len(differing))


def _grid_of(line: ResourceLine, grids: dict[str, Grid], on: dt.date) -> Grid:
    """The grid that LINE names by its code, or the one that holds its place. Raises Invalid."""
    values = line.values
    grid = grids.get(line.grid_code) if line.grid_code else grid_at(values.get("lng"), values.get("lat"), on)
    rules.is_known_grid(grid).insist()
    assert grid is not None
    rules.is_grid_in_force(grid, on).insist()
    return grid


class _Known:
    """What stands on the grids of a list, read grid by grid as they come up, and held."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[Key, Resource]] = {}

    def find(self, grid: Grid, key: Key) -> Resource | None:
        if grid.pk not in self._rows:
            rows = Resource.objects.in_use().for_list().filter(grid=grid).select_for_update(no_key=True, of=("self",))
            self._rows[grid.pk] = {(row.grid_id, row.kind, row.name): row for row in rows}
        return self._rows[grid.pk].get(key)


def _differs(row: Resource, values: dict[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


def _write(new: list[Resource], changed: list[tuple[Resource, dict[str, Any]]], *, by: User, at: dt.datetime) -> None:
    Resource.objects.bulk_create(new)
    told: list[tuple[str, Recordable | Subject, dict[str, Any]]] = [
        ("resources.added", row, {"kind": row.kind, "name": told_name(row.kind, row.name)}) for row in new
    ]
    told += [("resources.changed", row, {"changes": change(row, at, **values)}) for row, values in changed]
    summary = {"added": len(new), "changed": len(changed)}
    record_all([*told, ("resources.imported", Subject("resources.import", 0), summary)], by=by, at=at)
