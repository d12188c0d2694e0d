"""Mediation rooms 调解室, and studios 品牌调解室 that are known by the name of whoever mediates there."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict
from gridgov.core.records import record
from grids.models import Grid
from mediation.models import Committee, Mediator, Room, Studio
from mediation.rules import people as rules


@transaction.atomic
def add_room(*, grid: Grid, name: str, place: str, seats: int = 8, by: User, at: dt.datetime) -> Room:
    """A room that sessions may book. Raises Forbidden, Invalid."""
    rules.can_set_up(by, grid).insist()
    rules.fits_room(name, place, seats).insist()
    made: Room = Room.objects.create(grid=grid, name=name.strip(), place=place.strip(), seats=seats)
    record("mediation.room_added", made, by=by, at=at, data={"name": made.name})
    return made


@transaction.atomic
def change_room(*, room: Room | int, name: str, place: str, seats: int, by: User, at: dt.datetime) -> Room:
    """Another name, place or size. Raises Forbidden, Invalid, Conflict."""
    row = _room(room, by)
    rules.can_change(by, row).insist()
    rules.fits_room(name, place, seats).insist()
    changes = row.change(name=name.strip(), place=place.strip(), seats=seats)
    record("mediation.room_changed", row, by=by, at=at, data={"changes": changes})
    return row


@transaction.atomic
def close_room(*, room: Room | int, reason: str, by: User, at: dt.datetime) -> Room:
    """The room is used no more. Raises Forbidden, Invalid; Conflict while sessions are planned there."""
    row = _room(room, by)
    rules.can_change(by, row).insist()
    rules.check_reason(reason).insist()
    if row.sessions.planned().filter(ends_at__gt=at).exists():
        raise Conflict(_("Sessions are planned in this room."), code="booked")
    row.change(ended_on=localdate(at), ended_reason=reason.strip())
    record("mediation.room_closed", row, by=by, at=at)
    return row


@transaction.atomic
def open_studio(
    *,
    committee: Committee | int,
    name: str,
    about: str = "",
    mediator: Mediator | None = None,
    room: Room | None = None,
    by: User,
    at: dt.datetime,
) -> Studio:
    """A brand of the committee, with whoever gives it the name. Raises Forbidden, Invalid, Conflict."""
    held: Committee = Committee.objects.visible_to(by).for_list().locked(committee)
    rules.can_lead(by, held).insist()
    rules.fits_name(name).insist()
    rules.fits_studio(held, mediator, room).insist()
    made: Studio = Studio.objects.create(
        grid=held.grid, committee=held, name=name.strip(), about=about.strip(), mediator=mediator, room=room
    )
    record("mediation.studio_opened", made, by=by, at=at, data={"name": made.name})
    return made


@transaction.atomic
def close_studio(*, studio: Studio | int, reason: str, by: User, at: dt.datetime) -> Studio:
    """The brand is used no more. Raises Forbidden, Invalid, Conflict."""
    row: Studio = Studio.objects.visible_to(by).for_list().locked(studio)
    rules.can_change(by, row).insist()
    rules.check_reason(reason).insist()
    row.change(ended_on=localdate(at), ended_reason=reason.strip())
    record("mediation.studio_closed", row, by=by, at=at)
    return row


def _room(room: Room | int, by: User) -> Room:
    """The row, held, if BY sees it."""
    row: Room = Room.objects.visible_to(by).for_list().locked(room)
    return row
