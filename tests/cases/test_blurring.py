"""Covered faces and plates: gone for everybody, kept for those who say why, never lost between two people."""

import datetime as dt
import io
import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageChops

from accounts.choices import Role
from accounts.models import User
from cases import actions
from cases.actions.blurring import forget_originals
from cases.models import Case, Photo
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.keeping import Ahead, ahead, kind_of
from gridgov.core.models import Record
from tests.cases.desk import desk, page_of, walk
from tests.factories import Cast, make_cast, make_user
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
FACE = [0.25, 0.25, 0.5, 0.5]
PLATE = [0.0, 0.8, 0.2, 0.1]
JSON = "application/json"


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


def stripes(shift: int = 0) -> SimpleUploadedFile:
    """Black and white, four pixels each: whatever is covered rightly has none of them left."""
    image = Image.new("L", (240, 160))
    image.putdata([255 * ((x + shift) // 4 % 2) for _y in range(160) for x in range(240)])
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG")
    return SimpleUploadedFile("a.png", out.getvalue(), "image/png")


@pytest.fixture
def photo(cast: Cast) -> Photo:
    case = walk(cast, "handling")
    return actions.add_photo(case=case.pk, kind="after", upload=stripes(), by=cast.unit_staff, at=timezone.now())


def blur(photo: Photo, by: Any, *areas: list[float]) -> Photo:
    return actions.blur_photo(photo=photo.pk, areas=list(areas), by=by, at=timezone.now())


def look(media: Path, name: str) -> Image.Image:
    with Image.open(media / name) as image:
        return image.convert("L")


def contrast(image: Image.Image, area: list[float]) -> int:
    """Between the lightest and the darkest of what lies well inside AREA."""
    x, y, width, height = area
    wide, high = image.size
    box = ((x + 0.02) * wide, (y + 0.02) * high, (x + width - 0.02) * wide, (y + height - 0.02) * high)
    low, most = image.crop(tuple(round(side) for side in box)).getextrema()
    return int(most - low)


def files(media: Path) -> set[str]:
    return {path.relative_to(media).as_posix() for path in media.rglob("*.jpg")}


def body(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def address(photo: Photo, what: str) -> str:
    return f"/api/v1/photos/{photo.pk}/{what}/"


def test_what_is_covered_is_gone_and_the_rest_stays(cast: Cast, photo: Photo, tmp_path: Path) -> None:
    before = photo.file
    after = blur(photo, cast.unit_staff, FACE)
    assert (after.original, after.areas, after.width, after.height) == (before, [FACE], 240, 160)
    picture = look(tmp_path, after.file)
    assert contrast(picture, FACE) < 12
    assert contrast(picture, [0.0, 0.0, 0.2, 0.2]) > 200
    assert contrast(look(tmp_path, after.thumb), FACE) < 12
    assert contrast(look(tmp_path, before), FACE) > 200
    assert after.bytes == (tmp_path / after.file).stat().st_size
    row = Record.objects.get(verb="cases.photo_blurred")
    assert (row.actor_id, row.subject_id, row.data) == (
        cast.unit_staff.pk,
        photo.case_id,
        {"photo": photo.pk, "areas": [FACE]},
    )


def test_no_more_is_left_than_nine_colours(cast: Cast, photo: Photo, tmp_path: Path) -> None:
    """Two different contents with the same means look alike under the cover: it can't be told which it was."""
    other = actions.add_photo(
        case=photo.case_id, kind="after", upload=stripes(2), by=cast.unit_staff, at=timezone.now()
    )
    whole = [0.0, 0.0, 1.0, 1.0]
    one, two = (look(tmp_path, blur(row, cast.lead, whole).file) for row in (photo, other))
    assert max(ImageChops.difference(one, two).getextrema()) <= 2  # type: ignore[type-var]


def test_everybody_sees_the_covered_one_only(cast: Cast, photo: Photo, tmp_path: Path) -> None:
    blurred = blur(photo, cast.lead, FACE)
    for person in (cast.street, cast.lead, cast.unit_staff, cast.worker):
        answer: Any = desk(person).get(f"/api/v1/photos/{photo.pk}/")
        assert body(answer) == (tmp_path / blurred.file).read_bytes()
        thumb: Any = desk(person).get(f"/api/v1/photos/{photo.pk}/thumb/")
        assert body(thumb) == (tmp_path / blurred.thumb).read_bytes()
    told = desk(cast.lead).get(f"/api/v1/cases/{photo.case_id}/").json()["photos"]
    assert [row["url"] for row in told] == [f"/api/v1/photos/{photo.pk}/?v={blurred.stamp}"]
    page = desk(cast.lead).get(page_of(photo.case)).content.decode()
    assert blurred.original.removesuffix(".jpg")[-8:] not in page and blurred.stamp in page


def test_covering_adds_up_and_the_copy_before_is_taken_away(
    cast: Cast, photo: Photo, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = blur(photo, cast.lead, FACE)
    with django_capture_on_commit_callbacks(execute=True):
        second = blur(photo, cast.unit_staff, PLATE)
    assert second.areas == [FACE, PLATE]
    picture = look(tmp_path, second.file)
    assert contrast(picture, FACE) < 12 and contrast(picture, PLATE) < 12
    assert files(tmp_path) == {second.file, second.thumb, second.original, second.original_thumb}
    assert first.file not in files(tmp_path)
    with pytest.raises(Conflict) as twice:
        blur(photo, cast.lead, FACE)
    assert twice.value.code == "duplicate"
    assert files(tmp_path) == {second.file, second.thumb, second.original, second.original_thumb}


def test_the_original_is_shown_once_for_a_reason_and_that_is_recorded(cast: Cast, photo: Photo, tmp_path: Path) -> None:
    original = blur(photo, cast.lead, FACE).original
    client = desk(cast.street)
    for reason in ("", "看", "看\x00看"):
        refused = client.post(address(photo, "original"), {"reason": reason}, content_type=JSON)
        assert (refused.status_code, refused.json()["errors"][0]["attr"]) == (400, "reason")
    assert not Record.objects.filter(verb="cases.photo_revealed").exists()
    shown: Any = client.post(address(photo, "original"), {"reason": "核实车牌号"}, content_type=JSON)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in shown["Cache-Control"]
    assert body(shown) == (tmp_path / original).read_bytes()
    row = Record.objects.get(verb="cases.photo_revealed")
    assert (row.actor_id, row.data) == (cast.street.pk, {"photo": photo.pk, "note": "核实车牌号"})
    assert "核实车牌号" in client.get(page_of(photo.case)).content.decode()


def test_the_cover_comes_off_for_a_reason(
    cast: Cast, photo: Photo, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    file, thumb = photo.file, photo.thumb
    blur(photo, cast.lead, FACE)
    assert desk(cast.lead).post(address(photo, "unblur"), {"reason": ""}, content_type=JSON).status_code == 400
    with django_capture_on_commit_callbacks(execute=True):
        assert desk(cast.lead).post(address(photo, "unblur"), {"reason": "误遮"}, content_type=JSON).status_code == 200
    photo.refresh_from_db()
    assert (photo.file, photo.thumb, photo.original, photo.areas) == (file, thumb, "", [])
    assert files(tmp_path) == {file, thumb}
    again = desk(cast.lead).post(address(photo, "unblur"), {"reason": "误遮"}, content_type=JSON)
    assert (again.status_code, again.json()["errors"][0]["detail"]) == (409, "这张照片没有遮挡。")
    assert Record.objects.get(verb="cases.photo_unblurred").data == {"photo": photo.pk, "note": "误遮"}


def test_the_original_goes_when_its_time_is_over_and_the_cover_stays(
    cast: Cast, photo: Photo, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    blurred, system, closed = blur(photo, cast.lead, FACE), User.objects.system(), timezone.now()
    Case.objects.filter(pk=photo.case_id).update(closed_at=closed)
    over = closed + dt.timedelta(days=365)
    assert forget_originals(by=system, at=over - dt.timedelta(seconds=1)) == 0
    assert ahead(kind_of("cases.original"), over) == Ahead(1, over)
    with django_capture_on_commit_callbacks(execute=True):
        assert [forget_originals(by=system, at=over) for _again in range(2)] == [1, 0]
    assert files(tmp_path) == {blurred.file, blurred.thumb}
    with pytest.raises(Conflict):
        actions.reveal_photo(photo=photo.pk, reason="核对车牌", by=cast.lead, at=over)
    assert Record.objects.get(verb="cases.original_deleted").data == {"photo": photo.pk}


@pytest.mark.parametrize(
    "areas",
    [
        [], None, {}, "x", 7, [[]], [[0, 0, 1]], [[0, 0, 1, 1, 1]], [["x", 0, 1, 1]], [[True, 0, 1, 1]], [[-0.1, 0, 0.5, 0.5]],
        [[0.6, 0, 0.5, 0.5]], [[0, 0.6, 0.5, 0.5]], [[0, 0, 0.001, 0.5]], [[float("nan"), 0, 1, 1]],
        [[float("inf"), 0, 1, 1]], [[10**400, 0, 1, 1]], [FACE] * 41, [FACE, None],
    ],
)  # fmt: skip
def test_areas_that_are_none_are_refused(cast: Cast, photo: Photo, tmp_path: Path, areas: Any) -> None:
    before, kept = Photo.objects.values().get(), files(tmp_path)
    with pytest.raises(Invalid):
        actions.blur_photo(photo=photo.pk, areas=areas, by=cast.lead, at=timezone.now())
    answer = desk(cast.lead).post(address(photo, "blur"), json.dumps({"areas": areas}), content_type=JSON)
    assert answer.status_code == 400
    assert (Photo.objects.values().get(), files(tmp_path)) == (before, kept)
    assert not Record.objects.filter(verb="cases.photo_blurred").exists()


@pytest.mark.parametrize(
    "text", ["", "[", "[" * 100_000, "\x00", '{"areas": [[0,0,1,1e999]]}', '{"areas": "\\u0000"}', "[[0,0,1,1]]"]
)
def test_areas_that_are_no_list_are_refused(cast: Cast, photo: Photo, text: str) -> None:
    assert desk(cast.lead).post(address(photo, "blur"), text, content_type=JSON).status_code == 400
    photo.refresh_from_db()
    assert photo.areas == []


def test_too_many_areas_in_all_are_refused(cast: Cast, photo: Photo) -> None:
    many = [[round(n / 50, 2), 0.0, 0.02, 0.02] for n in range(40)]
    blur(photo, cast.lead, *many)
    with pytest.raises(Conflict) as refused:
        blur(photo, cast.lead, FACE)
    assert refused.value.code == "too_many"


def test_nobody_from_outside_touches_a_photo(cast: Cast, photo: Photo) -> None:
    blur(photo, cast.lead, FACE)
    before, records = Photo.objects.values().get(), Record.objects.filter(subject_type="cases.case").count()
    given = {"areas": [PLATE], "reason": "核实车牌号"}
    people = (cast.outsider, cast.other_worker, make_user(Role.AUDITOR))
    for person, what in product(people, ("blur", "original", "unblur")):
        assert client_of(person).post(address(photo, what), given, format="json").status_code == 404, (person, what)
    assert Client().post(address(photo, "original"), given).status_code == 401
    with pytest.raises(Photo.DoesNotExist):
        blur(photo, cast.outsider, PLATE)
    with pytest.raises(Forbidden):
        blur(photo, make_user(Role.AUDITOR), PLATE)
    assert Photo.objects.values().get() == before
    assert Record.objects.filter(subject_type="cases.case").count() == records


def test_a_machine_covers_by_the_same_action(cast: Cast, photo: Photo) -> None:
    """With a token, and the answer held against openapi.yaml."""
    client = client_of(cast.lead)
    answer = client.post(address(photo, "blur"), {"areas": [FACE]}, format="json")
    assert (answer.status_code, answer.json()["areas"]) == (200, [FACE])
    assert body(client.post(address(photo, "original"), {"reason": "核实车牌号"}, format="json")).startswith(
        b"\xff\xd8"
    )
    undone = client.post(address(photo, "unblur"), {"reason": "误遮"}, format="json")
    assert (undone.status_code, undone.json()["areas"]) == (200, [])


def test_odd_addresses(cast: Cast, photo: Photo) -> None:
    client, given = client_of(cast.lead), {"areas": [PLATE], "reason": "核实车牌号"}
    assert client.post(address(photo, "original"), given, format="json").status_code == 409  # nothing is covered
    assert desk(cast.lead).get(address(photo, "blur")).status_code == 405
    for url in (f"/api/v1/photos/{'9' * 30}/blur/", f"/api/v1/photos/{photo.pk}/nothing/"):
        assert desk(cast.lead).post(url, {}).status_code == 404


def test_only_the_stamped_address_is_kept_by_browsers(cast: Cast, photo: Photo) -> None:
    client, url = desk(cast.lead), f"/api/v1/photos/{photo.pk}/"
    kept = {}
    for stamp in (photo.stamp, "", "00000000", "²"):
        answer: Any = client.get(f"{url}?v={stamp}")
        assert body(answer)
        kept[stamp] = answer["Cache-Control"]
    assert kept == {photo.stamp: "private, max-age=3600", **dict.fromkeys(("", "00000000", "²"), "private, no-cache")}


def test_a_file_that_is_gone_is_told(cast: Cast, photo: Photo, tmp_path: Path) -> None:
    (tmp_path / photo.file).unlink()
    with pytest.raises(Conflict) as refused:
        blur(photo, cast.lead, FACE)
    assert refused.value.code == "missing"
    assert files(tmp_path) == {photo.thumb}


def test_a_closed_case_and_one_that_stands_still_are_covered_too(cast: Cast, photo: Photo) -> None:
    Case.objects.filter(pk=photo.case_id).update(state="closed")
    assert blur(photo, cast.lead, FACE).areas == [FACE]
