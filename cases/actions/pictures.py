"""Pictures as files: decoded, encoded anew without what hides in them, covered where nobody is to look, written and taken
away."""

import hashlib
import io
import math
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from cases.actions.marking import burn, foot_of
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.pictures import opened

# iPhones take HEIC unless told otherwise.
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
LONGEST_SIDE = 1920
THUMB_SIDE = 320
# What is left of a covered area: so many colours across and down, of so many bits. No face and no plate is told from nine.
_CELLS, _BITS = 3, 4


@dataclass(frozen=True)
class Picture:
    """A photo ready to be kept: JPEG bytes of both sizes, measures of the big one, digest of what came in."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    sha256: str = ""


@dataclass(frozen=True)
class Shot:
    """A photo decoded, upright and scaled, with the digest of what came in."""

    image: Image.Image
    sha256: str


def decode(upload: BinaryIO) -> Shot:
    """Read what somebody sends as a photo. Raises Invalid."""
    if (getattr(upload, "size", None) or 0) > settings.PHOTO_MAX_BYTES:
        size = settings.PHOTO_MAX_BYTES // (1024 * 1024)
        raise Invalid(_("A photo may have at most %(size)s MB.") % {"size": size}, code="too_large", field="photo")
    data = upload.read(settings.PHOTO_MAX_BYTES + 1)
    told = _("This is not a photo, or it is damaged.")
    upright = opened(data, formats=FORMATS, side=LONGEST_SIDE, field="photo", told=told, code="not_a_photo")
    return Shot(upright.convert("RGB"), hashlib.sha256(data).hexdigest())


def develop(shot: Shot, mark: Sequence[str] = ()) -> Picture:
    """SHOT as JPEG without any metadata, with the lines of MARK burned into it."""
    return _printed(burn(shot.image, mark) if mark else shot.image, shot.sha256)


def for_everybody(name: str) -> bytes:
    """The kept picture NAME as a JPEG without the line about who took it. Raises FileNotFoundError."""
    with Image.open(Path(settings.MEDIA_ROOT) / name) as image:
        picture = image.convert("RGB")
    return _jpeg(picture.crop((0, 0, picture.width, max(1, picture.height - foot_of(picture)))), 85)


def covered(name: str, areas: Sequence[Sequence[float]]) -> Picture:
    """The kept picture NAME with AREAS, (x, y, width, height) in shares of its sides, made unrecognisable. Raises Conflict."""
    try:
        with Image.open(Path(settings.MEDIA_ROOT) / name) as image:
            picture = image.convert("RGB")
    except OSError:
        raise Conflict(_("The file of this photo is missing."), code="missing") from None
    for area in areas:
        box = _pixels(area, picture.size)
        coarse = picture.crop(box).resize((_CELLS, _CELLS), Image.Resampling.BOX)
        size = (box[2] - box[0], box[3] - box[1])
        picture.paste(ImageOps.posterize(coarse, _BITS).resize(size, Image.Resampling.BILINEAR), box)
    return _printed(picture)


def _pixels(area: Sequence[float], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """AREA as (left, top, right, bottom) in pixels, outward to whole ones."""
    x, y, width, height = area
    return (
        math.floor(x * size[0]), math.floor(y * size[1]),
        min(math.ceil((x + width) * size[0]), size[0]), min(math.ceil((y + height) * size[1]), size[1]),
    )  # fmt: skip


def _printed(picture: Image.Image, sha256: str = "") -> Picture:
    full, (width, height) = _jpeg(picture, 85), picture.size
    small = picture.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    return Picture(full, _jpeg(small, 78), width, height, sha256)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    # A fresh image carries no EXIF, no place, no comment.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    clean.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


# --- files -----------------------------------------------------------------------------------------------------------


@contextmanager
def new_files(at: datetime) -> Iterator[tuple[str, str]]:
    """Names for a picture and its thumb. What was written under them is taken away again if anything inside fails."""
    stem = f"photos/{at:%Y/%m}/{uuid.uuid4().hex}"
    names = (f"{stem}.jpg", f"{stem}-s.jpg")
    try:
        yield names
    except BaseException:
        remove(*names)
        raise


def write(names: tuple[str, str], picture: Picture) -> None:
    for name, content in zip(names, (picture.full, picture.thumb), strict=True):
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def remove(*names: str) -> None:
    for name in names:
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
