"""The watermark 水印 of a worker's photo: when, where and by whom, burned into the picture.

The lowest line is about the worker: the exact place, and the own number. It stands where `foot_of` says, whatever the rest, so
that a copy for everybody can leave it out.
"""

import datetime as dt
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from gridgov import core

# A device's clock may be so far from the house's until the picture says when it arrived.
SLACK = dt.timedelta(minutes=10)
# Of a degree: about ten metres.
DIGITS = 4
_FONT = Path(core.__file__).parent / "fonts" / "NotoSansSC-GBK.ttf"
_INK, _OUTLINE = "white", "black"


def mark_of(
    *, grid: str, point: tuple[float, float] | None, by: User, at: dt.datetime, taken_at: dt.datetime | None = None
) -> list[str]:
    """The lines: the moment of capture and, where it came later, of arrival; GRID; POINT (lng, lat) and BY's number. In the
    house's language, whoever sends it."""
    with override(settings.LANGUAGE_CODE):
        when = f"{localtime(taken_at or at):%Y-%m-%d %H:%M}"
        if taken_at is not None and at - taken_at > SLACK:
            when = _("%(taken)s (arrived %(at)s)") % {"taken": when, "at": f"{localtime(at):%m-%d %H:%M}"}
        number = _("No. %(number)s") % {"number": by.username}
    where = f"{point[1]:.{DIGITS}f},{point[0]:.{DIGITS}f}" if point else ""
    return [when, grid, " ".join(part for part in (where, number) if part)]


def burn(image: Image.Image, lines: Sequence[str]) -> Image.Image:
    """A copy of IMAGE with LINES in its lower left corner: white with a black edge, so that they stand out on anything."""
    marked = image.copy()
    draw, size = ImageDraw.Draw(marked), _size(image)
    _write(draw, image, lines[-1:], bottom=image.height - size)
    _write(draw, image, lines[:-1], bottom=image.height - foot_of(image))
    return marked


def foot_of(image: Image.Image) -> int:
    """How many pixels of IMAGE's height, from below, the line about the worker takes, with the margin under it."""
    return math.ceil(2.7 * _size(image))


def _size(image: Image.Image) -> int:
    return max(10, min(image.width, image.height) // 28)


def _write(draw: ImageDraw.ImageDraw, image: Image.Image, lines: Sequence[str], *, bottom: int) -> None:
    size = _size(image)
    longest = max((draw.textlength(line, _font(size)) for line in lines), default=0)
    # What would run over the edge is written smaller.
    size = max(6, min(size, int(size * (image.width * 0.94) / max(longest, 1))))
    draw.text(
        (image.width * 0.03, bottom), "\n".join(lines), _INK, _font(size), anchor="ld", spacing=size // 3,
        stroke_width=max(1, size // 12), stroke_fill=_OUTLINE,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size)
