"""QR codes as one path of an SVG, drawn by the page without a picture of its own."""

from dataclasses import dataclass

import segno

# Quiet ground around the code, in modules.
QUIET = 4


@dataclass(frozen=True)
class Drawn:
    """`size`: modules across, the quiet ground included; `path`: the dark ones, for an SVG of that size."""

    size: int
    path: str


def qr_paths(text: str) -> Drawn:
    """The QR code of TEXT; a seventh of it may be dirty (level M)."""
    matrix = segno.make_qr(text, error="m").matrix
    runs = []
    for y, modules in enumerate(matrix):
        x = 0
        while x < len(modules):
            length = next((n for n, dark in enumerate(modules[x:]) if not dark), len(modules) - x)
            if length:
                runs.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length or 1
    return Drawn(len(matrix) + 2 * QUIET, "".join(runs))
