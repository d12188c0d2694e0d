"""The second tree: party organisations and the grids they cover, alone (one) or jointly (several)."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record
from grids import rules
from grids.actions.tree import KEEP, cleaned, insist_clean, tree_write
from grids.models import Grid, PartyOrg
from grids.queries import heavy, scope_of


def found_party_org(
    *,
    parent: PartyOrg | None,
    kind: str,
    name: str,
    by: User,
    at: dt.datetime,
    street: Grid | None = None,
    grids: Iterable[Grid] = (),
    secretary: User | None = None,
    valid_from: dt.date | None = None,
) -> PartyOrg:
    """Found an organisation under PARENT, or the work committee of STREET (then without a parent), over GRIDS."""
    today = timezone.localdate(at)
    with tree_write(PartyOrg, by):
        above = PartyOrg.objects.locked(parent) if parent else None
        home = above.street if above else street
        if home is None or home.parent_id is not None:
            raise Invalid(_("A work committee belongs to a street."), field="street")
        rules.can_tend(by, scope_of(by, today), home).insist()
        rules.can_found_party(kind, above).insist()
        if above is None and PartyOrg.objects.filter(street=home, parent=None, valid_to=None).exists():
            raise Conflict(_("This street has a work committee already."))
        covered = _covered(kind, home, grids)
        org = PartyOrg(
            parent=above, kind=kind, name=name, street=home, secretary=secretary, valid_from=valid_from or today
        )
        insist_clean(org, exclude=("parent", "street", "secretary"))
        org.save()
        org.grids.set(covered)
        data = {"kind": kind, "name": name, "parent": org.parent_id, "grids": [grid.code for grid in covered]}
        record("party.founded", org, by=by, at=at, data=data)
    return org


def change_party_org(
    *, org: PartyOrg, by: User, at: dt.datetime, name: str = KEEP, secretary: User | None = KEEP
) -> PartyOrg:
    """Change the name or the secretary; what is not named stays."""
    values = cleaned(PartyOrg, {"name": name})
    if secretary is not KEEP:
        values["secretary"] = secretary
    with tree_write(PartyOrg, by):
        org = _held(org, by, at)
        changes = org.change(**values)
        if changes:
            record("party.changed", org, by=by, at=at, data={"changes": changes})
    return org


def cover_grids(*, org: PartyOrg, grids: Iterable[Grid], by: User, at: dt.datetime) -> PartyOrg:
    """Say which grids ORG covers, instead of those before."""
    with tree_write(PartyOrg, by):
        org = _held(org, by, at)
        if org.valid_to is not None and org.valid_to < timezone.localdate(at):
            raise Conflict(_("This organisation has ended."))
        before = list(org.grids.order_by("code").values_list("code", flat=True))
        covered = _covered(org.kind, org.street, grids)
        after = [grid.code for grid in covered]
        if after != before:
            org.grids.set(covered)
            record("party.covers", org, by=by, at=at, data={"grids": [before, after]})
    return org


def retire_party_org(*, org: PartyOrg, valid_to: dt.date, by: User, at: dt.datetime) -> PartyOrg:
    """Let ORG end on VALID_TO, its last day. Raises Conflict while organisations below it outlive it."""
    with tree_write(PartyOrg, by):
        org = _held(org, by, at)
        outliving = PartyOrg.objects.filter(Q(valid_to=None) | Q(valid_to__gt=valid_to), parent=org).count()
        rules.can_retire_party(org, valid_to, outliving).insist()
        changes = org.change(valid_to=valid_to)
        record("party.retired", org, by=by, at=at, data={"changes": changes})
    return org


def _held(org: PartyOrg, by: User, at: dt.datetime) -> PartyOrg:
    """The row, locked, once it is sure that BY may change it."""
    row: PartyOrg = PartyOrg.objects.locked(org)
    rules.can_tend(by, scope_of(by, timezone.localdate(at)), row.street).insist()
    return row


def _covered(kind: str, street: Grid, grids: Iterable[Grid]) -> list[Grid]:
    """GRIDS as they are now, each once, by code, if an organisation of KIND in STREET may cover them."""
    rows = Grid.objects.filter(pk__in=[grid.pk for grid in grids]).defer(*heavy("")).order_by("code")
    covered = list(rows)
    rules.can_cover(kind, street, covered).insist()
    return covered
