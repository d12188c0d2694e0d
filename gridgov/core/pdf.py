"""Printed pages: A4, Chinese, the font embedded so that they look the same on every machine and in ten years."""

import io
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, Image, PageTemplate, Paragraph, Table, TableStyle
from reportlab.platypus.doctemplate import LayoutError

# Streams as they are: in ASCII a scan costs a third more room and half a second.
rl_config.useA85 = 0
FONT = "NotoSansSC"
MARGIN = 16 * mm
INK, QUIET, RULE, SHADE = (colors.HexColor(code) for code in ("#111827", "#6b7280", "#d1d5db", "#f3f4f6"))
Cell: TypeAlias = "str | Flowable | Sequence[Flowable]"


@cache
def _fonts() -> None:
    """Parsed once a process, and only where something is printed."""
    pdfmetrics.registerFont(TTFont(FONT, str(Path(__file__).parent / "fonts" / "NotoSansSC-GBK.ttf")))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=FONT, italic=FONT, boldItalic=FONT)


@cache
def style(name: str = "body") -> ParagraphStyle:
    """`title`, `h2`, `h3`, `body`, `small` or `quiet`."""
    _fonts()
    size = {"title": 17, "h2": 12.5, "h3": 10.5, "body": 9.5, "small": 8, "quiet": 8}[name]
    head = name in {"title", "h2", "h3"}
    return ParagraphStyle(
        name, fontName=FONT, fontSize=size, leading=size * 1.5, wordWrap="CJK", splitLongWords=1,
        textColor=QUIET if name == "quiet" else INK, spaceBefore=size * 0.7 if head else 0, spaceAfter=size * 0.35,
        alignment=TA_CENTER if name == "title" else 0, keepWithNext=1 if head else 0,
    )  # fmt: skip


def text(words: Any, name: str = "body") -> Paragraph:
    """WORDS as they stand, lines kept; nothing in them is markup."""
    return Paragraph(escape(str(words)).replace("\n", "<br/>"), style(name))


def table(
    rows: Iterable[Sequence[Cell]], widths: Sequence[float | None], *, head: bool = True, name: str = "small"
) -> Table:
    """ROWS of words or flowables. WIDTHS in points, None for what is left; the head is repeated on each page."""
    cells = [[text(cell, name) if isinstance(cell, str) else cell for cell in row] for row in rows]
    # A row of many words may be taller than a page.
    made = Table(cells, colWidths=list(widths), repeatRows=1 if head else 0, hAlign="LEFT", splitInRow=1)
    lines: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.4, RULE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]  # fmt: skip
    made.setStyle(TableStyle([*lines, ("BACKGROUND", (0, 0), (-1, 0), SHADE)] if head else lines))
    return made


def facts(pairs: Iterable[tuple[Any, Any]], width: float) -> Table:
    """Names and what they are, in two columns, WIDTH points wide."""
    rows = [[text(name, "quiet"), text(value or "—", "body")] for name, value in pairs]
    made = Table(rows, colWidths=[26 * mm, width - 26 * mm], hAlign="LEFT", splitInRow=1)
    made.setStyle(TableStyle([
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 1), ("LEFTPADDING", (0, 0), (0, -1), 0),
    ]))  # fmt: skip
    return made


def picture(file: Any, width: float, height: float) -> Image:
    """The picture in FILE (a path or an open file), as large as fits in WIDTH × HEIGHT points."""
    return Image(file, width=width, height=height, kind="bound", hAlign="LEFT")


def page_width(*, across: bool = False) -> float:
    """The points between the margins; ACROSS for a page on its side."""
    return float((landscape(A4) if across else A4)[0] - 2 * MARGIN)


def document(
    story: Iterable[Flowable],
    *,
    title: str,
    footer: str = "",
    watermark: str = "",
    across: bool = False,
    numbered: bool = True,
) -> bytes:
    """STORY as a PDF with page numbers, where it is NUMBERED. FOOTER stands at the foot of each page, WATERMARK pale across it."""
    _fonts()
    out, size = io.BytesIO(), landscape(A4) if across else A4

    across_page = 0.8 * (size[0] ** 2 + size[1] ** 2) ** 0.5
    large = min(26, 26 * across_page / (pdfmetrics.stringWidth(watermark, FONT, 26) or 1))

    def dress(canvas: Any, made: BaseDocTemplate) -> None:
        """What lies over a page: over its pictures, too."""
        canvas.saveState()
        if watermark:
            canvas.setFont(FONT, large)
            canvas.setFillColor(colors.HexColor("#9ca3af"), alpha=0.16)
            canvas.translate(size[0] / 2, size[1] / 2)
            canvas.rotate(35)
            for line in (-230, 0, 230):
                canvas.drawCentredString(0, line, watermark)
            canvas.restoreState()
            canvas.saveState()
        canvas.setFont(FONT, 7.5)
        canvas.setFillColor(QUIET)
        canvas.drawString(MARGIN, 9 * mm, footer[:110])
        if numbered:
            canvas.drawRightString(size[0] - MARGIN, 9 * mm, _("page %(number)s") % {"number": made.page})
        canvas.restoreState()

    made = BaseDocTemplate(out, pagesize=size, title=title, author="gridgov")
    frame = Frame(MARGIN, MARGIN, size[0] - 2 * MARGIN, size[1] - 2 * MARGIN, 0, 0, 0, 0)
    made.addPageTemplates(PageTemplate(frames=[frame], onPageEnd=dress))
    try:
        made.build(list(story))
    except LayoutError as error:
        # It calls what doesn't fit by its first words, and would carry them into logs and failed jobs.
        raise LayoutError("a block is larger than its page").with_traceback(error.__traceback__) from None
    return out.getvalue()
