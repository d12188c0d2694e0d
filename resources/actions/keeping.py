"""Resources entered, changed, ended and taken up again; a masked contact shown for a reason."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.locks import advisory_lock
from gridgov.core.looking import record_look
from gridgov.core.masking import mask_name, mask_phone
from gridgov.core.phones import plain_phone
from gridgov.core.records import record
from grids.models import Grid
from resources import rules
from resources.choices import ResourceKind, ResourceState
from resources.models import Resource
from resources.reports.nearby import grid_at

# What is asked of a resource beside its grid, with what stands for nothing.
EMPTY: dict[str, Any] = {
    "kind": "", "name": "", "offers": "", "place": "", "lng": None, "lat": None, "hours": "", "contact_name": "",
    "contact_phone": "", "is_contact_open": False, "consented_on": None, "is_public": True,
}  # fmt: skip


@transaction.atomic
def add_resource(*, grid: Grid | None = None, by: User, at: dt.datetime, **values: Any) -> Resource:
    """Enter a resource on GRID, or on the deepest one that holds its place; VALUES as in EMPTY. Raises Forbidden, Invalid,
    Conflict where it stands there already."""
    hold_names()
    grid = grid or grid_at(values.get("lng"), values.get("lat"), localdate(at))
    rules.is_known_grid(grid).insist()
    assert grid is not None
    rules.can_keep(by, grid).insist()
    rules.is_grid_in_force(grid, localdate(at)).insist()
    given = checked({**EMPTY, **values}, at)
    rules.is_new(_stands(grid, given["kind"], given["name"])).insist()
    row = Resource.objects.create(grid=grid, made_by=by, made_at=at, changed_at=at, **given)
    record("resources.added", row, by=by, at=at, data={"kind": row.kind, "name": told_name(row.kind, row.name)})
    return row


@transaction.atomic
def change_resource(*, resource: Resource | int, by: User, at: dt.datetime, **values: Any) -> Resource:
    """Change a resource; what VALUES (as in EMPTY, and its `grid`) don't name stays. Raises Forbidden, Invalid, Conflict."""
    hold_names()
    row: Resource = Resource.objects.for_list().locked(resource)
    rules.can_change(by, row).insist()
    rules.can_become(row, values.get("kind", row.kind)).insist()
    grid = values.pop("grid", row.grid)
    if grid != row.grid:
        rules.can_keep(by, grid).insist()
        rules.is_grid_in_force(grid, localdate(at)).insist()
    given = checked({name: values.get(name, getattr(row, name)) for name in EMPTY}, at)
    if (grid.pk, given["kind"], given["name"]) != (row.grid_id, row.kind, row.name):
        rules.is_new(_stands(grid, given["kind"], given["name"])).insist()
    changes = change(row, at, grid=grid, **given)
    if changes:
        record("resources.changed", row, by=by, at=at, data={"changes": changes})
    return row


def change(row: Resource, at: dt.datetime, **values: Any) -> dict[str, Any]:
    """Set VALUES, and say what changed as a record keeps it: people masked."""
    kind = row.kind
    changes = row.change(**values)
    if not changes:
        return {}
    row.change(changed_at=at)
    for field, mask in (("contact_name", mask_name), ("contact_phone", mask_phone)):
        if field in changes:
            changes[field] = [mask(words) for words in changes[field]]
    if ResourceKind.TALENT in (kind, row.kind):
        if "name" in changes:
            changes["name"] = [mask_name(words) for words in changes["name"]]
        # Where somebody is found is struck out when they end; records stay.
        for field in changes.keys() & {"place", "lng", "lat"}:
            changes[field] = [value and "*" for value in changes[field]]
    return changes


@transaction.atomic
def end_resource(*, resource: Resource | int, reason: str, by: User, at: dt.datetime) -> Resource:
    """It is no longer there, and nor are its services. Of a talent nothing stays that names them. Raises Forbidden, Invalid,
    Conflict."""
    row: Resource = Resource.objects.for_list().locked(resource)
    rules.can_change(by, row).insist()
    rules.check_words(reason=reason).insist()
    row.change(state=ResourceState.ENDED, reason=reason.strip(), changed_at=at)
    if row.kind == ResourceKind.TALENT:
        row.change(name=mask_name(row.name), contact_name="", contact_phone="", place="", lng=None, lat=None)
    record("resources.ended", row, by=by, at=at, data={"reason": row.reason})
    return row


@transaction.atomic
def take_up_resource(*, resource: Resource | int, by: User, at: dt.datetime) -> Resource:
    """It is there again. Raises Forbidden, Conflict."""
    hold_names()
    row: Resource = Resource.objects.for_list().locked(resource)
    rules.can_take_up(by, row).insist()
    rules.is_new(_stands(row.grid, row.kind, row.name)).insist()
    row.change(state=ResourceState.IN_USE, reason="", changed_at=at)
    record("resources.taken_up", row, by=by, at=at)
    return row


@transaction.atomic
def reveal_contact(*, resource: Resource | int, reason: str, by: User, at: dt.datetime) -> Resource:
    """Show who is behind a masked contact, and note that BY saw it. Raises Forbidden, Invalid, Conflict."""
    row: Resource = Resource.objects.for_list().locked(resource)
    rules.can_reveal(by, row).insist()
    rules.check_words(reason=reason).insist()
    record_look("resources.revealed", row, by=by, at=at, data={"reason": reason.strip()})
    return row


def checked(values: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    """VALUES (all of EMPTY) as they are kept: words without blanks round them, a phone as digits. Raises Invalid."""
    given: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    rules.check_resource(given).insist()
    rules.is_past(given["consented_on"], localdate(at), "consented_on").insist()
    return given | {"contact_phone": plain_phone(given["contact_phone"])}


def told_name(kind: str, name: str) -> str:
    """A name as a record keeps it: a talent's is a person's."""
    return mask_name(name) if kind == ResourceKind.TALENT else name


def hold_names() -> None:
    """Nobody else names a resource until the transaction ends: of two who enter the same one, the second is told. Before rows."""
    advisory_lock("resources.names")


def _stands(grid: Grid, kind: str, name: str) -> bool:
    return Resource.objects.in_use().filter(grid=grid, kind=kind, name=name).exists()
