"""Restoring a backup: looked at whole before anything is touched, loaded in one transaction, then held against its manifest."""

import datetime as dt
import io
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from gridgov.core.backup import tools
from gridgov.core.backup.making import SAID_EVERY, UNKEPT, count_rows
from gridgov.core.backup.manifest import DUMP, LIST, MEDIA, BadBackup, Manifest, copied, listed, read_manifest, sha256
from gridgov.core.media import named_files
from gridgov.core.records import Subject, record
from gridgov.core.secrets import key_names

Say = Callable[[str], None]
# Each recounts something from its rows, and ends badly where it does not add up.
PROOFS = ("verify_records", "check_figures", "check_ledgers", "check_grids")
BACKUP, SESSIONS = "core.backup", "accounts_session"
# One transaction takes the old away and brings the new: where anything fails, all is as it was.
ANEW = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
STAGING = ".restoring"


class Refused(Exception):
    """This backup is not restored here; the text says why and what to do. Nothing was touched."""


@dataclass
class Outcome:
    """What a restore brought, and `faults`: a sentence for everything that is not as the manifest says."""

    manifest: Manifest
    files: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def look(folder: Path, *, without_keys: bool = False) -> Manifest:
    """The manifest of the backup in FOLDER, if this house can take it. Raises BadBackup, Refused."""
    manifest = read_manifest(folder)
    for name, digest in manifest.hashes.items():
        path = folder / name
        if not path.exists() or sha256(path) != digest:
            raise BadBackup(_("%(file)s is missing or damaged.") % {"file": name})
    strange = _strange(manifest)
    if strange:
        words = {"version": manifest.version, "ours": settings.VERSION, "some": ", ".join(strange[:3])}
        raise Refused(
            _(
                "This backup was made by a newer version (%(version)s; this is %(ours)s, which does not know %(some)s). "
                "Restore it with that version or a newer one."
            )
            % words
        )
    lacking = [key for key in manifest.keys if key not in key_names()]
    if lacking and not without_keys:
        raise Refused(
            _(
                "The keys %(keys)s are not here: what was sealed with them could not be read. Put the secret keys of the old place "
                "into GRIDGOV_SECRET_KEY and GRIDGOV_SECRET_KEYS first; only where they are lost, go on with --without-keys."
            )
            % {"keys": ", ".join(lacking)}
        )
    return manifest


def _strange(manifest: Manifest) -> list[str]:
    """Migrations of the backup that this source doesn't have."""
    known = MigrationLoader(None).disk_migrations or {}
    return [f"{app}.{name}" for app, names in manifest.migrations.items() for name in names if (app, name) not in known]


def insist_ready(*, into_used: bool) -> None:
    """Raise Refused where something stands already (unless INTO_USED), or others are at work in the database."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        others = int(cursor.fetchone()[0])
    # A used place first: who named the wrong one must not stop a house before they hear of it.
    if tables and not into_used:
        raise Refused(
            _(
                "This database holds %(count)d tables. A backup goes into an empty one; to put it in the place of what is here, "
                "say --into-used: what the database holds is then gone."
            )
            % {"count": len(tables)}
        )
    if not into_used and _in_media():
        raise Refused(
            _("The folder of the photos (%(folder)s) is not empty. Move what is in it away, or say --into-used.")
            % {"folder": settings.MEDIA_ROOT}
        )
    if others:
        raise Refused(
            _("%(count)d others are connected to this database. Stop web, worker, courier and beat first.")
            % {"count": others}
        )


def restore(folder: Path, manifest: Manifest, *, into_used: bool, media: bool, at: dt.datetime, say: Say) -> Outcome:
    """Bring back the backup in FOLDER, looked at before. Without MEDIA the files are only verified where they lie.

    Raises BadBackup, ToolFailed, OSError; then nothing has changed.
    """
    began = time.monotonic()
    found = Outcome(manifest)
    staging = Path(settings.MEDIA_ROOT) / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    try:
        found.files = _take_files(folder, staging if media else None, manifest, say)
        say(_("The database is loaded."))
        _load(folder / DUMP, into_used=into_used)
        if media:
            _bring_in(staging, at)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    ContentType.objects.clear_cache()
    try:
        found.faults += _compare(manifest)
        _shut(at)
        _bring_up_to_date(say)
        found.faults += _missing(manifest, None if media else folder / MEDIA)
        found.faults += _prove(say)
        _note(found, at)
    except DatabaseError as error:  # what was loaded stays, and does not fit this source
        found.faults.append(str(error).strip())
    found.seconds = time.monotonic() - began
    return found


def _take_files(folder: Path, into: Path | None, manifest: Manifest, say: Say) -> int:
    """Verify each file of the backup, copying it INTO a folder meanwhile; how many. Raises BadBackup."""
    said_at, count = time.monotonic(), 0
    for count, (name, digest) in enumerate(listed(folder), 1):
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise BadBackup(_("%(file)s is missing or damaged.") % {"file": name})
        source = folder / MEDIA / name
        try:
            found = copied(source, into / name)[0] if into else sha256(source)
        except FileNotFoundError:
            found = ""
        if found != digest:
            raise BadBackup(_("%(file)s is missing or damaged.") % {"file": f"{MEDIA}/{name}"})
        if time.monotonic() - said_at > SAID_EVERY:
            said_at = time.monotonic()
            say(_("… %(count)d of %(total)d files") % {"count": count, "total": manifest.files})
    if count != manifest.files:
        raise BadBackup(_("%(file)s is missing or damaged.") % {"file": LIST})
    return count


def _load(dump: Path, *, into_used: bool) -> None:
    connection.close()
    reading = tools.begin("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(dump), stdout=subprocess.PIPE)
    commands = ["--command", ANEW] if into_used else []
    once = ["--no-psqlrc", "--quiet", "--single-transaction", "--no-password", "--set=ON_ERROR_STOP=1"]
    writing = tools.begin(
        "psql", *once, *commands, "--file=-", stdin=reading.stdout, stdout=subprocess.DEVNULL
    )  # fmt: skip
    assert reading.stdout is not None
    reading.stdout.close()  # so that pg_restore hears when psql ends early
    _out, wrote = writing.communicate()
    _out, read = reading.communicate()
    tools.finish("psql", writing, wrote)
    tools.finish("pg_restore", reading, read)


def _in_media() -> list[Path]:
    """What lies there; hidden files are the house's own notes."""
    folder = Path(settings.MEDIA_ROOT)
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.exists() else []


def _bring_in(staging: Path, at: dt.datetime) -> None:
    """Put what was staged in its place; what lay there goes aside, and is deleted by hand."""
    root = Path(settings.MEDIA_ROOT)
    lay_here = [path for path in _in_media() if not path.name.startswith("before-")]
    if lay_here:
        aside = root / f"before-{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
        aside.mkdir(mode=0o700)
        for path in lay_here:
            path.rename(aside / path.name)
    if staging.exists():
        for path in staging.iterdir():
            path.rename(root / path.name)


def _compare(manifest: Manifest) -> list[str]:
    """Rows that are there against those that were counted."""
    counts = count_rows()
    return [
        _("%(table)s: %(found)d rows, expected %(expected)d")
        % {"table": table, "found": counts.get(table, 0), "expected": count}
        for table, count in manifest.tables.items()
        if counts.get(table, 0) != count
    ]


def _bring_up_to_date(say: Say) -> None:
    """The migrations that came after the backup; and standing jobs are promised."""
    say(_("The database is brought up to this version."))
    call_command("migrate", interactive=False, verbosity=0)


def _missing(manifest: Manifest, folder: Path | None) -> list[str]:
    """Files that rows name and that are not there; the backup said how many it did not find."""
    root = folder or Path(settings.MEDIA_ROOT)
    count = sum(not (root / name).exists() for name in named_files())
    if count == manifest.missing:
        return []
    return [
        _("%(count)d files that rows name are missing, expected %(expected)d")
        % {"count": count, "expected": manifest.missing}
    ]


def _prove(say: Say) -> list[str]:
    faults = []
    for name in PROOFS:
        say(_("Checked: %(name)s") % {"name": name})
        said = io.StringIO()
        try:
            call_command(name, stdout=said, stderr=said)
        except CommandError as error:
            faults.append(f"{name}: {error} {' / '.join(said.getvalue().splitlines()[:5])}".rstrip())
    return faults


@transaction.atomic
def _shut(at: dt.datetime) -> None:
    """Nobody goes on with a session or a token of those days; that there was a session stays in the log
    (accounts.choices.signing.Ended)."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in set(UNKEPT) & set(tables):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own constant
        if SESSIONS in tables:
            cursor.execute(f"DELETE FROM {SESSIONS} WHERE began_at IS NULL")  # noqa: S608 - our own constant
            cursor.execute(
                f"UPDATE {SESSIONS} SET ended_at = %s, ended_why = 'restored', data = '' WHERE ended_at IS NULL",  # noqa: S608
                [at],
            )


@transaction.atomic
def _note(found: Outcome, at: dt.datetime) -> None:
    """The house remembers that it was brought back."""
    note(found.manifest, "core.restored", faults=len(found.faults), at=at)


def note(manifest: Manifest, verb: str, *, faults: int, at: dt.datetime) -> None:
    """Record VERB (`core.restored`, `core.backup_tried`) about the backup of MANIFEST."""
    data = {"backup": manifest.name, "rows": manifest.rows, "files": manifest.files, "faults": faults}
    record(verb, Subject(BACKUP, 0), by=get_user_model().objects.system(), at=at, data=data)
