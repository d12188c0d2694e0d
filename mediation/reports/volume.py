"""The volume 卷宗 of a file as one PDF: cover, list of contents with page numbers, what was written and what was scanned,
in the order of the office."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.pagesizes import A4
from reportlab.platypus import Flowable, PageBreak

from accounts.models import User
from gridgov.core import pdf
from mediation.choices.deeds import AgreementForm, Confirmation, PaperKind
from mediation.choices.files import INFORMS, Source
from mediation.choices.papers import OF_SESSION, VOLUME, TemplateKind
from mediation.models import Mediation, Paper
from mediation.reports.binding import Begin, Hole, bound, count_pages
from mediation.reports.document import Document
from mediation.reports.printing import mark_of, story
from mediation.reports.whole import Entry, File, Held, Sheet, whole_file
from mediation.reports.writing import LANGUAGE, write
from mediation.rules.signing import is_written

# Told how many pieces of how many are laid in.
Progress = Callable[[int, int], None]
_FRONT, _BACK = (TemplateKind.COVER, TemplateKind.CONTENTS), (TemplateKind.STATEMENT,)
_OF_ONE = frozenset(OF_SESSION.values())
# What a picture may take of a page.
_ROOM = (pdf.page_width(), A4[1] - 2 * pdf.MARGIN - 4)


@dataclass(frozen=True)
class Piece:
    """Something in the volume: written here, or scanned."""

    title: str
    document: Document | None = None
    paper: Paper | None = None


@dataclass(frozen=True)
class Printed:
    content: bytes
    pages: int


def pieces_of(file: File, at: dt.datetime) -> list[Piece]:
    """What lies between the list of contents and the back cover, in the order of the office."""
    whole = [paper for paper in file.papers if not paper.struck_at]
    return [
        piece
        for kind in PaperKind
        for piece in (*_written(file, kind, at), *(Piece(row.title, paper=row) for row in whole if row.kind == kind))
    ]


def documents_of(mediation: Mediation, at: dt.datetime) -> list[Document]:
    """All papers that are written here, cover and contents included; the scans are in the PDF alone."""
    file = whole_file(mediation)
    written = [piece.document for piece in pieces_of(file, at) if piece.document]
    sheet = Sheet(file, at, contents=[Entry(document.title) for document in written])
    return [*(write(kind, sheet) for kind in _FRONT), *written, *(write(kind, sheet) for kind in _BACK)]


def print_volume(mediation: Mediation, reader: User, at: dt.datetime, progress: Progress) -> Printed:
    """The volume of MEDIATION for READER. Its leaves are numbered as they lie, from 1; cover, list of contents and back are not."""
    file = whole_file(mediation)
    pieces, entries, holes = pieces_of(file, at), list[Entry](), list[Hole]()

    def begin(piece: Piece, page: int) -> None:
        entries.append(Entry(piece.title, page))
        progress(len(entries), len(pieces))

    with override(LANGUAGE):
        mark = mark_of(reader, at, file.mediation.no)
        dress: dict[str, Any] = {
            "title": f"{file.mediation.no} {file.mediation.title}".strip(),
            "footer": mark,
            "watermark": mark,
        }
        body = pdf.document(_body(pieces, begin, holes), **dress)
        pages = count_pages(body)
        sheet = Sheet(file, at, contents=entries, pages=pages)
        front, back = (
            pdf.document(_joined([write(kind, sheet) for kind in kinds]), numbered=False, **dress)
            for kinds in (_FRONT, _BACK)
        )
        return Printed(bound([front, body, back], holes, of=1), count_pages(front) + pages + count_pages(back))


def _body(pieces: Sequence[Piece], begin: Callable[[Piece, int], None], holes: list[Hole]) -> Iterator[Flowable]:
    for piece in pieces:
        yield Begin(piece.title, partial(begin, piece))
        yield from story(piece.document) if piece.document else _scan(piece.paper, holes)
        yield PageBreak()


def _scan(paper: Paper | None, holes: list[Hole]) -> Iterator[Flowable]:
    """A picture fills a page; the leaves of a PDF are laid into holes when all is printed."""
    path = Path(settings.MEDIA_ROOT) / (paper.file if paper else "")
    if paper is None or not path.is_file():
        yield pdf.text(_("The file of this paper is missing."))
    elif path.suffix == ".pdf":
        for leaf in range(paper.pages):
            if leaf:
                yield PageBreak()
            holes.append(Hole(path, leaf))
            yield holes[-1]
    else:
        yield pdf.picture(str(path), *_ROOM)


def _joined(documents: Sequence[Document]) -> Iterator[Flowable]:
    for document in documents:
        yield from story(document)
        yield PageBreak()


def due_papers(file: File, kind: PaperKind | None = None) -> Iterator[tuple[TemplateKind, Held | None]]:
    """The papers that are written here, of KIND or of all, as far as the file has come; and of which session each is."""
    for template in VOLUME[kind] if kind else chain(*VOLUME.values()):
        if template in _OF_ONE:
            yield from ((template, held) for held in file.sessions if OF_SESSION[held.session.kind] == template)
        elif _due(file, template):
            yield template, None


def _written(file: File, kind: PaperKind, at: dt.datetime) -> Iterator[Piece]:
    """What is written here of KIND and lies between cover and back."""
    for template, held in due_papers(file, kind):
        if template not in _BACK:
            document = write(template, Sheet(file, at, held))
            day = f" {localtime(held.session.starts_at):%Y-%m-%d}" if held else ""
            yield Piece(f"{document.title}{day}", document)


def _due(file: File, kind: TemplateKind) -> bool:
    """Whether there is something to say on a paper of KIND yet."""
    agreement = file.agreement
    return {
        TemplateKind.APPLICATION: file.mediation.source == Source.PARTY,
        TemplateKind.AGREEMENT: bool(is_written(agreement)),
        TemplateKind.ORAL: agreement is not None and agreement.form == AgreementForm.ORAL,
        TemplateKind.WAYS: file.mediation.outcome in INFORMS,
        TemplateKind.FOLLOW_UP: bool(file.follow_ups),
        TemplateKind.CONFIRMATION: agreement is not None and agreement.confirmation != Confirmation.NONE,
    }.get(kind, True)
