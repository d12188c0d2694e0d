"""Lists as files: asked for, written in parts, handed out to whoever asked, and deleted after a week."""

import datetime as dt
import json
import os
import uuid
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import rules
from accounts.actions.notices import notify
from accounts.choices import KEPT, MOST_DOWNLOADED, NOTICE_DOWNLOAD, NoticeKind
from accounts.models import Download, Notice, User
from gridgov.core.errors import Gone
from gridgov.core.jobs import promise
from gridgov.core.looking import record_look
from gridgov.core.makers import maker_of
from gridgov.core.marked_sheet import write_marked
from gridgov.core.records import record, record_many

KIND = "accounts.download"
# Rows that are read and written at once; what has no more is made while one waits.
PART = 2000


@transaction.atomic
def ask_download(*, kind: str, ending: str, asked: dict[str, Any], by: User, at: dt.datetime) -> Download:
    """Ask for the list KIND as a file; ASKED is what its maker understands, with the `language` of its words.

    A small one is there when this returns, a large one is written by a job. Raises Forbidden, Invalid for too many rows.
    """
    maker = maker_of(kind)
    maker.may(by).insist()
    expected = maker.count(by, asked, MOST_DOWNLOADED + 1)
    under_way = Download.objects.visible_to(by).filter(finished_at=None, expires_at__gt=at).count()
    rules.can_download(expected, under_way).insist()
    download = Download.objects.create(
        user=by, kind=kind, ending=ending, asked=asked, standing=maker.standing(by), at=at, expected=expected,
        file=uuid.uuid4(), expires_at=at + KEPT,
    )  # fmt: skip
    data = {"kind": kind, "ending": ending, "rows": expected, "asked": asked}
    record("accounts.download_asked", download, by=by, at=at, data=data)
    if expected > PART:
        promise(KIND, download.pk, due_at=at)
    else:
        while not make_download(download=download.pk, by=by, at=at):
            pass
        download.refresh_from_db()
    return download


@transaction.atomic
def make_download(*, download: int, by: User, at: dt.datetime) -> bool:
    """Write the next part; True when nothing is left to write. What an attempt that failed had written is cut off."""
    row = Download.objects.select_related("user").filter(pk=download).first()
    if row is None:
        return True
    row = Download.objects.select_related("user").locked(row)
    maker = maker_of(row.kind)
    if row.finished_at is not None or not row.user.is_active or not maker.may(row.user):
        return True
    with override(row.asked.get("language")):
        part = maker.part(row.user, row.asked, row.after, PART)
        size = _append(_lines(row), row.bytes, part.lines)
        row.change(rows=row.rows + len(part.lines), bytes=size, after=part.after)
        if part.after and row.rows < MOST_DOWNLOADED:
            return False
        _finish(row, str(maker.title), maker.headings(), by=by, at=at)
    return True


def _finish(row: Download, title: str, headings: list[str], *, by: User, at: dt.datetime) -> None:
    words = {"name": row.user.full_name, "account": row.user.username, "time": f"{localtime(row.at):%Y-%m-%d %H:%M}"}
    mark = _("Made for %(name)s (%(account)s) at %(time)s. For official use; not to be passed on.") % words
    path = file_of(row)
    write_marked(path, row.ending, mark=mark, title=title, headings=headings, lines=_lines(row))
    path.chmod(0o600)
    transaction.on_commit(
        partial(_lines(row).unlink, missing_ok=True)
    )  # an attempt that fails yet is made again from them
    row.change(finished_at=at, bytes=path.stat().st_size)
    record("accounts.download_made", row, by=by, at=at, data={"rows": row.rows, "bytes": row.bytes})
    if row.expected > PART:  # whoever waited for it has it
        told = {"title": title, "rows": row.rows}
        notify([
            Notice(
                user_id=row.user_id, kind=NoticeKind.SYSTEM, key=f"download:{row.pk}", text=NOTICE_DOWNLOAD, params=told,
                subject_type="accounts.download", subject_id=row.pk, at=at, urgent=True,
            )
        ], at=at)  # fmt: skip


@transaction.atomic
def take_download(*, download: int, by: User, at: dt.datetime) -> Download:
    """Hand the file out, and note it. Raises Download.DoesNotExist for somebody else's, Forbidden, Conflict, Gone where the disk
    has lost it: then nobody has seen anything, and nothing is noted."""
    row: Download = Download.objects.visible_to(by).locked(download)
    maker = maker_of(row.kind)
    maker.may(by).insist()
    rules.can_take_download(by, row, maker.standing(by), at).insist()
    if not file_of(row).is_file():
        raise Gone(_("This file is no longer on the disk. Please ask for the list once more."))
    record_look("accounts.download_taken", row, by=by, at=at, data={"rows": row.rows})
    return row


@transaction.atomic
def drop_downloads(*, by: User, at: dt.datetime) -> int:
    """Delete what is kept no longer, file and row; how many."""
    rows = list(Download.objects.filter(expires_at__lte=at).order_by("pk").select_for_update(no_key=True))
    record_many("accounts.download_dropped", [(row, {"rows": row.rows}) for row in rows], by=by, at=at)
    files = [path for row in rows for path in (file_of(row), _lines(row))]
    for path in files:
        transaction.on_commit(partial(path.unlink, missing_ok=True))
    Download.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def file_of(row: Download) -> Path:
    """Where the file lies; media are never served by their path."""
    return Path(settings.MEDIA_ROOT) / "downloads" / f"{row.file}.{row.ending}"


def _lines(row: Download) -> Path:
    return file_of(row).with_suffix(".lines")


def _append(path: Path, size: int, lines: list[list[Any]]) -> int:
    """Put LINES behind the first SIZE bytes of PATH; how long it is then."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines))
        return file.tell()
