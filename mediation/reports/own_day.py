"""What whoever mediates has at hand: the next sessions, records that are missing, and the files."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects

from accounts.models import User
from grids.queries import heavy
from mediation.choices.files import NEAR, FileState
from mediation.models import Assignment, Attendance, Mediation, Session
from mediation.queries import MediationQuerySet, SessionQuerySet

AHEAD, MOST = dt.timedelta(days=14), 20


@dataclass(frozen=True)
class FileLine:
    """A file in a list: `light` is the colour of its clock, "" where none runs."""

    file: Mediation
    parties: str
    light: str


@dataclass(frozen=True)
class OwnDay:
    """`unwritten` are sessions that are over and have no record yet."""

    coming: Sequence[Session]
    unwritten: Sequence[Session]
    files: Sequence[FileLine]


def own_day(user: User, at: dt.datetime) -> OwnDay:
    """Of the files that USER reads: sessions of the next two weeks, and what is open."""
    there = Attendance.objects.select_related("party", "helper").order_by("pk")
    planned = own_sessions(user).planned().prefetch_related(Prefetch("attendances", there))
    coming = planned.filter(ends_at__gt=at, starts_at__lt=at + AHEAD).order_by("starts_at", "pk")[:MOST]
    unwritten = planned.filter(ends_at__lte=at).order_by("-starts_at", "-pk")[:MOST]
    return OwnDay(list(coming), list(unwritten), lines_of(own_files(user).open().order_by("due_at", "pk")[:MOST], at))


def own_sessions(user: User) -> SessionQuerySet:
    """Sessions of the files that USER reads, with what a line of them shows."""
    rows = Session.objects.visible_to(user).for_list().select_related("mediation__grid", "mediation__committee")
    return rows.defer(*heavy("mediation__grid"))


def own_files(user: User) -> MediationQuerySet:
    """The files that USER mediates, and those that wait for the director that USER is."""
    mine = Assignment.objects.current().filter(mediation=OuterRef("pk"), mediator__user=user)
    rows = Mediation.objects.visible_to(user).for_list()
    return rows.filter(Q(Exists(mine)) | Q(state=FileState.APPLIED))


def lines_of(rows: Iterable[Mediation], at: dt.datetime) -> list[FileLine]:
    """ROWS with the names of their parties and the light of their clock."""
    found = list(rows)
    prefetch_related_objects(found, "parties")
    return [FileLine(row, ", ".join(party.name for party in row.parties.all()), light_of(row, at)) for row in found]


def light_of(row: Mediation, at: dt.datetime) -> str:
    """green, yellow near the end of the time, red after it; "" where no clock runs."""
    if row.state != FileState.RUNNING or row.due_at is None:
        return ""
    if row.due_at <= at:
        return "red"
    return "yellow" if row.due_at <= at + NEAR else "green"
