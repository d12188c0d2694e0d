"""Taking a list of grids in: new codes are founded, known ones brought up to date, all or nothing."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.geodesy import Outline
from gridgov.core.records import Subject, record
from grids import rules
from grids.actions.borders import set_border
from grids.actions.founding import GridRow, check_rows, insert, standing
from grids.actions.grids import change_grid
from grids.actions.rows import FaultList, RowFault
from grids.actions.tree import cleaned, tree_write
from grids.models import Grid
from grids.queries import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were (or, in a dry run, would be) founded, changed, and left as they stood."""

    founded: int
    changed: int
    unchanged: int


def import_grids(
    *, rows: Iterable[GridRow], by: User, at: dt.datetime, faults: Iterable[RowFault] = (), dry_run: bool = False
) -> Imported:
    """Take ROWS in, or only check them. FAULTS are those found while reading the file. Raises BadRows with all of them.

    A row with a known code changes name, households and border (an empty border leaves the old one); its kind, parent
    and first day must be those that stand.
    """
    plan = dict(enumerate(rows))
    with tree_write(Grid, by):
        rules.can_import(by).insist()
        known, found = standing(plan.values()), FaultList(faults)
        scope = scope_of(by, timezone.localdate(at))
        new = {index: row for index, row in plan.items() if row.code not in known}
        grids = check_rows(new, known, found, by, scope)
        changes = _changes({i: row for i, row in plan.items() if row.code in known}, known, found, by, scope)
        found.insist_none()
        result = Imported(len(new), len(changes), len(plan) - len(new) - len(changes))
        if dry_run:
            return result
        if new:
            insert(list(new.values()), grids, known, by, at)
        for code, change in changes.items():
            border = change.pop("border", None)
            if change:
                change_grid(grid=known[code], by=by, at=at, **change)
            if border:
                set_border(grid=known[code], border=border, by=by, at=at)
        told = {"founded": result.founded, "changed": result.changed, "unchanged": result.unchanged}
        record("grids.imported", Subject("grids.import", 0), by=by, at=at, data=told)
    return result


def _changes(
    plan: Mapping[int, GridRow], known: Mapping[str, Grid], faults: FaultList, by: User, scope: Scope
) -> dict[str, dict[str, Any]]:
    """What each row would change in the standing grid of its code, rows without a change left out."""
    borders = dict(Grid.objects.filter(code__in=[row.code for row in plan.values()]).values_list("code", "border"))
    parents = dict(Grid.objects.filter(code__in=borders).values_list("code", "parent__code"))
    changes, seen = {}, set[str]()
    for index, row in plan.items():
        grid = known[row.code]
        if row.code in seen:
            faults.add(index, "code", _("The code %(code)s stands twice in the list.") % {"code": row.code})
        seen.add(row.code)
        with faults.of(index):
            rules.can_tend(by, scope, grid).insist()
        with faults.of(index):
            _check_same(row, grid, parents[row.code] or "")
        with faults.of(index):
            values = cleaned(Grid, {"name": row.name, "households": row.households})
            change = {name: value for name, value in values.items() if getattr(grid, name) != value}
            if row.border is not None and (border := Outline.read(row.border).geojson) != borders[row.code]:
                change["border"] = border
            if change:
                changes[row.code] = change
    return changes


def _check_same(row: GridRow, grid: Grid, parent_code: str) -> None:
    """A list founds and updates; it neither moves a grid nor makes another one of it."""
    for name, given, stands in (
        ("kind", row.kind, grid.kind),
        ("micro_type", row.micro_type, grid.micro_type),
        ("parent", row.parent_code, parent_code),
        ("valid_from", row.valid_from, grid.valid_from),
    ):
        if given != stands:
            label: Any = Grid._meta.get_field(name)
            words = {"code": row.code, "field": label.verbose_name, "given": given, "stands": stands}
            raise Invalid(_("%(code)s stands already; its %(field)s is %(stands)s, not %(given)s.") % words, field=name)
