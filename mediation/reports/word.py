"""Papers as DOCX, to be changed with a word processor: the same blocks, the font inside, the reader's name in each head."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import docx
from django.conf import settings
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table

from accounts.models import User
from mediation.reports.document import Block, Document, Form, Look, Rows, Sign, Words
from mediation.reports.printing import mark_of
from mediation.reports.word_marks import FONT, embed_font, put_watermark

_ALIGNED = {Look.CENTRE: WD_ALIGN_PARAGRAPH.CENTER, Look.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT}
SIZE, TITLE, WIDTH = Pt(12), Pt(18), Cm(17)
# What XML has no place for: pasted text brings form feeds and the like.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_docx(document: Document, reader: User, *more: Document) -> bytes:
    """DOCUMENT, and MORE behind it on pages of their own, for READER."""
    made = docx.Document()
    _set_up(made, document)
    put_watermark(made.sections[0], _plain(mark_of(reader, document.at, document.no)))
    for place, one in enumerate((document, *more)):
        if place:
            made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _write(made, one)
    embed_font(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _plain(words: str) -> str:
    return _NOT_XML.sub("", words)


def _set_up(made: Docx, document: Document) -> None:
    """A4, margins of the office, the font for both scripts."""
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    style = made.styles["Normal"]
    style.font.name, style.font.size = FONT, SIZE
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(3), 1.4
    made.core_properties.title, made.core_properties.author = _plain(document.title), "gridgov"
    made.core_properties.comments = ""


def _write(made: Docx, document: Document) -> None:
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(_plain(document.title))
    run.bold, run.font.size = True, TITLE
    for block in document.blocks:
        _block(made, block)


def _block(made: Docx, block: Block) -> None:
    if isinstance(block, Words):
        said = made.add_paragraph()
        run = said.add_run(_plain(block.text))
        run.bold = block.look is Look.HEADING
        said.paragraph_format.keep_with_next = block.look is Look.HEADING
        if block.look in _ALIGNED:
            said.alignment = _ALIGNED[block.look]
        elif block.look is Look.BODY:
            said.paragraph_format.first_line_indent = 2 * SIZE
    elif isinstance(block, Form):
        shares = (0.19, 0.81) if len(block.cells) == 2 else (0.19, 0.31) * (len(block.cells) // 2)
        _table(made, [block.cells], shares)
    elif isinstance(block, Rows):
        _table(made, [block.head, *block.rows], block.widths)
    else:
        _sign(made, block)


def _table(made: Docx, rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Table:
    table = made.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    for row in rows:
        for cell, words, share in zip(table.add_row().cells, row, shares, strict=False):
            cell.width, cell.text = int(WIDTH * share), _plain(words)
    return table


def _sign(made: Docx, sign: Sign) -> None:
    """A line to be signed on."""
    line = made.add_paragraph(_plain(f"{sign.label} {sign.name}："))
    file = Path(settings.MEDIA_ROOT) / sign.picture
    if sign.picture and file.suffix != ".pdf" and file.is_file():
        line.add_run().add_picture(str(file), height=Cm(1.3))
    else:
        line.add_run("＿" * 10)
    line.add_run(f"  {sign.day}")
