"""Making a backup while the house serves.

The dump, the counts and the names of the files come from one snapshot of the database; the files are copied after it. A
file is never written twice under one name, so what rows of the snapshot name is what they named then, or is deleted by now.
"""

import datetime as dt
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from gridgov.core.backup import tools
from gridgov.core.backup.manifest import (
    DUMP,
    LIST,
    MEDIA,
    BadBackup,
    Manifest,
    backups_in,
    copied,
    listed,
    private,
    private_folder,
    read_manifest,
    sha256,
)
from gridgov.core.media import named_files
from gridgov.core.secrets import key_names

Say = Callable[[str], None]
# What lets in whoever reads it: tokens of the API stand in clear. The second is what older houses had, and left lying. Sessions
# are kept, for they are the log of who came in (网络安全法 21) and hold no more than a digest of what a cookie says.
UNKEPT = ("authtoken_token", "django_session")
SAID_EVERY = 5.0


class Busy(Exception):
    """Another backup is being made into the same folder."""


def make_backup(folder: Path, *, at: dt.datetime, say: Say, clock: Callable[[], dt.datetime]) -> tuple[Path, Manifest]:
    """Make a backup below FOLDER; its place and manifest. Nothing is left of one that fails.

    Raises Busy, ToolFailed, OSError (no room), DatabaseError.
    """
    private_folder(folder)
    with _alone(folder):
        for left in folder.glob("*.partial"):
            shutil.rmtree(left, ignore_errors=True)
        made = folder / f"gridgov-{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        partial = made.with_name(f"{made.name}.partial")
        private_folder(partial / MEDIA)
        try:
            manifest = _make(partial, made.name, backups_in(folder)[-1:], at, say, clock)
            partial.rename(made)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
        os.sync()
    if settings.BACKUP_STAMP:
        settings.BACKUP_STAMP.touch()
    return made, manifest


def drop_old(folder: Path, keep: int) -> list[str]:
    """Delete all but the latest KEEP backups below FOLDER; the names of those deleted."""
    old = backups_in(folder)[:-keep]
    for path in old:
        shutil.rmtree(path)
    return [path.name for path in old]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(str(folder)) from None
        yield


def _make(
    folder: Path, name: str, before: list[Path], at: dt.datetime, say: Say, clock: Callable[[], dt.datetime]
) -> Manifest:
    with tempfile.TemporaryFile("w+", encoding="utf-8", dir=folder) as names:
        found = _dump(folder, names, say)
        names.seek(0)
        media = _Media(folder, before[0] if before else None)
        media.take((line.rstrip("\n") for line in names), found.pop("named"), say)
    manifest = Manifest(
        name=name, version=settings.VERSION, began=at.isoformat(), ended=clock().isoformat(), keys=list(key_names()),
        hashes={DUMP: sha256(folder / DUMP), LIST: sha256(folder / LIST)},
        files=media.files, bytes=media.bytes, linked=media.linked, missing=media.missing, **found,
    )  # fmt: skip
    manifest.write(folder)
    return manifest


def _dump(folder: Path, names: IO[str], say: Say) -> dict[str, Any]:
    """Dump the database, write the NAMES of its files, and count it, all of one snapshot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # It waits for pg_dump, however long that takes.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, server = cursor.fetchone()
        say(_("The database is dumped."))
        _run_dump(folder / DUMP, snapshot, say)
        named = 0
        for named, name in enumerate(named_files(), 1):  # noqa: B007
            names.write(f"{name}\n")
        migrations: dict[str, list[str]] = {}
        for app, migration in sorted(MigrationRecorder(connection).applied_migrations()):
            migrations.setdefault(app, []).append(migration)
        return {"server": server, "tables": count_rows(), "migrations": migrations, "named": named}


def _run_dump(target: Path, snapshot: str, say: Say) -> None:
    skipped = [f"--exclude-table-data={table}" for table in UNKEPT]
    kept_short = ["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60000", "--no-password"]
    # Opened here, so that nobody else may read it from its first byte on.
    with private(target) as out:
        process = tools.begin("pg_dump", *kept_short, f"--snapshot={snapshot}", *skipped, stdout=out)
        said_at = time.monotonic()
        try:
            while process.poll() is None:
                time.sleep(0.05)
                if time.monotonic() - said_at > SAID_EVERY:
                    said_at = time.monotonic()
                    say(_("… %(size)d MB of the database") % {"size": target.stat().st_size >> 20})
        except BaseException:
            process.kill()
            raise
        finally:
            _out, said = process.communicate()
    tools.finish("pg_dump", process, said)


def count_rows() -> dict[str, int]:
    """How many rows each table has, in this transaction."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - set(UNKEPT))
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - the database's own names
            counts[table] = int(cursor.fetchone()[0])
        return counts


class _Media:
    """The files of one backup. What the one BEFORE holds unchanged is linked and takes no room."""

    def __init__(self, folder: Path, before: Path | None) -> None:
        self.folder, self.before = folder, before
        self.files = self.bytes = self.linked = self.missing = 0
        self._known: dict[str, str] = {}
        if before is not None:
            with suppress(OSError, BadBackup):
                read_manifest(before)
                self._known = dict(listed(before))

    def take(self, names: Iterator[str], total: int, say: Say) -> None:
        said_at = time.monotonic()
        with private(self.folder / LIST) as out:
            for number, name in enumerate(names, 1):
                if (digest := self._one(name)) is not None:
                    out.write(f"{digest}  {MEDIA}/{name}\n".encode())
                if time.monotonic() - said_at > SAID_EVERY:
                    said_at = time.monotonic()
                    say(_("… %(count)d of %(total)d files") % {"count": number, "total": total})

    def _one(self, name: str) -> str | None:
        """Put the file NAME into the backup; its digest, or None where it is not there any more."""
        source, target = Path(settings.MEDIA_ROOT) / name, self.folder / MEDIA / name
        try:
            if (digest := self._link(name, source, target)) is None:
                digest, size = copied(source, target)
                self.bytes += size
        except FileNotFoundError:
            self.missing += 1
            return None
        self.files += 1
        return digest

    def _link(self, name: str, source: Path, target: Path) -> str | None:
        """Link what the backup before holds of NAME; None where it must be copied."""
        digest = self._known.get(name)
        if digest is None or self.before is None:
            return None
        kept, now = self.before / MEDIA / name, source.stat()
        try:
            then = kept.stat()
            if (then.st_size, then.st_mtime_ns) != (now.st_size, now.st_mtime_ns):
                return None
            private_folder(target.parent)
            target.hardlink_to(kept)
        except OSError:  # another disk's file system that knows no links, or a backup that somebody thinned out
            return None
        self.linked += 1
        self.bytes += now.st_size
        return digest
