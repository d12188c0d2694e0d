"""Papers as PDF: A4, the font inside, the reader's name across each page."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from accounts.models import User
from gridgov.core import pdf
from mediation.reports.document import Block, Document, Form, Look, Sign, Words

_ALIGNED = {Look.CENTRE: TA_CENTER, Look.RIGHT: TA_RIGHT}
SIZE, LABEL = 11.5, 0.19


def as_pdf(document: Document, reader: User) -> bytes:
    """DOCUMENT for READER, whose name and account lie across it."""
    mark = mark_of(reader, document.at, document.no)
    return pdf.document(story(document), title=f"{document.title} {document.no}".strip(), footer=mark, watermark=mark)


def mark_of(reader: User, at: dt.datetime, no: str) -> str:
    """Whose copy it is, and of when."""
    told = [no, reader.full_name or reader.username, reader.username, f"{localtime(at):%Y-%m-%d %H:%M}"]
    return " ".join(filter(None, told))


def story(document: Document) -> list[Flowable]:
    """DOCUMENT as what a page is built of."""
    return [pdf.text(document.title, "title"), Spacer(1, 3 * mm), *_printed(document.blocks)]


def _printed(blocks: Sequence[Block]) -> Iterator[Flowable]:
    """BLOCKS, with some room where another kind of them begins."""
    before = None
    for block in blocks:
        if before not in {None, type(block)}:
            yield Spacer(1, 2 * mm)
        yield _flowable(block)
        before = type(block)


def _flowable(block: Block) -> Flowable:
    width = pdf.page_width()
    if isinstance(block, Words):
        return _said(block.text, block.look)
    if isinstance(block, Form):
        return _form(block.cells, width)
    if isinstance(block, Sign):
        return _signing(block, width)
    return pdf.table([block.head, *block.rows], [share * width for share in block.widths], name="body")


@cache
def _style(look: Look, inside: bool = False) -> ParagraphStyle:
    """Of a paragraph; INSIDE a form it is neither moved in nor set apart."""
    heading = look is Look.HEADING
    return ParagraphStyle(
        look.value, parent=pdf.style("body"), fontSize=SIZE, leading=SIZE * (1.45 if inside else 1.7),
        alignment=_ALIGNED.get(look, TA_LEFT), spaceBefore=SIZE * 0.5 if heading else 0, spaceAfter=0 if inside else 3,
        firstLineIndent=2 * SIZE if look is Look.BODY and not inside else 0, keepWithNext=heading,
    )  # fmt: skip


def _said(words: str, look: Look = Look.BODY, *, inside: bool = False) -> Paragraph:
    """WORDS as they stand; nothing in them is markup."""
    return Paragraph(escape(words).replace("\n", "<br/>"), _style(look, inside))


def _form(cells: tuple[str, ...], width: float) -> Table:
    label = LABEL * width
    rest = width - label if len(cells) == 2 else width / 2 - label
    widths = [rest if place % 2 else label for place in range(len(cells))]
    made = Table([[_said(cell, inside=True) for cell in cells]], colWidths=widths, hAlign="LEFT", splitInRow=1)
    shades = [("BACKGROUND", (place, 0), (place, -1), pdf.SHADE) for place in range(0, len(cells), 2)]
    made.setStyle(TableStyle([
        ("GRID", (0, 0), (-1, -1), 0.5, pdf.QUIET), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *shades,
        ("TOPPADDING", (0, 0), (-1, -1), 4), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]))  # fmt: skip
    return made


def _signing(sign: Sign, width: float) -> Table:
    """A line to be signed on."""
    row = [_said(f"{sign.label}\n{sign.name}", inside=True), _drawn(sign), _said(sign.day, inside=True)]
    made = Table([row], colWidths=[0.42 * width, 0.36 * width, 0.22 * width], hAlign="LEFT", rowHeights=[16 * mm])
    made.setStyle(TableStyle([
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("LEFTPADDING", (0, 0), (0, 0), 0), ("LINEBELOW", (1, 0), (1, 0), 0.5, pdf.QUIET),
    ]))  # fmt: skip
    return made


def _drawn(sign: Sign) -> Flowable:
    """What was drawn or scanned, where it is a picture; the room for it where nobody has signed yet."""
    file = Path(settings.MEDIA_ROOT) / sign.picture
    if not sign.picture:
        return Spacer(1, 12 * mm)
    if file.suffix != ".pdf" and file.is_file():
        return pdf.picture(str(file), 50 * mm, 13 * mm)
    return _said(_("see the scan"), inside=True)
