"""QR codes: the modules of an address, and the drawing of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import segno
from django.conf import settings
from django.http import HttpRequest

# A QR code needs four modules of quiet ground around it; a quarter of it may be dirty or torn (level Q).
QUIET_MODULES, LEVEL = 4, "q"


@dataclass(frozen=True)
class Code:
    """A QR code as an SVG path in a square of `side` modules, its quiet ground included."""

    side: int
    path: str


def origin_of(request: HttpRequest) -> str:
    """Where people reach the house; without a setting, the address by which whoever asks came in."""
    return settings.PUBLIC_ORIGIN or request.build_absolute_uri("/").rstrip("/")


def code_of(address: str) -> tuple[bytearray, ...]:
    """The modules of ADDRESS's QR code, row by row, 1 for dark."""
    return tuple(segno.make_qr(address, error=LEVEL).matrix)


def runs(modules: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(first, length) of each run of dark modules."""
    first = None
    for place, dark in enumerate([*modules, 0]):
        if dark and first is None:
            first = place
        elif not dark and first is not None:
            yield first, place - first
            first = None


def draw_code(address: str) -> Code:
    """The code of ADDRESS as one path."""
    matrix = code_of(address)
    drawn = [
        f"M{first + QUIET_MODULES} {row + QUIET_MODULES}h{length}v1h-{length}z"
        for row, modules in enumerate(matrix)
        for first, length in runs(modules)
    ]
    return Code(len(matrix) + 2 * QUIET_MODULES, "".join(drawn))
