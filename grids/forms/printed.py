"""Things with a QR code that are printed many to a page and cut out: what plates and cards have in common."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from reportlab.lib.pagesizes import A4
from reportlab.platypus import Flowable, PageBreak, Table, TableStyle

from gridgov.core import pdf
from grids.forms.codes import QUIET_MODULES, code_of, runs

T = TypeVar("T")


class Printed(Flowable):
    """One of them in a box of `width` × `height` points; every measure follows from the box."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height

    def wrap(self, *_room: float) -> tuple[float, float]:
        return self.width, self.height

    def line(self, text: str, top: float, size: float, colour: Any, left: float | None = None) -> float:
        """TEXT below TOP, from LEFT or in the middle, made smaller until it fits; answers where it ends."""
        if not text:
            return top
        room = self.width * 0.95 - left if left is not None else self.width * 0.9
        size *= min(1, room / max(self.canv.stringWidth(text, pdf.FONT, size), 1))
        self.canv.setFillColor(colour)
        self.canv.setFont(pdf.FONT, size)
        if left is None:
            self.canv.drawCentredString(self.width / 2, top - size, text)
        else:
            self.canv.drawString(left, top - size, text)
        return top - size * 1.4

    def code(self, address: str, left: float, top: float, side: float) -> float:
        """The QR code of ADDRESS in runs of dark modules, and a link for those who have the file before them; answers
        where it ends."""
        matrix = code_of(address)
        module = side / (len(matrix) + 2 * QUIET_MODULES)
        left, upper = left + QUIET_MODULES * module, top - QUIET_MODULES * module
        self.canv.setFillColor(pdf.INK)
        for row, modules in enumerate(matrix):
            for first, length in runs(modules):
                self.canv.rect(
                    left + first * module, upper - (row + 1) * module, length * module, module * 1.01, stroke=0, fill=1
                )
        box = (left, upper - len(matrix) * module, left + len(matrix) * module, upper)
        self.canv.linkURL(address, box, relative=1)
        return top - side


def print_sheets(things: Sequence[T], size: str, make: Callable[[T, float, float], Printed], title: str) -> bytes:
    """What MAKE makes of THINGS for a box of a width and height, as a PDF; SIZE, "2x3", says how many share a page, with
    dashed lines to cut along."""
    across, down = (int(number) for number in size.split("x"))
    width, height = pdf.page_width() / across, (A4[1] - 2 * pdf.MARGIN - 2) / down
    cut = [("INNERGRID", (0, 0), (-1, -1), 0.5, pdf.RULE, None, (3, 3))]
    bare = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    story: list[Flowable] = []
    for page in _parts(things, across * down):
        cells: list[Any] = [make(thing, width, height) for thing in page]
        cells += [""] * (across * down - len(cells))
        table = Table(_parts(cells, across), colWidths=[width] * across, rowHeights=[height] * down)
        table.setStyle(TableStyle([*cut, *bare]))
        story += [table, PageBreak()]
    return pdf.document(story[:-1], title=title)


def _parts(things: Sequence[T], size: int) -> list[list[T]]:
    """THINGS in runs of SIZE, the last one shorter where they don't come out even."""
    return [list(things[first : first + size]) for first in range(0, len(things), size)]
