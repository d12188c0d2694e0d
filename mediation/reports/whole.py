"""All that a file's papers are written from, read at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    """MEDIATION, which the reader may see, as it stands now, with the texts by which its papers are written."""
    row = Mediation.objects.whole().select_related("filed_by", "entered_by").get(pk=mediation.pk)
    return file_of(row, texts_in(row.grid))


def file_of(mediation: Mediation, texts: Mapping[str, str]) -> File:
    """Of a MEDIATION that was read `whole`. Asks nothing more; sessions that were held, the first one first."""
    held = [row for row in mediation.sessions.all() if row.state == SessionState.HELD]
    return File(
        mediation=mediation,
        texts=texts,
        agreement=getattr(mediation, "agreement", None),
        parties=list(mediation.parties.all()),
        assignments=list(mediation.assignments.all()),
        helpers=list(mediation.helpers.all()),
        sessions=[Held(row, list(row.mediators.all()), list(row.attendances.all())) for row in reversed(held)],
        signatures=[row for row in mediation.signatures.all() if row.struck_at is None],
        tasks=list(mediation.tasks.all()),
        follow_ups=list(mediation.follow_ups.all()),
        papers=list(mediation.papers.all()),
    )
