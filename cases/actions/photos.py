"""Photos: what comes in is decoded, checked and encoded anew, so that only a picture is kept."""

import datetime as dt
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.pictures import Picture, develop, new_files, write
from cases.actions.taking import take
from cases.choices import CASE_PHOTO_LIMIT, PhotoKind
from cases.models import Case, Photo
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record


def add_photo(*, case: Case | int, kind: str, upload: BinaryIO, by: User, at: dt.datetime) -> Photo:
    """Add a picture to a case that BY sees. UPLOAD needs `size` and `read`. The same picture twice is told, not kept.

    Decoding happens before the case is locked. Files are written first and taken away again if the row fails.
    """
    if kind not in PhotoKind.values:
        raise Invalid(_("A photo is taken before or after."), field="kind")
    picture = develop(upload)
    with new_files(at) as names:
        write(names, picture)
        return _keep(case, kind, names, picture, by=by, at=at)


@transaction.atomic
def _keep(case: Case | int, kind: str, names: tuple[str, str], picture: Picture, *, by: User, at: dt.datetime) -> Photo:
    case = take(case, by, "add_photo")
    if case.photos.count() >= CASE_PHOTO_LIMIT:
        raise Conflict(_("A case keeps at most %(count)s photos.") % {"count": CASE_PHOTO_LIMIT}, code="too_many")
    if case.photos.filter(kind=kind, sha256=picture.sha256).exists():
        raise Conflict(_("This photo is here already."), code="duplicate")
    photo = Photo.objects.create(
        case=case, kind=kind, file=names[0], thumb=names[1], sha256=picture.sha256, width=picture.width,
        height=picture.height, bytes=len(picture.full), by=by, at=at,
    )  # fmt: skip
    record("cases.photo_added", case, by=by, at=at, data={"photo": photo.pk, "kind": kind, "sha256": picture.sha256})
    return photo
