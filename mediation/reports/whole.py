"""All that a file's papers are written from, read at once."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch

from mediation.choices.files import SessionState
from mediation.models import (
    Agreement,
    Assignment,
    Attendance,
    FollowUp,
    Helper,
    Mediation,
    Mediator,
    Paper,
    Party,
    Session,
    Signature,
    Task,
)
from mediation.reports.templates import texts_in


@dataclass(frozen=True)
class Entry:
    """A line of the list of contents; PAGE is the first one, where the volume is printed."""

    title: str
    page: int | None = None


@dataclass(frozen=True)
class Held:
    """A session that took place, with whoever led it and whoever was there."""

    session: Session
    mediators: Sequence[Mediator]
    attendances: Sequence[Attendance]


@dataclass(frozen=True)
class File:
    """A mediation with what belongs to it. `texts` are the templates that hold where it is, by kind."""

    mediation: Mediation
    texts: Mapping[str, str]
    agreement: Agreement | None
    parties: Sequence[Party]
    assignments: Sequence[Assignment]
    helpers: Sequence[Helper]
    sessions: Sequence[Held]
    signatures: Sequence[Signature]
    tasks: Sequence[Task]
    follow_ups: Sequence[FollowUp]
    papers: Sequence[Paper]


@dataclass(frozen=True)
class Sheet:
    """One paper to be written: of which file, and of which session or for which party of it."""

    file: File
    at: dt.datetime
    held: Held | None = None
    party: Party | None = None
    contents: Sequence[Entry] = field(default=())
    pages: int | None = None


def whole_file(mediation: Mediation) -> File:
    """MEDIATION, which the reader may see, in ten queries."""
    mediation = Mediation.objects.for_detail().select_related("filed_by", "entered_by").get(pk=mediation.pk)
    return File(
        mediation=mediation,
        texts=texts_in(mediation.grid),
        agreement=Agreement.objects.filter(mediation=mediation).first(),
        parties=list(mediation.parties.all()),
        assignments=list(mediation.assignments.for_list()),
        helpers=list(mediation.helpers.all()),
        sessions=list(_held(mediation)),
        signatures=list(mediation.signatures.standing().select_related("party", "mediator")),
        tasks=list(mediation.tasks.select_related("party")),
        follow_ups=list(mediation.follow_ups.select_related("visitor")),
        papers=list(mediation.papers.select_related("party")),
    )


def _held(mediation: Mediation) -> Iterator[Held]:
    """The first one first."""
    rows = mediation.sessions.filter(state=SessionState.HELD).order_by("starts_at", "pk")
    there = Attendance.objects.select_related("party", "helper")
    for row in rows.select_related("room", "recorded_by").prefetch_related("mediators", Prefetch("attendances", there)):
        yield Held(row, list(row.mediators.all()), list(row.attendances.all()))
