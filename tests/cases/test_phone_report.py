"""Reporting from the telephone: /m/report/ with and without script, and what it says to odd input."""

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import User
from cases.choices import CaseState, number_first
from cases.models import Case, Photo, VoiceNote
from gridgov.core.models import Upload
from tests.cases.desk import desk
from tests.cases.test_api import jpeg
from tests.cases.test_evidence import WEBM
from tests.factories import Cast, give, make_cast, make_category, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
REPORT = "/m/report/"
GIVEN = {"text": "楼道里堆了很多纸箱", "category": "0602", "place": "3号楼"}


@pytest.fixture
def cast() -> Cast:
    return make_cast("A")


def file(name: str = "a.jpg", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or jpeg())


def by_outbox(client: Client, key: str = "", **given: Any) -> Any:
    """As static/m/outbox.js sends it."""
    headers = {"Accept": "application/json", "Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(REPORT, {**GIVEN, **given}, headers=headers)


def in_pieces(client: Client, content: bytes) -> str:
    pk = str(uuid.uuid4())
    said = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}", "Accept": "application/json"}
    assert client.put(f"/m/uploads/{pk}/", content, content_type="image/jpeg", headers=said).status_code == 200
    return pk


def test_without_script_it_is_a_form_and_a_redirect(cast: Cast) -> None:
    client = desk(cast.worker)
    page = client.get(REPORT).content.decode()
    key = page.partition('name="idempotency_key" value="')[2][:36]
    sent = {
        **GIVEN,
        "idempotency_key": key,
        "photos": [file(), file("b.jpg", jpeg((30, 20)))],
        "voice": file("v", WEBM),
    }
    for _again in range(2):
        for upload in (*sent["photos"], sent["voice"]):
            upload.seek(0)
        assert client.post(REPORT, sent).status_code == 302
    case = Case.objects.get()
    assert (case.photos.count(), case.voices.count(), case.channel) == (2, 1, "grid_worker")
    assert case.grid == cast.place.micros[0]


def test_the_outbox_sends_files_first_and_is_answered_in_json(cast: Cast) -> None:
    client, key = desk(cast.worker), str(uuid.uuid4())
    ids = [f"photos:{in_pieces(client, jpeg())}", f"voice:{in_pieces(client, WEBM)}"]
    moment = "2026-01-01T00:00:00.000Z"
    first = by_outbox(client, key, uploads=ids, occurred_at=moment)
    again = by_outbox(client, key, uploads=ids, occurred_at=moment)
    assert (first.status_code, first.json()) == (201, again.json())
    assert first.json()["ok"] is True
    assert Case.objects.get().no in first.json()["label"]
    assert (Photo.objects.count(), VoiceNote.objects.count(), Upload.objects.filter(used_at=None).count()) == (1, 1, 0)


def test_a_reading_of_a_chinese_map_is_turned_once(cast: Cast) -> None:
    # No border holds the point here: whoever has one post reports from there.
    answer = by_outbox(desk(cast.worker), lng="121.4737", lat="31.2304", crs="GCJ02")
    case = Case.objects.get()
    assert (answer.status_code, case.grid, case.source_crs) == (201, cast.place.micros[0], "GCJ02")
    assert case.source_point == [121.4737, 31.2304]
    assert (round(case.lng or 0, 4), round(case.lat or 0, 4)) == (121.4692, 31.2323)


def test_with_several_posts_a_point_outside_asks_for_the_grid(cast: Cast) -> None:
    give(cast.worker, "grid_worker_ft", cast.place.micros[1])
    client = desk(User.objects.get(pk=cast.worker.pk))
    refused = by_outbox(client, lng="121.4737", lat="31.2304")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "outside")
    assert Case.objects.count() == 0
    taken = by_outbox(client, lng="121.4737", lat="31.2304", grid=cast.place.micros[1].code)
    assert (taken.status_code, Case.objects.get().grid) == (201, cast.place.micros[1])


def test_solved_on_the_spot(cast: Cast) -> None:
    make_category("0603", "A", needs_photo=True)
    client = desk(cast.worker)
    refused = by_outbox(client, category="0603", solved="on", result="已清理")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "photo_needed")
    assert Case.objects.count() == 0
    taken = by_outbox(
        client, category="0603", solved="on", result="已清理", uploads=[f"after:{in_pieces(client, jpeg())}"]
    )
    assert taken.status_code == 201
    assert Case.objects.get().state == CaseState.COMPLETED


def test_a_refusal_is_shown_at_its_field(cast: Cast) -> None:
    cast.category.change(needs_place=True)
    client = desk(cast.worker)
    page = client.post(REPORT, {**GIVEN, "place": ""})
    assert page.status_code == 400
    assert "须填写地点" in page.content.decode()
    assert "楼道里堆了很多纸箱" in page.content.decode()
    said = by_outbox(client, place="").json()["errors"]
    assert [(error["attr"], error["code"]) for error in said] == [("place", "place_needed")]
    assert Case.objects.count() == 0


def test_whoever_has_no_grid_is_asked_for_the_place(cast: Cast) -> None:
    page = desk(cast.unit_staff).post(REPORT, GIVEN)
    assert page.status_code == 400
    assert "请填写网格，或在地图上标出位置" in page.content.decode()


@pytest.mark.parametrize(
    ("odd", "attr"),
    [
        ({"text": "a\0b"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"category": "²"}, "category"),
        ({"grid": "990101002001001001"}, "grid"),
        ({"lng": "181"}, "lng"),
        ({"lng": "nan", "lat": "1"}, "lng"),
        ({"lng": "121"}, "lng"),
        ({"crs": "BD09"}, "crs"),
        ({"occurred_at": "gestern"}, "occurred_at"),
        ({"uploads": "photos:²"}, "uploads"),
        ({"uploads": f"photos:{uuid.UUID(int=7)}"}, "uploads"),
    ],
)
def test_odd_input_is_answered_in_words(cast: Cast, odd: dict[str, str], attr: str) -> None:
    client = desk(cast.worker)
    answer = by_outbox(client, **odd)
    assert answer.status_code in {400, 409}
    if answer.status_code == 400:
        assert answer.json()["errors"][0]["attr"] == attr
    assert client.post(REPORT, {**GIVEN, **odd}).status_code in {400, 409}
    assert Case.objects.count() == 0


def test_what_is_no_photo_leaves_no_file(cast: Cast) -> None:
    answer = desk(cast.worker).post(REPORT, {**GIVEN, "photos": file("x.jpg", b"<script>")})
    assert answer.status_code == 400
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_who_may_report(cast: Cast) -> None:
    for user in (cast.worker, cast.lead, cast.unit_staff, cast.street):
        assert desk(user).get(REPORT).status_code == 200
    auditor = desk(make_user(Role.AUDITOR))
    for address in (REPORT, f"{REPORT}ground/"):
        assert auditor.get(address).status_code == 403
    assert auditor.post(f"{REPORT}suggest/", {"text": "井盖"}).status_code == 403
    assert Client().get(REPORT)["Location"].startswith("/m/login/")
    assert by_outbox(Client()).status_code == 401


def test_a_page_of_somebody_else_sends_nothing(cast: Cast) -> None:
    client = desk(cast.other_worker)
    headers = {"Accept": "application/json", "X-Client-User": str(cast.worker.pk), "Idempotency-Key": str(uuid.uuid4())}
    answer = client.post(REPORT, GIVEN, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "other_user")
    put = client.put(
        f"/m/uploads/{uuid.uuid4()}/",
        b"x",
        content_type="image/jpeg",
        headers={**headers, "Content-Range": "bytes 0-0/1"},
    )
    assert (put.status_code, put.json()["errors"][0]["code"]) == (403, "other_user")
    assert (Case.objects.count(), Upload.objects.count()) == (0, 0)


def test_what_the_words_seem_to_be(cast: Cast) -> None:
    make_category("0605", "C", name="燃气泄漏", keywords=["煤气味"], urgency="emergency")
    client = desk(cast.worker)
    said = client.post(f"{REPORT}suggest/", {"text": "楼上有煤气味"}).json()
    assert said["categories"][0]["code"] == "0605"
    assert said["danger"] == ["煤气味"]
    assert client.post(f"{REPORT}suggest/", {"text": " "}).json() == {"categories": [], "danger": []}
    assert client.post(f"{REPORT}suggest/", {"text": "a\0b"}, headers={"Accept": "application/json"}).status_code == 400
    assert client.get(f"{REPORT}suggest/").status_code == 405


def test_the_own_ground(cast: Cast) -> None:
    square = [[[121.47, 31.23], [121.48, 31.23], [121.48, 31.24], [121.47, 31.24], [121.47, 31.23]]]
    from grids import actions as grids

    admin = make_user(Role.SYSTEM_ADMIN)
    for micro, shift in zip(cast.place.micros, (0, 0.02), strict=True):
        border = {"type": "Polygon", "coordinates": [[[x + shift, y] for x, y in square[0]]]}
        grids.set_border(grid=micro, border=border, by=admin, at=cast.worker.created_at)
    drawn = desk(cast.worker).get(f"{REPORT}ground/").json()
    assert [row["properties"]["code"] for row in drawn["features"]] == [cast.place.micros[0].code]
    assert json.dumps(drawn["features"][0]["geometry"]).count("121.47") >= 2
    assert desk(make_user(Role.UNIT_STAFF)).get(f"{REPORT}ground/").json()["features"] == []


def test_the_page_costs_the_same_whatever_the_street_has(cast: Cast) -> None:
    def queries() -> int:
        client = desk(cast.worker)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(REPORT).status_code == 200
        return len(caught)

    before = queries()
    for number in range(3):
        make_category(f"07{number + 1:02}")
    assert queries() == before <= 7


def test_whom_to_call_first() -> None:
    assert (number_first("0605"), number_first("1008")) == ("119", "110")
