"""Rooms and mediators are in one place at a time."""

import datetime as dt
from collections.abc import Sequence

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gridgov.core.errors import Conflict, Invalid
from mediation.models import Mediator, Room, Session


def hold_place(
    *,
    room: Room | None,
    mediators: Sequence[Mediator],
    start: dt.datetime,
    end: dt.datetime,
    but: Session | None = None,
) -> None:
    """Make sure, within the caller's transaction, that ROOM and MEDIATORS are free from START to END, apart from the session
    BUT, and stay so until it ends: rooms first, then mediators, each in the order of their keys.

    Raises Conflict with the code "booked", which says when, and never for what.
    """
    if room is not None and Room.objects.locked(room).ended_on is not None:
        raise Invalid(_("This room is used no more."), field="room")
    held = Mediator.objects.filter(pk__in=[one.pk for one in mediators]).order_by("pk").select_for_update(no_key=True)
    named = {one.pk: one.name for one in held}
    taken = Session.objects.overlapping(start, end).order_by("starts_at", "pk")
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if room is not None and (other := taken.filter(room=room).first()):
        raise Conflict(
            _("%(room)s is taken %(when)s.") % {"room": room.name, "when": _when(other)}, code="booked", field="room"
        )
    other = taken.filter(mediators__in=named).first()
    if other is not None:
        busy = min(set(other.mediators.values_list("pk", flat=True)) & named.keys())
        words = {"who": named[busy], "when": _when(other)}
        raise Conflict(_("%(who)s mediates elsewhere %(when)s.") % words, code="booked", field="mediators")


def _when(session: Session) -> str:
    start, end = localtime(session.starts_at), localtime(session.ends_at)
    return _("from %(start)s to %(end)s") % {"start": f"{start:%m-%d %H:%M}", "end": f"{end:%H:%M}"}
