"""Founding a whole street or district at once: checked row by row, written in a few statements, all or nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import record_many
from grids import rules
from grids.actions.borders import border_fields
from grids.actions.rows import BATCH, FaultList
from grids.actions.tree import insist_clean, next_tree_id, rebuild, tree_write
from grids.choices import CODE_DIGITS, GridKind
from grids.models import Grid
from grids.queries import Scope, heavy, scope_of

STREET_DIGITS = CODE_DIGITS[GridKind.STREET]
DEPTH = dict(zip(GridKind.values, (0, 1, 2, 2, 3), strict=True))


@dataclass(frozen=True, slots=True)
class GridRow:
    """One grid to be founded. `parent_code` names a row of the same call or a standing grid; '' for a street."""

    code: str
    kind: str
    name: str
    valid_from: dt.date
    parent_code: str = ""
    micro_type: str = ""
    households: int | None = None
    border: dict[str, Any] | None = None


def bulk_found(*, rows: Iterable[GridRow], by: User, at: dt.datetime) -> dict[str, int]:
    """Found all ROWS, in whatever order they come; {code: key}. Raises Forbidden, or BadRows with every fault.

    16,000 grids with borders take seconds: rows go in by level, then the nested set is numbered anew by one statement
    for each street concerned. Sibling order becomes code order there.
    """
    plan = list(rows)
    with tree_write(Grid, by):
        rules.can_import(by).insist()
        known = standing(plan)
        faults = FaultList()
        for index, row in enumerate(plan):
            if row.code in known:
                faults.add(index, "code", _("The code %(code)s is in use or was once.") % {"code": row.code})
        grids = check_rows(dict(enumerate(plan)), known, faults, by, scope_of(by, timezone.localdate(at)))
        faults.insist_none()
        return insert(plan, grids, known, by, at)


def standing(plan: Iterable[GridRow]) -> dict[str, Grid]:
    """The standing grids that PLAN speaks of, and its streets, by code; without their borders."""
    codes = {code for row in plan for code in (row.code, row.parent_code, row.code[:STREET_DIGITS])}
    return {grid.code: grid for grid in Grid.objects.filter(code__in=codes).defer(*heavy(""))}


def check_rows(
    plan: Mapping[int, GridRow], known: Mapping[str, Grid], faults: FaultList, by: User, scope: Scope
) -> list[Grid]:
    """PLAN (by row number) as unsaved grids without parents; whatever is wrong goes to FAULTS."""
    seen: set[str] = set()
    planned = {row.code: row for row in plan.values()}
    grids = []
    for index, row in plan.items():
        if row.code in seen:
            faults.add(index, "code", _("The code %(code)s stands twice in the list.") % {"code": row.code})
        seen.add(row.code)
        with faults.of(index):
            _check_place(row, planned.get(row.parent_code) or known.get(row.parent_code))
        with faults.of(index):
            street = known.get(row.code[:STREET_DIGITS])
            (rules.can_tend(by, scope, street) if street else rules.can_found_street(by)).insist()
        with faults.of(index):
            grids.append(_unsaved(row))
    return grids


def _check_place(row: GridRow, parent: "GridRow | Grid | None") -> None:
    """Code, kind and parent of ROW, and that it begins while its parent is in force."""
    if row.parent_code and parent is None:
        raise Invalid(_("There is no grid %(code)s above it.") % {"code": row.parent_code}, field="parent")
    if parent is not None and parent.kind not in GridKind.values:
        return  # the parent's own row is faulty; what it would say of this one is noise
    rules.can_stand_under(row.kind, row.micro_type, parent.kind if parent else "").insist()
    rules.check_code(row.code, row.kind, row.micro_type, row.parent_code).insist()
    if parent is not None and row.valid_from < parent.valid_from:
        raise Invalid(_("A grid can't begin before the one above it."), field="valid_from")
    if isinstance(parent, Grid):
        rules.can_hold_child(parent, row.valid_from).insist()


def _unsaved(row: GridRow) -> Grid:
    """ROW as a grid, its fields and its border checked."""
    grid = Grid(
        code=row.code,
        kind=row.kind,
        micro_type=row.micro_type,
        name=row.name,
        households=row.households,
        valid_from=row.valid_from,
        **border_fields(row.border),
    )
    insist_clean(grid, exclude=("code", "kind", "micro_type", "parent", "superseded_by", "border"))
    return grid


def insert(
    plan: Sequence[GridRow], grids: Sequence[Grid], known: Mapping[str, Grid], by: User, at: dt.datetime
) -> dict[str, int]:
    """Write the checked GRIDS of PLAN, number their streets' trees and record; {code: key}. Inside `tree_write`."""
    made = _insert_by_level(plan, grids, known)
    streets = {code[:STREET_DIGITS] for code in made}
    rebuild(Grid, Grid.objects.filter(code__in=streets).values_list("pk", flat=True))
    told = (
        (made[row.code], {"kind": row.kind, "code": row.code, "name": row.name, "parent": row.parent_code})
        for row in plan
    )
    record_many("grids.founded", told, by=by, at=at)
    return {code: grid.pk for code, grid in made.items()}


def _insert_by_level(plan: Sequence[GridRow], grids: Sequence[Grid], known: Mapping[str, Grid]) -> dict[str, Grid]:
    """A child needs its parent's key, so parents go first. Tree ids are given here; the other numbers follow."""
    levels: defaultdict[int, list[tuple[GridRow, Grid]]] = defaultdict(list)
    for row, grid in zip(plan, grids, strict=True):
        levels[DEPTH[row.kind]].append((row, grid))
    made: dict[str, Grid] = {}
    tree_id = next_tree_id(Grid)
    for level in sorted(levels):
        for row, grid in levels[level]:
            grid.lft = grid.rght = 0
            grid.level = level
            if row.parent_code:
                above = made.get(row.parent_code) or known[row.parent_code]
                grid.parent_id, grid.tree_id = above.pk, above.tree_id
            else:
                grid.tree_id, tree_id = tree_id, tree_id + 1
        Grid.objects.bulk_create([grid for _row, grid in levels[level]], batch_size=BATCH)
        made |= {grid.code: grid for _row, grid in levels[level]}
    return made
