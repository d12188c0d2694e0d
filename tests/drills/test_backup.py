"""A backup comes back whole: rows, files, records; and what can't come back is said before anything is touched."""

import dataclasses
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings as settings_now
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image
from rest_framework.authtoken.models import Token

from accounts.models import Session
from cases.actions import Report, report_case
from cases.models import Case, Photo
from gridgov.core.backup import making, restoring
from gridgov.core.backup.manifest import MANIFEST, backups_in, read_manifest
from gridgov.core.doctor import State, ask
from gridgov.core.models import Upload
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("A")


@pytest.fixture
def kept(cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where backups go: not into the media."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of an empty database."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"restored_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield url._replace(path=f"/{name}").geturl()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def report(cast: Cast, colour: int) -> Case:
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), (colour * 20, 0, 0)).save(photo, "JPEG")
    photo.seek(0)
    said = Report(category=cast.category.code, text=f"楼道堆物{colour}", grid=cast.place.micros[0].code)
    return report_case(report=said, photos=[photo], by=cast.worker, at=timezone.now())


def back_up(kept: Path, *more: str) -> Path:
    call_command("backup", "--to", str(kept), *more)
    return backups_in(kept)[-1]


def bring_back(folder: Path, url: str, media: Path, *more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATABASE_URL": url, "GRIDGOV_MEDIA": str(media), "DJANGO_SETTINGS_MODULE": "gridgov.settings"}
    command = [sys.executable, "manage.py", "restore", "--from", str(folder), *more]
    return subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)


def asked(url: str, sql: str) -> Any:
    with closing(psycopg2.connect(url)) as there, there.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()
        return found[0] if found else None


def test_a_backup_comes_back_whole_into_an_empty_house_and_into_no_other(
    cast: Cast, kept: Path, empty: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases = [report(cast, colour) for colour in (1, 2)]
    Client().force_login(cast.street)
    before = Session.objects.get()
    Token.objects.create(user=cast.street)
    folder = back_up(kept)
    assert "authtoken_token" not in read_manifest(folder).tables
    files = {path.relative_to(folder / "media") for path in (folder / "media").rglob("*") if path.is_file()}
    media = tmp_path_factory.mktemp("media") / "there"
    report(cast, 3)  # after it: not in it
    done = bring_back(folder, empty, media)
    assert done.returncode == 0, done.stdout + done.stderr
    assert asked(empty, "SELECT array_agg(id ORDER BY id) FROM cases_case") == [case.pk for case in cases]
    assert {path.relative_to(media) for path in media.rglob("*") if path.is_file()} == files
    assert len(files) == 4
    assert asked(empty, "SELECT verb FROM core_record WHERE subject_type = 'core.backup'") == "core.restored"
    # Who came in stands in the log, and nobody comes in by it.
    came = "SELECT began_at FROM accounts_session WHERE ended_why = 'restored' AND data = ''"
    assert before.data and asked(empty, came) == before.began_at
    assert asked(empty, "SELECT count(*) FROM authtoken_token") == 0
    # Once more: it is no empty house any more. In its place, if that is said; what lay there goes aside.
    # That comes first, whoever is connected; and who is connected is told even where it is said.
    with closing(connection.copy()) as other:
        other.ensure_connection()
        with pytest.raises(restoring.Refused, match="--into-used"):
            restoring.insist_ready(into_used=False)
        with pytest.raises(restoring.Refused, match="courier"):
            restoring.insist_ready(into_used=True)
    (media / "photos" / "later.jpg").write_text("later")
    assert bring_back(back_up(kept), empty, media, "--into-used").returncode == 0
    assert asked(empty, "SELECT count(*) FROM cases_case") == 3
    assert [path.name for path in media.glob("before-*/photos/later.jpg")] == ["later.jpg"]
    assert not (media / "photos" / "later.jpg").exists()


def test_it_is_tried_beside_the_house_that_runs_and_the_doctor_knows(cast: Cast, kept: Path) -> None:
    report(cast, 1)
    assert ask("restored", at=timezone.now()).state == State.UNKNOWN
    back_up(kept)
    call_command("restore", "--from", str(kept), "--try")
    assert ask("restored", at=timezone.now()).state == State.OK
    assert Case.objects.count() == 1


def test_nobody_else_reads_it_and_what_did_not_change_is_linked(cast: Cast, kept: Path, settings: Any) -> None:
    settings.BACKUP_STAMP = kept / "stamp"
    report(cast, 1)
    first = back_up(kept)
    assert settings.BACKUP_STAMP.exists()
    assert {path.stat().st_mode & 0o077 for path in (first, *first.rglob("*"))} == {0}
    report(cast, 2)
    os.rename(first, first.with_name("gridgov-20200101T000000Z"))
    second = back_up(kept)
    manifest = read_manifest(second)
    assert (manifest.files, manifest.linked, manifest.missing) == (4, 2, 0)
    assert manifest.tables["cases_case"] == 2
    assert settings_now.SECRET_KEY not in (second / MANIFEST).read_text()
    listed = subprocess.run(["sha256sum", "-c", "--quiet", "media.sha256"], cwd=second, check=False)
    assert listed.returncode == 0
    os.rename(second, second.with_name("gridgov-20200102T000000Z"))
    third = back_up(kept, "--keep", "2")
    assert backups_in(kept) == [second.with_name("gridgov-20200102T000000Z"), third]


def test_what_comes_and_goes_meanwhile_breaks_nothing(cast: Cast, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the snapshot and the copying a photo is deleted, with its case's row, and another report comes."""
    gone, stays = report(cast, 1), report(cast, 2)
    dump = making._run_dump

    def meanwhile(*args: Any) -> None:
        dump(*args)
        photo = Photo.objects.get(case=gone)
        for name in (photo.file, photo.thumb):
            (Path(settings_now.MEDIA_ROOT) / name).unlink()

    monkeypatch.setattr(making, "_run_dump", meanwhile)
    manifest = read_manifest(back_up(kept))
    assert (manifest.files, manifest.missing, manifest.tables["cases_photo"]) == (2, 2, 2)
    assert stays.pk


def test_one_that_fails_leaves_nothing_and_says_so(
    cast: Cast, kept: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_STAMP = kept / "stamp"
    report(cast, 1)

    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "copied", full)
    with pytest.raises(CommandError, match="No space left"):
        back_up(kept)
    assert [path.name for path in kept.iterdir()] == [".lock"]


def test_what_cannot_come_back_is_said_before_anything_is_touched(cast: Cast, kept: Path) -> None:
    report(cast, 1)
    folder = back_up(kept)
    manifest = read_manifest(folder)

    def refused(match: str, **changed: Any) -> None:
        (folder / MANIFEST).unlink()
        dataclasses.replace(manifest, **changed).write(folder)
        with pytest.raises((restoring.Refused, restoring.BadBackup), match=match):
            restoring.look(folder)

    refused("9.9.9", version="9.9.9", migrations={**manifest.migrations, "cases": ["0999_of_tomorrow"]})
    refused("0123abcd", keys=["0123abcd"])
    refused("database.dump", hashes={**manifest.hashes, "database.dump": "0" * 64})
    (folder / MANIFEST).write_text(json.dumps({"format": 99}))
    with pytest.raises(restoring.BadBackup):
        restoring.look(folder)


def test_every_file_that_a_row_names_is_asked_for(cast: Cast) -> None:
    """A new column of files that nobody told the backup of would be lost by it."""
    told = {"cases_photo", "cases_voicenote", "mediation_signature", "mediation_paper", "mediation_volume",
            "accounts_download"}  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name IN ('file', 'thumb', 'original', 'path', 'scan', 'document')"
        )
        assert {name for (name,) in cursor.fetchall()} == told
    assert Upload._meta.db_table == "core_upload"
