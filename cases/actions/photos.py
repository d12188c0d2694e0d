"""Photos: what comes in is decoded, checked and encoded anew, so that only a picture is kept."""

import datetime as dt
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.actions.evidence import Names, keep_photo, told
from cases.actions.pictures import Shot, decode, new_files
from cases.actions.taking import take
from cases.choices import CASE_PHOTO_LIMIT, PhotoKind
from cases.models import Case, Photo
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record


def add_photo(
    *,
    case: Case | int,
    kind: str,
    upload: BinaryIO,
    taken_at: dt.datetime | None = None,
    by: User,
    at: dt.datetime,
) -> Photo:
    """Add a picture to a case that BY sees; TAKEN_AT is the device's moment. UPLOAD needs `size` and `read`. The same
    picture twice is told, not kept.

    Decoding happens before the case is locked. What was written is taken away again if the row fails.
    """
    if kind not in PhotoKind.values:
        raise Invalid(_("A photo is taken before or after."), field="kind")
    shot = decode(upload)
    with new_files(at) as names:
        return _keep(case, kind, shot, names, taken_at=rules.believed(taken_at, at), by=by, at=at)


@transaction.atomic
def _keep(
    case: Case | int, kind: str, shot: Shot, names: Names, *, taken_at: dt.datetime | None, by: User, at: dt.datetime
) -> Photo:
    case = take(case, by, "add_photo")
    if case.photos.count() >= CASE_PHOTO_LIMIT:
        raise Conflict(_("A case keeps at most %(count)s photos.") % {"count": CASE_PHOTO_LIMIT}, code="too_many")
    if case.photos.filter(kind=kind, sha256=shot.sha256).exists():
        raise Conflict(_("This photo is here already."), code="duplicate")
    photo = keep_photo(case, kind, shot, names, by=by, at=at, taken_at=taken_at)
    photo.save(force_insert=True)
    record("cases.photo_added", case, by=by, at=at, data=told(photo))
    return photo
