"""Photos: what comes in is decoded, checked and encoded anew, so that only a picture is kept."""

import datetime as dt
import hashlib
import io
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.models import User
from cases.actions.taking import take
from cases.choices import CASE_PHOTO_LIMIT, PhotoKind
from cases.models import Case, Photo
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record

FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 1920
THUMB_SIDE = 320
# A hundred megapixels is a phone's best; more is a bomb.
Image.MAX_IMAGE_PIXELS = 100_000_000
# Pillow loads WEBP only when asked to.
Image.init()


@dataclass(frozen=True)
class _Picture:
    """A photo ready to be kept: JPEG bytes of both sizes, measures of the big one, digest of what came in."""

    full: bytes
    thumb: bytes
    width: int
    height: int
    sha256: str


def add_photo(*, case: Case | int, kind: str, upload: BinaryIO, by: User, at: dt.datetime) -> Photo:
    """Add a picture to a case that BY sees. UPLOAD needs `size` and `read`. The same picture twice is told, not kept.

    Decoding happens before the case is locked. Files are written first and taken away again if the row fails.
    """
    if kind not in PhotoKind.values:
        raise Invalid(_("A photo is taken before or after."), field="kind")
    picture = _develop(upload)
    name = f"photos/{at:%Y/%m}/{uuid.uuid4().hex}"
    written = [_write(f"{name}.jpg", picture.full), _write(f"{name}-s.jpg", picture.thumb)]
    try:
        return _keep(case, kind, name, picture, by=by, at=at)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


@transaction.atomic
def _keep(case: Case | int, kind: str, name: str, picture: _Picture, *, by: User, at: dt.datetime) -> Photo:
    case = take(case, by, "add_photo")
    if case.photos.count() >= CASE_PHOTO_LIMIT:
        raise Conflict(_("A case keeps at most %(count)s photos.") % {"count": CASE_PHOTO_LIMIT}, code="too_many")
    if case.photos.filter(kind=kind, sha256=picture.sha256).exists():
        raise Conflict(_("This photo is here already."), code="duplicate")
    photo = Photo.objects.create(
        case=case, kind=kind, file=f"{name}.jpg", thumb=f"{name}-s.jpg", sha256=picture.sha256,
        width=picture.width, height=picture.height, bytes=len(picture.full), by=by, at=at,
    )  # fmt: skip
    record("cases.photo_added", case, by=by, at=at, data={"photo": photo.pk, "kind": kind, "sha256": picture.sha256})
    return photo


def _develop(upload: BinaryIO) -> _Picture:
    """Decode, turn upright, scale, and encode as JPEG without any metadata. Raises Invalid."""
    if (getattr(upload, "size", None) or 0) > settings.PHOTO_MAX_BYTES:
        size = settings.PHOTO_MAX_BYTES // (1024 * 1024)
        raise Invalid(_("A photo may have at most %(size)s MB.") % {"size": size}, code="too_large", field="photo")
    data = upload.read(settings.PHOTO_MAX_BYTES + 1)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Invalid(_("This is not a photo, or it is damaged."), code="not_a_photo", field="photo") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    full = _jpeg(upright, 85)
    width, height = upright.size
    upright.thumbnail((THUMB_SIDE, THUMB_SIDE))
    return _Picture(full, _jpeg(upright, 78), width, height, hashlib.sha256(data).hexdigest())


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    # A fresh image carries no EXIF, no place, no comment.
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    clean.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _write(name: str, content: bytes) -> Path:
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
