"""Files in pieces: resumed where they broke, owned by whoever began them, gone when nobody fetches them."""

import datetime as dt
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from gridgov.core import leftovers, uploads
from gridgov.core.errors import Conflict
from gridgov.core.idempotency import visitor
from gridgov.core.models import Upload
from gridgov.core.upload_view import UploadView
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
CONTENT = bytes(range(256)) * 2000
STEP = 200_000


@pytest.fixture
def worker() -> User:
    return make_user()


def put(user: User, pk: uuid.UUID, start: int, piece: bytes, size: int = len(CONTENT), **more: Any) -> Any:
    said = {"Content-Range": f"bytes {start}-{start + len(piece) - 1}/{size}", **more}
    request = RequestFactory().put("/", piece, content_type="image/jpeg", headers=said)
    request.user = user
    return _answer(request, pk)


def far(user: User, pk: uuid.UUID) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    return _answer(request, pk)


def _answer(request: Any, pk: uuid.UUID) -> Any:
    answer = UploadView.as_view()(request, pk=pk)
    return answer.status_code, json.loads(answer.content)


def send(user: User, pk: uuid.UUID, content: bytes = CONTENT) -> None:
    for start in range(0, len(content), STEP):
        status, _said = put(user, pk, start, content[start : start + STEP], len(content))
        assert status == 200


def fetch(user: User, *ids: str) -> list[bytes]:
    request = RequestFactory().post("/", {"uploads": [f"photos:{one}" for one in ids]})
    request.user = user
    with transaction.atomic():
        return [file.read() for file in uploads.files_of(request, "photos")]


def code_of(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["errors"][0]["code"]


def test_a_file_arrives_in_pieces(worker: User) -> None:
    pk = uuid.uuid4()
    assert put(worker, pk, 0, CONTENT[:STEP]) == (200, {"received": STEP, "size": len(CONTENT)})
    assert far(worker, pk) == (200, {"received": STEP, "size": len(CONTENT)})
    assert put(worker, pk, STEP, CONTENT[STEP : 2 * STEP])[1]["received"] == 2 * STEP
    assert put(worker, pk, 2 * STEP, CONTENT[2 * STEP :])[1]["received"] == len(CONTENT)
    row = Upload.objects.get(pk=pk)
    assert (row.done, row.mime, row.client) == (True, "image/jpeg", f"user:{worker.pk}")
    assert row.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert fetch(worker, str(pk)) == [CONTENT]


def test_a_piece_too_far_or_sent_again_is_told_where_to_go_on(worker: User) -> None:
    pk = uuid.uuid4()
    assert put(worker, pk, 10, CONTENT[10:20]) == (409, {**_offset(0)})
    assert not Upload.objects.exists()
    put(worker, pk, 0, CONTENT[:STEP])
    for start in (0, STEP - 1, STEP + 1):
        assert put(worker, pk, start, CONTENT[start : start + 100]) == (409, _offset(STEP))
    assert Upload.objects.get(pk=pk).received == STEP


def _offset(received: int) -> dict[str, Any]:
    said = "文件有一部分缺失，或者已经收到过。"
    return {
        "type": "client_error", "errors": [{"code": "offset", "detail": said, "attr": None}], "received": received,
    }  # fmt: skip


def test_what_was_written_and_never_confirmed_is_written_anew(worker: User) -> None:
    """A process that was killed between the disk and the row leaves more in the file than the row says."""
    pk = uuid.uuid4()
    put(worker, pk, 0, CONTENT[:STEP])
    path = uploads.file_of(Upload.objects.get(pk=pk))
    path.write_bytes(path.read_bytes() + b"half a piece that nobody was told of")
    put(worker, pk, STEP, CONTENT[STEP : 2 * STEP])
    put(worker, pk, 2 * STEP, CONTENT[2 * STEP :])
    assert path.read_bytes() == CONTENT


def test_somebody_elses_is_not_there(worker: User) -> None:
    pk, other = uuid.uuid4(), make_user()
    put(worker, pk, 0, CONTENT[:STEP])
    assert code_of(far(other, pk)) == (404, "not_found")
    assert code_of(put(other, pk, STEP, CONTENT[STEP : 2 * STEP])) == (404, "not_found")
    assert Upload.objects.get(pk=pk).received == STEP
    send(worker, full := uuid.uuid4())
    with pytest.raises(Conflict, match="没有完整"):
        fetch(other, str(full))
    assert fetch(worker, str(full)) == [CONTENT]


@pytest.mark.parametrize(
    ("said", "piece", "wanted"),
    [
        ({"Content-Range": ""}, b"x", (400, "bad_range")),
        ({"Content-Range": "bytes 0-9/*"}, b"0123456789", (400, "bad_range")),
        ({"Content-Range": "bytes ²-9/10"}, b"0123456789", (400, "bad_range")),
        ({"Content-Range": "bytes 0-9/10"}, b"012345678", (400, "bad_range")),
        ({"Content-Range": "bytes 0-9/5"}, b"0123456789", (400, "bad_range")),
        ({"Content-Range": "bytes 0-9/99999999999999"}, b"0123456789", (400, "bad_range")),
        ({"Content-Range": "bytes 0-9/9999999999"}, b"0123456789", (413, "too_large")),
        ({"Content-Range": "bytes 0-9/0"}, b"0123456789", (413, "too_large")),
        ({}, b"x" * (uploads.PIECE + 1), (413, "too_large")),
    ],
)
def test_what_can_not_be(worker: User, said: dict[str, str], piece: bytes, wanted: tuple[int, str]) -> None:
    assert code_of(put(worker, uuid.uuid4(), 0, piece, **said)) == wanted
    assert not Upload.objects.exists()


def test_a_complete_file_takes_no_more(worker: User) -> None:
    send(worker, pk := uuid.uuid4())
    assert code_of(put(worker, pk, 0, CONTENT[:STEP])) == (409, "complete")
    fetch(worker, str(pk))
    assert code_of(put(worker, pk, 0, CONTENT[:STEP])) == (409, "complete")


def test_a_file_is_used_once(worker: User, django_capture_on_commit_callbacks: Any) -> None:
    send(worker, pk := uuid.uuid4())
    path = uploads.file_of(Upload.objects.get(pk=pk))
    with django_capture_on_commit_callbacks(execute=True):
        fetch(worker, str(pk))
    assert not path.exists()
    with pytest.raises(Conflict):
        fetch(worker, str(pk))


def test_a_refused_verb_leaves_the_file(worker: User) -> None:
    send(worker, pk := uuid.uuid4())
    request = RequestFactory().post("/", {"uploads": str(pk)})
    request.user = worker
    with pytest.raises(RuntimeError), transaction.atomic():
        uploads.uploads_of(request, [str(pk)])
        raise RuntimeError
    assert fetch(worker, str(pk)) == [CONTENT]


@pytest.mark.parametrize("ids", [["²"], ["a\0b"], [str(uuid.UUID(int=0))]])
def test_ids_that_are_none(worker: User, ids: list[str]) -> None:
    with pytest.raises(Conflict):
        fetch(worker, *ids)


def test_a_half_file_is_not_handed_out(worker: User) -> None:
    put(worker, pk := uuid.uuid4(), 0, CONTENT[:STEP])
    with pytest.raises(Conflict):
        fetch(worker, str(pk))


def test_a_client_has_its_measure() -> None:
    limits = uploads.Limits(largest=100, most=3, total=250)

    def begin(client: str, size: int) -> None:
        piece = uploads.Piece(0, b"x", size, "image/jpeg")
        uploads.keep_piece(upload=uuid.uuid4(), piece=piece, client=client, limits=limits, at=timezone.now())

    one, other = visitor("one"), visitor("other")
    for _n in range(3):
        begin(one, 50)
    with pytest.raises(Conflict):
        begin(one, 1)
    for _n in range(2):
        begin(other, 100)
    with pytest.raises(Conflict):
        begin(other, 51)
    assert Upload.objects.count() == 5


def test_leftovers_go_with_their_files(worker: User, django_capture_on_commit_callbacks: Any) -> None:
    send(worker, uuid.uuid4())
    put(worker, uuid.uuid4(), 0, CONTENT[:STEP])
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        leftovers.tidy_uploads([], now + dt.timedelta(days=6))
    assert (Upload.objects.count(), len(list(folder.iterdir()))) == (2, 2)
    with django_capture_on_commit_callbacks(execute=True):
        leftovers.tidy_uploads([], now + dt.timedelta(days=8))
    assert (Upload.objects.count(), list(folder.iterdir())) == (0, [])


def test_a_twin_for_visitors_has_its_own_owner_and_limits() -> None:
    view = UploadView.as_view(owner=lambda request: visitor("a random token"), limits=uploads.Limits(100, 2, 200))
    pk = uuid.uuid4()

    def send_to_twin(content: bytes) -> Any:
        said = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
        answer: Any = view(RequestFactory().put("/", content, content_type="image/jpeg", headers=said), pk=pk)
        return answer.status_code, json.loads(answer.content)

    assert code_of(send_to_twin(b"x" * 101)) == (413, "too_large")
    assert send_to_twin(b"x" * 100) == (200, {"received": 100, "size": 100})
    assert Upload.objects.get().client == visitor("a random token")
