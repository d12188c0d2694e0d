"""Other systems and their ground."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.actions import add_client, recast_client
from accounts.models import ApiClient, User
from gridgov.core.records import record
from grids.choices import CLIENT_ROLES, UNIT_CLIENT
from grids.models import ClientGround, Grid, Unit
from grids.rules.clients import can_stand_on


@transaction.atomic
def open_client(
    *, name: str, purpose: str, scopes: list[str], purposes: list[str], networks: list[str], per_minute: int,
    expires_on: dt.date | None, grid: Grid | None, unit: Unit | None, by: User, at: dt.datetime,
) -> ApiClient:  # fmt: skip
    """Enter another system that sees what is on GRID and below it, or what goes to UNIT, and acts as whoever is in charge
    there: a street as its office, a grid as its lead, a micro-grid as its worker, a unit as its staff.

    Raises Forbidden, or Invalid for what it can't be.
    """
    can_stand_on(grid, unit, localdate(at)).insist()
    client = add_client(
        name=name, purpose=purpose, role=_role(grid), scopes=scopes, purposes=purposes, networks=networks,
        per_minute=per_minute, expires_on=expires_on, by=by, at=at,
    )  # fmt: skip
    ClientGround.objects.create(client=client, grid=grid, unit=unit)
    record("grids.client_placed", client, by=by, at=at, data=_said(grid, unit))
    return client


@transaction.atomic
def place_client(
    *, client: ApiClient, grid: Grid | None, unit: Unit | None, by: User, at: dt.datetime
) -> ApiClient:  # fmt: skip
    """Give CLIENT another ground; it sees that and no more from the next request on."""
    can_stand_on(grid, unit, localdate(at)).insist()
    client = recast_client(client=client, role=_role(grid), by=by, at=at)
    ground = ClientGround.objects.select_for_update(no_key=True).get(client=client)
    if ground.change(grid=grid, unit=unit):
        record("grids.client_placed", client, by=by, at=at, data=_said(grid, unit))
    return client


def _role(grid: Grid | None) -> str:
    return CLIENT_ROLES[grid.kind] if grid else UNIT_CLIENT


def _said(grid: Grid | None, unit: Unit | None) -> dict[str, str | int]:
    return {"grid": grid.code} if grid else {"unit": unit.pk} if unit else {}
