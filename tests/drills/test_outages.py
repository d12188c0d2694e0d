"""While the database is away or the disk is full people are told so in words, and nothing is half done."""

import errno
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError
from django.test import Client
from PIL import Image

from cases.models import Case, Photo
from gridgov.core.outage import DATABASE, NO_ROOM, outage_of
from tests.factories import Cast, make_cast
from tests.openapi import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("A")


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Any:
    """From now on the database refuses every statement, as one does that is being restarted."""

    def gone() -> None:
        def refuse(*_args: Any, **_more: Any) -> None:
            raise OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)

    return gone


@pytest.mark.parametrize("path", ["/admin/", "/m/", "/r/?g=990101001001001001&m=06", "/admin/login/"])
def test_a_page_says_that_the_database_is_away_and_when_to_come_again(cast: Cast, away: Any, path: str) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.worker if path == "/m/" else cast.street)
    away()
    answer = client.get(path)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "10", "no-store")
    assert "数据库" in page and f'href="{path.replace("&", "&amp;")}"' in page
    assert "Traceback" not in page and "server closed" not in page


def test_the_api_and_scripts_are_told_in_their_shape(cast: Cast, away: Any) -> None:
    api = client_of(cast.worker)
    api.raise_request_exception = False
    phone = Client(raise_request_exception=False)
    phone.force_login(cast.worker)
    away()
    for answer in (api.get("/api/v1/cases/"), phone.get("/m/", headers={"Accept": "application/json"})):
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        told = answer.json()
        assert (told["type"], told["errors"][0]["code"]) == ("server_error", "unavailable")


@pytest.mark.parametrize("kind", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_refuses_the_report_and_leaves_nothing_half_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any, kind: int
) -> None:
    """The big picture is written, its thumb no more: neither file nor case stays."""
    written: list[Path] = []
    write = Path.write_bytes

    def fill(path: Path, content: bytes) -> int:
        if written:
            write(path, content[:10])
            raise OSError(kind, os.strerror(kind))
        written.append(path)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fill)
    api = client_of(cast.worker)
    api.raise_request_exception = False
    body = {"category": cast.category.code, "text": "楼道堆物", "grid": cast.place.micros[0].code}
    case = api.post("/api/v1/cases/", body).json()
    photo = {"photo": SimpleUploadedFile("a.jpg", _jpeg()), "kind": "before"}
    answer = api.post(f"/api/v1/cases/{case['id']}/photos/", photo, format="multipart")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert answer.json()["errors"][0]["code"] == "no_room"
    assert written and not Photo.objects.exists()
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []
    assert Case.objects.count() == 1


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    return out.getvalue()


def test_what_is_an_outage_and_what_a_fault_of_ours() -> None:
    full = OperationalError()
    full.__cause__ = type("DiskFull", (Exception,), {"pgcode": "53100"})()
    assert [outage_of(one) for one in (OperationalError(), InterfaceError(), full)] == [DATABASE, DATABASE, NO_ROOM]
    assert [outage_of(one) for one in (OSError(errno.EACCES, ""), ValueError(), None)] == [None, None, None]
