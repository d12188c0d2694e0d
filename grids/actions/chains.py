"""Founding whole chains of party organisations at once."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import record_many
from grids import rules
from grids.actions.rows import BATCH, FaultList
from grids.actions.tree import next_tree_id, rebuild, tree_write
from grids.choices import PARTY_CHILDREN, PartyKind
from grids.models import Grid, PartyOrg
from grids.queries import Scope, heavy, scope_of


@dataclass(frozen=True, slots=True)
class PartyRow:
    """One organisation to be founded. `key` is any name for it in this call; `parent` is the key of the one above."""

    key: str
    kind: str
    name: str
    street_code: str
    valid_from: dt.date
    parent: str = ""
    grid_codes: Sequence[str] = ()
    secretary: User | None = None


def bulk_party(*, rows: Iterable[PartyRow], by: User, at: dt.datetime) -> dict[str, int]:
    """Found whole chains, work committees included, for streets that have none; {key: primary key}. Raises BadRows."""
    plan = {row.key: row for row in rows}
    with tree_write(PartyOrg, by):
        codes = {code for row in plan.values() for code in (row.street_code, *row.grid_codes)}
        light = Grid.objects.filter(code__in=codes).defer(*heavy(""))
        grids: dict[str, Grid] = {grid.code: grid for grid in light}
        scope, faults = scope_of(by, timezone.localdate(at)), FaultList()
        for index, row in enumerate(plan.values()):
            with faults.of(index):
                _check(row, plan.get(row.parent), grids, by, scope)
        faults.insist_none()
        made = _insert(plan, grids)
        rebuild(PartyOrg, [org.pk for org in made.values() if org.parent_id is None])
        told = (
            (made[key], {"kind": row.kind, "name": row.name, "parent": made[key].parent_id, "grids": [*row.grid_codes]})
            for key, row in plan.items()
        )
        record_many("party.founded", told, by=by, at=at)
    return {key: org.pk for key, org in made.items()}


def _check(row: PartyRow, above: PartyRow | None, grids: Mapping[str, Grid], by: User, scope: Scope) -> None:
    missing = [code for code in (row.street_code, *row.grid_codes) if code not in grids]
    if missing:
        raise Invalid(_("There is no grid %(code)s.") % {"code": missing[0]}, field="grids")
    street = grids[row.street_code]
    rules.can_tend(by, scope, street).insist()
    if row.kind not in PARTY_CHILDREN[above.kind if above else ""]:
        words = {"kind": PartyKind(row.kind).label}
        raise Invalid(_("A %(kind)s belongs elsewhere in the chain.") % words, field="parent")
    if above is None and PartyOrg.objects.filter(street=street, parent=None, valid_to=None).exists():
        raise Invalid(_("This street has a work committee already."), field="street")
    rules.can_cover(row.kind, street, [grids[code] for code in row.grid_codes]).insist()


def _insert(plan: Mapping[str, PartyRow], grids: Mapping[str, Grid]) -> dict[str, PartyOrg]:
    """Write PLAN kind by kind: the kinds stand in the order of the chain, one level each."""
    made: dict[str, PartyOrg] = {}
    tree_id = next_tree_id(PartyOrg)
    for level, kind in enumerate(PartyKind.values):
        fresh = {}
        for key, row in plan.items():
            if row.kind != kind:
                continue
            above = made.get(row.parent)
            fresh[key] = PartyOrg(
                kind=kind,
                name=row.name,
                street=grids[row.street_code],
                parent=above,
                secretary=row.secretary,
                valid_from=row.valid_from,
                level=level,
                lft=0,
                rght=0,
                tree_id=above.tree_id if above else tree_id,
            )
            tree_id += above is None
        PartyOrg.objects.bulk_create(fresh.values(), batch_size=BATCH)
        made |= fresh
    covers = PartyOrg.grids.through
    pairs = ((made[key].pk, grids[code].pk) for key, row in plan.items() for code in row.grid_codes)
    covers.objects.bulk_create((covers(partyorg_id=org, grid_id=grid) for org, grid in pairs), batch_size=BATCH)
    return made
