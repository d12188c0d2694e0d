"""Pictures as strangers send them: opened by what they are, whatever they are called, and within bounds of memory.

A file of half a megabyte can unfold into gigabytes. How large a picture is stands at its beginning, so it is judged before
anything is unfolded; what each format costs beyond its pixels was measured (docs/threats.md).
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

from gridgov.core.errors import Invalid

# Millions of pixels. A phone's best photo is a JPEG of 108, which is read at a fraction of its size (MPO: with a second picture
# behind it), or a HEIC of 49; nobody photographs PNG, WEBP or JPEG in passes, which need room for all of their pixels, WEBP twice.
MOST = {"JPEG": 110, "MPO": 110, "HEIF": 50, "PNG": 25, "WEBP": 25}
_JPEG = frozenset({"JPEG", "MPO"})
MOST_IN_PASSES = 40
# Above so many pixels one is unfolded at a time in each process.
LARGE = 8_000_000
_large = threading.Lock()

Image.MAX_IMAGE_PIXELS = MOST["JPEG"] * 1_000_000
# Pillow loads WEBP only when asked to.
Image.init()
register_heif_opener()


def opened(data: bytes, *, formats: tuple[str, ...], side: int, field: str, told: str, code: str) -> Image.Image:
    """DATA as a picture, upright, no side longer than SIDE; in whatever colours it has.

    Raises Invalid at FIELD: `too_large` for too many pixels, CODE with the words TOLD for what is no picture of FORMATS.
    """
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            _insist_on_size(image, field)
            with _one_at_a_time(image.width * image.height):
                if image.format in _JPEG:
                    image.draft("RGB", (side, side))
                # Palettes and the like can't be scaled smoothly.
                shown = image if image.mode in {"RGB", "RGBA", "L"} else image.convert("RGBA")
                shown.thumbnail((side, side), Image.Resampling.LANCZOS)
                return ImageOps.exif_transpose(shown)
    except Invalid:
        raise
    except Image.DecompressionBombError:
        raise _too_large(field, MOST["JPEG"]) from None
    except Exception:  # decoders of damaged files raise what they please
        raise Invalid(told, code=code, field=field) from None


def _insist_on_size(image: Image.Image, field: str) -> None:
    in_passes = image.format in _JPEG and image.info.get("progressive")
    most = MOST_IN_PASSES if in_passes else MOST.get(image.format or "", 0)
    if image.width * image.height > most * 1_000_000:
        raise _too_large(field, most)


def _too_large(field: str, most: int) -> Invalid:
    told = _("A picture of this kind may have at most %(most)d × 10,000 pixels.") % {"most": most * 100}
    return Invalid(told, code="too_large", field=field)


@contextmanager
def _one_at_a_time(pixels: int) -> Iterator[None]:
    if pixels <= LARGE:
        yield
        return
    with _large:
        yield
