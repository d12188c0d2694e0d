"""Pictures that come with orders are fetched from the partner's host and kept like all others; those that go along have
addresses for minutes. And what is refused at the door is counted."""

import datetime as dt
import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import User
from cases import actions as verbs
from cases.models import Case, Photo
from gridgov.core import counts
from gridgov.core.errors import Conflict
from gridgov.core.models import Job
from integrations.actions import hotline as actions
from integrations.choices.hotline import FILE_TRIES, MOST_FILES, FileState
from integrations.jobs.hotline import fetch
from integrations.models import PartnerFile, PartnerOrder, RefusedMessage
from tests.cases.desk import desk
from tests.factories import Cast, make_cast
from tests.integrations.platforms import Platform, make_partner, order, settle
from tests.receivers import Got, Receiver, Reply, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


@pytest.fixture
def city(settings: Any) -> Iterator[Receiver]:
    settings.OUTGOING_ALLOWED = ("127.0.0.1",)
    with receiving() as found:
        yield found


def picture(colour: str) -> bytes:
    """A JPEG with something in it that tells more than it shows."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "GPS 39.9"
    Image.new("RGB", (64, 48), colour).save(made, "JPEG", exif=exif)
    return made.getvalue()


def page_of(case: Case, by: User) -> str:
    return desk(by).get(f"/admin/cases/case/{case.pk}/change/", headers={"accept-language": "zh-CN"}).content.decode()


def test_pictures_are_fetched_stripped_and_never_lost(cast: Cast, city: Receiver, settings: Any) -> None:
    hotline, content = Platform(make_partner(cast, address=city.url)), picture("red")
    answers: dict[str, Reply] = {
        "/attachments/a%2F1": (200, {}, content), "/gone.jpg": (404, {}, b""), "/page.html": (200, {}, b"<html>"),
        "/away.jpg": (302, {"Location": "http://169.254.169.254/"}, b""), "/other.jpg": (200, {}, picture("blue")),
    }  # fmt: skip

    def answer(got: Got) -> Reply:
        return answers.get(got.path, (200, {}, b'{"success": true}'))

    city.answer = answer
    named = [
        {"id": "a/1", "mime": "image/jpeg", "sha256": hashlib.sha256(content).hexdigest().upper()},
        f"{city.url}/gone.jpg", f"{city.url}/page.html", f"{city.url}/away.jpg", {"url": f"{city.url}/other.jpg", "sha256": "0" * 64},
        "http://127.0.0.2/elsewhere.jpg", "http://10.0.0.1/inside.jpg", 7, {}, None,
    ]  # fmt: skip
    hotline.send("orders", order(attachments=named))
    settle()
    case = Case.objects.get()
    found = {row.source.rpartition("/")[2]: row for row in PartnerFile.objects.all()}
    assert {name: row.state for name, row in found.items()} == {
        "a%2F1": "kept", "gone.jpg": "review", "page.html": "review", "away.jpg": "review", "other.jpg": "review",
        "elsewhere.jpg": "review", "inside.jpg": "review",
    }  # fmt: skip
    assert all(row.reason for row in found.values() if row.state == FileState.REVIEW)
    photo = Photo.objects.get()
    assert found["a%2F1"].photo == photo and photo.case == case
    assert b"GPS" not in (settings.MEDIA_ROOT / photo.file).read_bytes()
    asked = [got for got in city.got if got.method == "GET"]
    assert {got.path for got in asked} == set(answers) and all("x-hotline-signature" in got.headers for got in asked)
    # The same order again, and once more by version: nothing is fetched twice.
    hotline.send("orders", order(version=2, attachments=named))
    settle()
    assert (PartnerFile.objects.count(), Photo.objects.count()) == (7, 1)
    # Somebody looks: it is there now; another is put aside. The case's page says that some are missing.
    street = desk(cast.street)
    assert "6 张图片未能存入" in page_of(case, cast.street)
    answers["/gone.jpg"] = (200, {}, picture("green"))
    room = "/admin/integrations/partnerfile"
    assert street.post(f"{room}/{found['gone.jpg'].pk}/do/refetch/").status_code == 302
    assert street.post(f"{room}/{found['page.html'].pk}/do/drop/", {"reason": "不是照片"}).status_code == 302
    assert desk(cast.unit_staff).get(f"{room}/").status_code == 403
    assert desk(cast.outsider).get(f"{room}/{found['gone.jpg'].pk}/change/").status_code in {302, 404}
    with pytest.raises(Conflict):
        actions.drop_file(file=PartnerFile.objects.get(photo=photo), reason="x", by=cast.street, at=case.reported_at)
    settle()
    assert Photo.objects.count() == 2


def test_who_does_not_answer_is_asked_again_and_too_many_are_told(cast: Cast, city: Receiver) -> None:
    hotline = Platform(make_partner(cast, address=city.url))
    city.answer = lambda got: (503, {}, b"") if got.path.endswith("jpg") else (200, {}, b'{"success": true}')
    hotline.send("orders", order(attachments=[f"{city.url}/{number}.jpg" for number in range(MOST_FILES + 5)]))
    settle()
    states = list(PartnerFile.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["waiting"] * MOST_FILES + ["review"]
    row, at = PartnerFile.objects.order_by("pk")[0], timezone.now()
    for number in range(row.tries, FILE_TRIES):
        again = fetch_once(row.pk, at)
        assert (again is None) == (number == FILE_TRIES - 1)
    row.refresh_from_db()
    assert (row.state, row.tries) == (FileState.REVIEW, FILE_TRIES) and "503" in row.reason


def fetch_once(pk: int, at: dt.datetime) -> dt.datetime | None:
    after = fetch(Job.objects.get(kind="integrations.fetch", key=str(pk)), at)
    assert after is not None
    return after(at)


def test_pictures_go_along_under_addresses_that_end(cast: Cast, city: Receiver, settings: Any) -> None:
    settings.PUBLIC_ORIGIN = "https://grid.example"
    partner = make_partner(cast, address=city.url)
    city.answer = lambda got: (200, {}, b'{"success": true, "data": {"order_no": "UP-1"}}')
    Platform(partner).send("orders", order())
    settle()
    case, at = Case.objects.get(), timezone.now()
    before = verbs.add_photo(case=case, kind="before", upload=io.BytesIO(picture("red")), by=cast.street, at=at)
    street = desk(cast.street)
    assert "/do/call-up/" in page_of(case, cast.street) and "/do/call-up/" not in page_of(case, cast.lead)
    given = {"partner": partner.pk, "reason": "需市级协调"}
    for person in (cast.lead, cast.unit_staff, cast.outsider):
        assert desk(person).post(f"/admin/cases/case/{case.pk}/do/call-up/", given).status_code in {403, 404}
    assert street.post(f"/admin/cases/case/{case.pk}/do/call-up/", given | {"partner": "²"}).status_code == 400
    assert not PartnerOrder.objects.filter(ours=True).exists()
    assert street.post(f"/admin/cases/case/{case.pk}/do/call-up/", given).status_code == 302
    assert "正在发往对方" in page_of(case, cast.street)
    settle()
    said = json.loads(next(got.body for got in city.got if got.path == "/orders"))
    (one,) = said["attachments"]
    assert one["id"] == str(before.pk) and one["url"].startswith("https://grid.example/")
    fetched = Client().get(one["url"].removeprefix("https://grid.example"))
    assert fetched.status_code == 200 and b"".join(fetched.streaming_content)[:3] == b"\xff\xd8\xff"
    Platform(partner).send("status", {"order_no": "UP-1", "status": "处理中", "note": "已派市排水集团"})
    settle()
    page = page_of(case, cast.street)
    assert (
        "UP-1" in page
        and "处理中" in page
        and "已派市排水集团" in page
        and "对方答复" in page
        and "/do/call-up/" not in page
    )


def test_what_is_refused_at_the_door_is_counted(cast: Cast) -> None:
    counts.take_tallies("exchange.refused")
    hotline = Platform(make_partner(cast))
    wrong, at = Platform(hotline.partner, secret="another secret, as long"), timezone.now()
    for number in range(5):
        wrong.send("orders", order(str(number)))
    hotline.client.post(
        "/exchange/hotline-12345/orders", b"{}", content_type="application/json", REMOTE_ADDR="203.0.113.9"
    )
    actions.add_refused(at=at)
    wrong.send("orders", order())
    actions.add_refused(at=at)
    rows = list(RefusedMessage.objects.order_by("code").values_list("code", "address", "count"))
    assert rows == [("bad_signature", "127.0.0.1", 6), ("not_signed", "203.0.113.9", 1)]
    # A flood from everywhere takes a bounded number of rows.
    for number in range(300):
        actions.note_refused(hotline.partner, "late", f"198.51.{number // 250}.{number % 250}")
    actions.add_refused(at=at)
    late = RefusedMessage.objects.filter(code="late")
    assert (late.count(), sum(row.count for row in late), late.get(address="").count) == (21, 300, 280)
    zh = {"accept-language": "zh-CN"}
    page = desk(cast.street).get("/admin/integrations/refusedmessage/", headers=zh).content.decode()
    assert "签名错误" in page and "203.0.113.9" in page
    assert desk(cast.unit_staff).get("/admin/integrations/refusedmessage/").status_code == 403
    actions.forget_refused(at=at + dt.timedelta(days=91))
    assert not RefusedMessage.objects.exists()
