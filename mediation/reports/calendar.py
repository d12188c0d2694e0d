"""When rooms and mediators are taken. For what, only those see who read the file."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate, make_aware

from accounts.models import User
from grids.models import Grid
from mediation.models import Mediator, Room, Session

DAYS, MOST_LINES = 7, 100


@dataclass(frozen=True)
class Taken:
    """From when to when; `session` for whoever may read its file."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    session: Session | None


@dataclass(frozen=True)
class Line:
    """A room or a mediator, and what is taken on each of the days."""

    row: Any
    days: list[list[Taken]]


def rooms_in_week(by: User, first: dt.date, ground: Grid | None = None) -> list[Line]:
    """The rooms in BY's sight, on GROUND if it is given, over DAYS from FIRST. Three queries."""
    rows = _lines(Room.objects.in_use(), by, ground)
    return _week(by, first, rows, Session.objects.filter(room__in=rows), lambda session: [session.room_id])


def mediators_in_week(by: User, first: dt.date, ground: Grid | None = None) -> list[Line]:
    """The mediators in BY's sight, as `rooms_in_week`."""
    rows = _lines(Mediator.objects.active(), by, ground)
    sessions = Session.objects.filter(mediators__in=rows).distinct()
    return _week(by, first, rows, sessions, lambda session: [one.pk for one in session.mediators.all()])


def _lines(rows: Any, by: User, ground: Grid | None) -> list[Any]:
    seen = rows.visible_to(by).for_list()
    if ground is not None:
        seen = seen.filter(grid__in=Grid.objects.under(ground).order_by().values("pk"))
    return list(seen.order_by("grid__code", "pk")[:MOST_LINES])


def _week(by: User, first: dt.date, rows: list[Any], sessions: QuerySet, whose: Any) -> list[Line]:
    begins, ends = (make_aware(dt.datetime.combine(first + dt.timedelta(days=n), dt.time())) for n in (0, DAYS))
    there = Session.objects.filter(pk__in=sessions.order_by().values("pk")).overlapping(begins, ends)
    mine = set(Session.objects.visible_to(by).overlapping(begins, ends).values_list("pk", flat=True))
    on: dict[tuple[int, dt.date], list[Taken]] = defaultdict(list)
    for session in there.for_list().prefetch_related("mediators").order_by("starts_at", "pk"):
        taken = Taken(session.starts_at, session.ends_at, session if session.pk in mine else None)
        for key in whose(session):
            on[key, max(localdate(session.starts_at), first)].append(taken)
    days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    return [Line(row, [on[row.pk, day] for day in days]) for row in rows]
