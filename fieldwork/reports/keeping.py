"""Trails of workers as data that is kept: what is due to go, and whose patrols are looked at."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from fieldwork.models import Patrol
from gridgov.core import keeping
from grids.queries import heavy


def due_trails(at: dt.datetime) -> QuerySet[Patrol]:
    """Patrols whose points go AT, without those of workers who are held."""
    began = at - keeping.term_of("fieldwork.trail")
    rows = Patrol.objects.filter(started_at__lt=began, points__isnull=False).distinct()
    held = keeping.held("accounts.user")
    return rows.exclude(user__in=held) if held else rows


def trails_of(person: keeping.Person) -> QuerySet[Patrol]:
    """Patrols, with their points, of the workers with the phone of PERSON."""
    workers = User.objects.about_phone(person.phone).order_by().values("pk")
    return (
        Patrol.objects.filter(user__in=workers, points__isnull=False)
        .select_related("grid")
        .defer(*heavy("grid"))
        .distinct()
    )


def copy_of(row: Patrol) -> dict[str, Any]:
    points = row.points.order_by("taken_at").values_list("taken_at", "lng", "lat")
    return {"began": row.started_at, "ended": row.ended_at, "note": row.note,
            "points": [{"at": at, "lng": lng, "lat": lat} for at, lng, lat in points]}  # fmt: skip


def days_of(keys: list[int]) -> dict[int, str]:
    """{key: the day and the grid} of patrols, without whose they are."""
    rows = Patrol.objects.filter(pk__in=keys).values_list("pk", "started_at", "grid__name")
    return {pk: f"{began:%Y-%m-%d} {grid}" for pk, began, grid in rows}


def own_of(user: Any) -> tuple[str, Any]:
    """The patrols of USER, as subjects of records."""
    return "fieldwork.patrol", Patrol.objects.filter(user=user).order_by().values("pk")
