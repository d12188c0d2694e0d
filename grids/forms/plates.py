"""Plates with the QR code of a grid's public page, to be printed, cut out and put up at its doors."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import segno
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reportlab.lib.pagesizes import A4
from reportlab.platypus import Flowable, PageBreak, Table, TableStyle

from gridgov.core import pdf
from grids.choices import HOTLINE

T = TypeVar("T")
# A QR code needs four modules of quiet ground around it; quarter of it may be dirty or torn (level Q).
QUIET_MODULES, LEVEL = 4, "q"
# A plate's lines and its code, with some air, in millimetres of the A4 plate.
TALL = 230


class PlateSize(models.TextChoices):
    """How large a plate is: the value says how many across and down share an A4 page."""

    ONE = "1x1", gettext_lazy("A4: one on a page")
    TWO = "1x2", gettext_lazy("A5: two on a page")
    FOUR = "2x2", gettext_lazy("A6: four on a page")
    NINE = "3x3", gettext_lazy("small: nine on a page")


@dataclass(frozen=True)
class PlateOf:
    """What a plate says of one grid. `address`: the page's, absolute. `way`: what lies above the grid."""

    name: str
    way: str
    code: str
    address: str


class _Plate(Flowable):
    """One plate in a box of WIDTH × HEIGHT points; every measure follows from the box."""

    def __init__(self, plate: PlateOf, width: float, height: float, phone: str, words: str) -> None:
        super().__init__()
        self.plate, self.width, self.height, self.phone, self.words = plate, width, height, phone, words

    def wrap(self, *_room: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        size = min(self.width / 178, self.height / TALL)  # points for a millimetre of the A4 plate
        y = self.height - (self.height - (TALL - 20) * size) / 2
        y = self._line(self.plate.way, y, 8 * size, pdf.QUIET)
        y = self._line(self.plate.name, y - 4 * size, 15 * size, pdf.INK)
        y = self._code(y - 4 * size, 112 * size)
        y = self._line(_("Scan: who serves here, what they do, how to reach them"), y - 5 * size, 7 * size, pdf.INK)
        y = self._line(_("grid code %(code)s") % {"code": self.plate.code}, y - 1 * size, 6.5 * size, pdf.QUIET)
        calls = [_("hotline %(number)s") % {"number": HOTLINE}]
        calls += [_("street office %(number)s") % {"number": self.phone}] if self.phone else []
        y = self._line("   ".join(calls), y - 5 * size, 9 * size, pdf.INK)
        self._line(self.words, y - 1 * size, 6.5 * size, pdf.QUIET)

    def _line(self, text: str, top: float, size: float, colour: Any) -> float:
        """TEXT in the middle below TOP, made smaller until it fits; answers where it ends."""
        if not text:
            return top
        room = self.width * 0.9
        size *= min(1, room / max(self.canv.stringWidth(text, pdf.FONT, size), 1))
        self.canv.setFillColor(colour)
        self.canv.setFont(pdf.FONT, size)
        self.canv.drawCentredString(self.width / 2, top - size, text)
        return top - size * 1.4

    def _code(self, top: float, side: float) -> float:
        """The QR code in runs of dark modules, and a link for those who have the file before them."""
        matrix = code_of(self.plate.address)
        module = side / (len(matrix) + 2 * QUIET_MODULES)
        left, upper = (self.width - side) / 2 + QUIET_MODULES * module, top - QUIET_MODULES * module
        self.canv.setFillColor(pdf.INK)
        for row, modules in enumerate(matrix):
            for first, length in _runs(modules):
                self.canv.rect(
                    left + first * module, upper - (row + 1) * module, length * module, module * 1.01, stroke=0, fill=1
                )
        box = (left, upper - len(matrix) * module, left + len(matrix) * module, upper)
        self.canv.linkURL(self.plate.address, box, relative=1)
        return top - side


def code_of(address: str) -> tuple[bytearray, ...]:
    """The modules of ADDRESS's QR code, row by row, 1 for dark."""
    return tuple(segno.make_qr(address, error=LEVEL).matrix)


def _runs(modules: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(first, length) of each run of dark modules."""
    first = None
    for place, dark in enumerate([*modules, 0]):
        if dark and first is None:
            first = place
        elif not dark and first is not None:
            yield first, place - first
            first = None


def print_plates(plates: Sequence[PlateOf], size: str, *, phone: str = "", words: str = "") -> bytes:
    """PLATES of SIZE as a PDF, with dashed lines to cut along where several share a page."""
    across, down = (int(number) for number in size.split("x"))
    width, height = pdf.page_width() / across, (A4[1] - 2 * pdf.MARGIN - 2) / down
    cut = [("INNERGRID", (0, 0), (-1, -1), 0.5, pdf.RULE, None, (3, 3))]
    bare = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    story: list[Flowable] = []
    for page in _parts(plates, across * down):
        cells: list[Any] = [_Plate(plate, width, height, phone, words) for plate in page]
        cells += [""] * (across * down - len(cells))
        table = Table(_parts(cells, across), colWidths=[width] * across, rowHeights=[height] * down)
        table.setStyle(TableStyle([*cut, *bare]))
        story += [table, PageBreak()]
    return pdf.document(story[:-1], title=_("QR plates"))


def _parts(things: Sequence[T], size: int) -> list[list[T]]:
    """THINGS in runs of SIZE, the last one shorter where they don't come out even."""
    return [list(things[first : first + size]) for first in range(0, len(things), size)]
