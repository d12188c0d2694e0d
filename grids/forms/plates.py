"""Plates with the QR code of a grid's public page, to be printed, cut out and put up at its doors."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core import pdf
from grids.choices import HOTLINE
from grids.forms.printed import Printed, print_sheets

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


class _Plate(Printed):
    def __init__(self, plate: PlateOf, width: float, height: float, phone: str, words: str) -> None:
        super().__init__(width, height)
        self.plate, self.phone, self.words = plate, phone, words

    def draw(self) -> None:
        size = min(self.width / 178, self.height / TALL)  # points for a millimetre of the A4 plate
        y = self.height - (self.height - (TALL - 20) * size) / 2
        y = self.line(self.plate.way, y, 8 * size, pdf.QUIET)
        y = self.line(self.plate.name, y - 4 * size, 15 * size, pdf.INK)
        side = 112 * size
        y = self.code(self.plate.address, (self.width - side) / 2, y - 4 * size, side)
        y = self.line(_("Scan: who serves here, what they do, how to reach them"), y - 5 * size, 7 * size, pdf.INK)
        y = self.line(_("grid code %(code)s") % {"code": self.plate.code}, y - 1 * size, 6.5 * size, pdf.QUIET)
        calls = [_("hotline %(number)s") % {"number": HOTLINE}]
        calls += [_("street office %(number)s") % {"number": self.phone}] if self.phone else []
        y = self.line("   ".join(calls), y - 5 * size, 9 * size, pdf.INK)
        self.line(self.words, y - 1 * size, 6.5 * size, pdf.QUIET)


def print_plates(plates: Sequence[PlateOf], size: str, *, phone: str = "", words: str = "") -> bytes:
    """PLATES of SIZE as a PDF."""
    return print_sheets(
        plates, size, lambda plate, width, height: _Plate(plate, width, height, phone, words), _("QR plates")
    )
