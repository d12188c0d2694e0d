"""Contact cards 连心卡 on paper: a name, a number and a code, to be cut out and handed to residents."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core import pdf
from grids.choices import HOTLINE
from grids.forms.printed import Printed, print_sheets

# A card 88 millimetres wide: its lines, and those with some air.
WIDE, LINES, TALL = 88, 49, 56
DUTY_CHARS = 40


class CardSize(models.TextChoices):
    """How many share an A4 page, across and down."""

    EIGHT = "2x4", gettext_lazy("eight on a page")
    TEN = "2x5", gettext_lazy("ten on a page")


@dataclass(frozen=True)
class CardOf:
    """What a card says of one post. `duty`: the first of its duties; `address`: its page's, absolute."""

    name: str
    kind: str
    grid: str
    way: str
    phone: str
    duty: str
    address: str


class _Card(Printed):
    def __init__(self, card: CardOf, width: float, height: float) -> None:
        super().__init__(width, height)
        self.card = card

    def draw(self) -> None:
        card, size = self.card, min(self.width / WIDE, self.height / TALL)
        left, y = 5 * size, self.height - (self.height - LINES * size) / 2
        side = 34 * size
        self.code(card.address, self.width - side - 1 * size, y, side)
        room = self.width
        self.width -= side  # lines end where the code begins
        y = self.line(card.way, y - 2 * size, 2.6 * size, pdf.QUIET, left)
        y = self.line(card.grid, y - 0.5 * size, 3.6 * size, pdf.INK, left)
        y = self.line(card.name, y - 2.5 * size, 7 * size, pdf.INK, left)
        y = self.line(card.kind, y - 0.5 * size, 3.2 * size, pdf.QUIET, left)
        y = self.line(card.phone, y - 2.5 * size, 5 * size, pdf.INK, left)
        self.width = room
        y = self.line(card.duty, y - 2 * size, 2.8 * size, pdf.QUIET, left)
        words = _("Scan: call, save the number, report something")
        self.line(f"{words} · {_('hotline %(number)s') % {'number': HOTLINE}}", y - 1 * size, 2.8 * size, pdf.INK, left)


def print_cards(cards: Sequence[CardOf], size: str) -> bytes:
    """CARDS of SIZE as a PDF."""
    return print_sheets(cards, size, _Card, _("Contact cards"))


def first_duty(texts: Sequence[str]) -> str:
    """The first of TEXTS as a line of a card."""
    text = next(iter(texts), "")
    return text if len(text) <= DUTY_CHARS else f"{text[: DUTY_CHARS - 1]}…"
