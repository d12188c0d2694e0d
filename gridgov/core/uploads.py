"""Files that come in pieces: kept until a verb takes them, and never in doubt about how much has arrived.

A piece is written where the row says the file ends and is on the disk before the row says so; whoever is killed in between
sends that piece again.
"""

import datetime as dt
import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Count, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.errors import Conflict, Invalid, Refusal
from gridgov.core.idempotency import client_of
from gridgov.core.locks import advisory_lock
from gridgov.core.models import Upload

PIECE = 256 * 1024
KEPT = dt.timedelta(days=7)


@dataclass(frozen=True)
class Limits:
    """What one client may have on its way: bytes of a file, files, bytes of all of them."""

    largest: int
    most: int
    total: int


SIGNED_IN = Limits(largest=10 * 2**20, most=100, total=300 * 2**20)


@dataclass(frozen=True)
class Piece:
    """Some bytes of a file of SIZE bytes, beginning at START."""

    start: int
    content: bytes
    size: int
    mime: str


class Missed(Conflict):
    """A piece that does not begin where the file ends."""

    def __init__(self, received: int) -> None:
        super().__init__(_("Some of the file is missing, or has arrived already."), code="offset")
        self.received = received


class TooLarge(Refusal):
    status = 413
    default_code = "too_large"


@transaction.atomic
def keep_piece(*, upload: uuid.UUID, piece: Piece, client: str, limits: Limits, at: dt.datetime) -> Upload:
    """Put PIECE behind what has arrived of UPLOAD, which begins with its first piece.

    Raises Upload.DoesNotExist for somebody else's, Missed, TooLarge, Conflict for one that is complete or over the limits.
    """
    advisory_lock("upload", str(upload))
    row = Upload.objects.filter(pk=upload).first() or _begin(upload, piece, client, limits, at)
    if row.client != client:
        raise Upload.DoesNotExist
    if row.used_at is not None or row.done:
        raise Conflict(_("This file has arrived already."), code="complete")
    if piece.start != row.received or piece.size != row.size:
        raise Missed(row.received)
    end = piece.start + len(piece.content)
    if not piece.content or end > row.size:
        raise Invalid(_("The piece does not fit the size of the file."), code="bad_range")
    _write(file_of(row), piece)
    row.change(received=end, expires_at=at + KEPT, sha256=_sha256(file_of(row)) if end == row.size else "")
    return row


def _begin(upload: uuid.UUID, piece: Piece, client: str, limits: Limits, at: dt.datetime) -> Upload:
    if piece.start:
        raise Missed(0)
    if not 0 < piece.size <= limits.largest:
        size = limits.largest // 2**20
        raise TooLarge(_("A file may have at most %(size)s MB.") % {"size": size})
    advisory_lock("uploads", client)
    under_way = Upload.objects.filter(client=client, used_at=None).aggregate(n=Count("pk"), bytes=Sum("size"))
    if under_way["n"] >= limits.most or (under_way["bytes"] or 0) + piece.size > limits.total:
        raise Conflict(
            _("Too many files are on their way. Send or delete the reports they belong to first."), code="too_many"
        )
    return Upload.objects.create(
        id=upload, client=client, mime=piece.mime[:64], size=piece.size, at=at, expires_at=at + KEPT
    )


def own(upload: uuid.UUID, client: str) -> Upload:
    """The upload if it is CLIENT's. Raises Upload.DoesNotExist."""
    return Upload.objects.get(pk=upload, client=client)


def files_of(request: HttpRequest, name: str, *, client: str = "") -> list[Any]:
    """The files of the form field NAME, in whichever way they came: with the form, or in pieces before it, when its field
    `uploads` names them as `NAME:id`. Those are taken (see `uploads_of`)."""
    ids = [one.removeprefix(f"{name}:") for one in request.POST.getlist("uploads") if one.startswith(f"{name}:")]
    return [*request.FILES.getlist(name), *uploads_of(request, ids, client=client)]


def uploads_of(request: HttpRequest, ids: Iterable[str], *, client: str = "") -> list[ContentFile]:
    """The complete uploads IDS (`id` or `field:id`) of whoever asks, in their order, as files to read. From now on they are
    used, if the transaction stands: call it inside the verb's own (`answer_form` opens one).

    Raises Conflict `upload_missing` where one is not there, not complete, or used.
    """
    wanted = [_as_uuid(one) for one in ids]
    if not wanted:
        return []
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("uploads are taken in the transaction of the verb that uses them")
    mine = Upload.objects.filter(client=client or client_of(request), used_at=None, pk__in=[pk for pk in wanted if pk])
    rows = {row.pk: row for row in mine.select_for_update(no_key=True) if row.done and file_of(row).exists()}
    if not all(pk in rows for pk in wanted):
        raise Conflict(_("A file has not arrived whole. It is sent again."), code="upload_missing", field="uploads")
    at = timezone.now()
    for row in rows.values():
        row.change(used_at=at)
        transaction.on_commit(partial(file_of(row).unlink, missing_ok=True))
    return [ContentFile(file_of(rows[pk]).read_bytes(), name=str(pk)) for pk in wanted if pk]


def drop_leftovers(at: dt.datetime) -> int:
    """Delete what nobody fetched in time, file and row; how many."""
    rows = list(Upload.objects.filter(expires_at__lte=at).select_for_update(no_key=True, skip_locked=True)[:1000])
    for row in rows:
        transaction.on_commit(partial(file_of(row).unlink, missing_ok=True))
    Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def file_of(row: Upload) -> Path:
    """Where the file lies; it is never served."""
    return Path(settings.MEDIA_ROOT) / "uploads" / row.pk.hex


def _write(path: Path, piece: Piece) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.truncate(piece.start)
        file.seek(piece.start)
        file.write(piece.content)
        file.flush()
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.rpartition(":")[2])
    except ValueError:
        return None
