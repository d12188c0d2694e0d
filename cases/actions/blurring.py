"""Faces and plates on photos: covered for everybody, the original kept for a time for those who say why they must see it.

`Photo.file` is always what everybody sees. Covering puts a copy there and the first file into `original`; areas only ever
add up, so that two people who cover at once take nothing from each other.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import rules
from cases.actions.pictures import covered, new_files, remove, write
from cases.actions.taking import take
from cases.choices import PHOTO_AREA_LIMIT
from cases.models import Case, Photo
from cases.reports.originals import due_originals
from gridgov.core.errors import Conflict
from gridgov.core.keeping import can_strike
from gridgov.core.looking import record_look
from gridgov.core.records import record

HELD, MOST = "cases.case", 200
# Digits of a share that are kept: a tenth of a pixel of the largest picture.
_DIGITS = 4


def blur_photo(*, photo: int, areas: Sequence[Sequence[float]], by: User, at: dt.datetime) -> Photo:
    """Cover AREAS, (x, y, width, height) in shares of the sides, besides those covered already. Raises Photo.DoesNotExist
    where BY sees no such photo. The copy is made while the case is held: a fifth of a second at most."""
    rules.can_blur(by).insist()
    rules.can_be_areas(areas).insist()
    with new_files(at) as names, transaction.atomic():
        case, row = _held(photo, by)
        fresh = [
            area for area in ([round(share, _DIGITS) for share in area] for area in areas) if area not in row.areas
        ]
        if not fresh:
            raise Conflict(_("This is covered already."), code="duplicate")
        if len(row.areas) + len(fresh) > PHOTO_AREA_LIMIT:
            raise Conflict(
                _("A photo has at most %(count)s covered areas.") % {"count": PHOTO_AREA_LIMIT}, code="too_many"
            )
        everything = [*row.areas, *fresh]
        picture = covered(row.original or row.file, everything)
        write(names, picture)
        first = {} if row.original else {"original": row.file, "original_thumb": row.thumb}
        _swap(row, names, areas=everything, bytes=len(picture.full), **first)
        record("cases.photo_blurred", case, by=by, at=at, data={"photo": row.pk, "areas": fresh})
    return row


@transaction.atomic
def unblur_photo(*, photo: int, reason: str, by: User, at: dt.datetime) -> Photo:
    """Show everybody the original again, for a REASON that stays in the record."""
    rules.can_reveal(by, reason).insist()
    case, row = _held(photo, by)
    _insist_covered(row)
    _swap(row, (row.original, row.original_thumb), areas=[], original="", original_thumb="")
    record("cases.photo_unblurred", case, by=by, at=at, data={"photo": row.pk, "note": reason.strip()[:200]})
    return row


@transaction.atomic
def reveal_photo(*, photo: int, reason: str, by: User, at: dt.datetime) -> Photo:
    """Let BY see what is covered. Who looked, when and why is recorded; without a reason nothing is shown."""
    rules.can_reveal(by, reason).insist()
    case, row = _held(photo, by)
    _insist_covered(row)
    record_look("cases.photo_revealed", case, by=by, at=at, data={"photo": row.pk, "note": reason.strip()[:200]})
    return row


def forget_originals(*, by: User, at: dt.datetime) -> int:
    """Delete the originals under the covers of cases that have been over for so long; the covered pictures stay. How many."""
    due = list(due_originals(at).order_by("case__closed_at").values_list("pk", flat=True)[:MOST])
    return sum(_forget_original(key, by=by, at=at) for key in due)


@transaction.atomic
def _forget_original(photo: int, *, by: User, at: dt.datetime) -> bool:
    """Whether there was one still: somebody may have uncovered it, or opened the case again, since it was listed."""
    case, row = _held(photo, by)
    if not row.original or case.closed_at is None or not can_strike(HELD, case.pk):
        return False
    names = (row.original, row.original_thumb)
    transaction.on_commit(lambda: remove(*names))
    row.change(original="", original_thumb="")
    record("cases.original_deleted", case, by=by, at=at, data={"photo": row.pk})
    return True


def _held(photo: int, by: User) -> tuple[Case, Photo]:
    """The photo with its case, which is locked: whatever is done to a photo holds its case."""
    owner = Photo.objects.visible_to(by).values_list("case", flat=True).get(pk=photo)
    try:
        case = take(owner, by)
    except Case.DoesNotExist:
        raise Photo.DoesNotExist from None
    return case, case.photos.get(pk=photo)


def _insist_covered(row: Photo) -> None:
    if not row.original and row.areas:
        raise Conflict(_("The original was deleted when its time was over."), code="deleted")
    if not row.original:
        raise Conflict(_("Nothing is covered on this photo."), code="not_covered")


def _swap(row: Photo, names: tuple[str, str], **values: object) -> None:
    """Show the files NAMES from now on. A covered copy that is shown no more goes when this is certain; originals stay."""
    if row.original:
        before = (row.file, row.thumb)
        transaction.on_commit(lambda: remove(*before))
    row.change(file=names[0], thumb=names[1], **values)
