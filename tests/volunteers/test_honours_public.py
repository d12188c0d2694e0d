"""The pages for everybody: feedback by the code that hangs there, honours that stand open, certificates that verify."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gridgov.core import pdf
from gridgov.core.models import Record
from tests.factories import MONDAY, Cast
from tests.volunteers.people import make_project, make_shift, make_volunteer
from tests.volunteers.test_honours import DAY, issuer, served
from volunteers.models import Certificate, Feedback, HoursEntry, Objection, Panel, Volunteer
from volunteers.views import voices

pytestmark = pytest.mark.django_db
CHINESE = {"headers": {"accept-language": "zh-CN"}}


def page(client: Client, address: str, status: int = 200, **posted: Any) -> str:
    """What ADDRESS says, by POST where anything is POSTED."""
    answer = client.post(address, posted) if posted else client.get(address)
    assert answer.status_code == status, answer.content
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode()


def paper(volunteer: Volunteer, by: User, **given: Any) -> Certificate:
    said = {"issuer": "幸福街道办事处", "responsible": "王主任", "handler": "李干事", "contact": "010-1111111"}
    hours = {"first": "2026-09-01", "last": "2026-09-30", "minutes": 150, "lines": []}
    values = {
        "kind": "hours", "state": "issued", "no": "990101001-H2026-00001", "code": "ABCDEFGHJKLMNPQR", "said": said | hours,
        "made_by": by, "made_at": MONDAY, "issued_at": MONDAY, **given,
    }  # fmt: skip
    return Certificate.objects.create(volunteer=volunteer, **values)


def test_feedback_by_the_code_that_hangs_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(cast.place.micros[0], cast.lead, title="助老义诊")
    address, phone = f"/v/f/{project.key}/", Client(**CHINESE)
    assert "活动尚未开始" in page(phone, address)
    make_shift(project, timezone.now() - DAY)
    assert "助老义诊" in page(phone, address)
    for wrong in (
        {"words": "好"},
        {"stars": "6"},
        {"stars": "²"},
        {"stars": "5", "words": "a\0b"},
        {"stars": "5", "site": "http://x"},
    ):
        page(phone, address, 400, **wrong)
    assert Feedback.objects.count() == 0
    assert "身份证号" in page(phone, address, 400, stars="5", words="电话13800001111")
    assert "谢谢" in page(phone, address, stars="4", words="大夫很耐心")
    assert "每台设备只能评价一次" in page(phone, address)
    assert "每台设备只能评价一次" in page(phone, address, 409, stars="1")
    other = make_project(cast.place.micros[0], cast.lead)
    make_shift(other, timezone.now() - DAY)
    page(phone, f"/v/f/{other.key}/", stars="5")
    one, two = Feedback.objects.order_by("pk")
    assert (one.stars, one.words) == (4, "大夫很耐心") and one.voice != two.voice, "nothing links what a device said"
    monkeypatch.setattr("volunteers.views.feedback.NETWORK_VOICES", 3)
    assert "您的网络" in page(Client(**CHINESE), address, 409, stars="5")
    assert Feedback.objects.count() == 2
    for state, key in (("draft", project.key), ("cancelled", project.key), ("open", uuid.uuid4())):
        project.change(state=state)
        assert phone.get(f"/v/f/{key}/").status_code == 404
    assert phone.get("/v/f/nosuch/").status_code == 404
    phone.cookies[voices.COOKIE] = "forged"
    page(phone, f"/v/f/{other.key}/")


def test_a_certificate_verifies_and_a_forged_one_is_called_so(cast: Cast) -> None:
    volunteer = make_volunteer(cast.place.micros[0], name="李志愿", nickname="小李")
    row, phone = paper(volunteer, cast.lead), Client(**CHINESE)
    said = page(phone, f"/v/c/{row.code}/")
    for words in ("该证明真实有效", row.no, "2.5", "小李", volunteer.no, "幸福街道办事处", "2026-09-07"):
        assert words in said
    assert "李志愿" not in said and volunteer.phone not in said
    for forged in ("ABCDEFGHJKLMNPQ2", "²", "a%00b", "x" * 300, row.no):
        told = page(phone, f"/v/c/{forged}/", 404)
        assert "没有这个编码的证明" in told and volunteer.public_name not in told
    assert phone.post("/v/c/", {"code": "abcd efgh-jklm npqr"})["Location"] == f"/v/c/{row.code}/"
    assert phone.post("/v/c/", {"code": "²"})["Location"] == "/v/c/0/"
    page(phone, "/v/c/", 400, code="")
    row.change(state="withdrawn", withdrawn_at=MONDAY, reason="重复出具")
    told = page(phone, f"/v/c/{row.code}/")
    assert "已撤销" in told and "重复出具" in told and "真实有效" not in told


def test_an_honour_stands_open_and_is_objected_to(cast: Cast) -> None:
    panel = Panel.objects.create(
        grid=cast.place.street, title="三季度评议", first=MONDAY, last=MONDAY, made_by=cast.street, made_at=MONDAY
    )
    row = paper(
        make_volunteer(cast.place.micros[0], name="李志愿"), cast.street, kind="honour", state="publicity", title="星级志愿者",
        no="990101001-R2026-00001", said={"words": "热心", "panel": panel.title, "issuer": "街道", "contact": "010"},
        panel=panel, issued_at=None, public_until=timezone.localdate(),
    )  # fmt: skip
    phone, address = Client(**CHINESE), f"/v/honours/{row.no}/"
    said = page(phone, "/v/honours/")
    assert "星级志愿者" in said and row.volunteer.public_name in said and "李志愿" not in said
    assert "公示期" in page(phone, f"/v/c/{row.code}/")
    page(phone, address, 400, words="")
    page(phone, address, 400, words="有", site="x")
    assert "谢谢" in page(phone, address, words="没有参加过")
    assert "已提出过异议" in page(phone, address)
    page(phone, address, 409, words="再说一次")
    assert Objection.objects.get().words == "没有参加过"
    row.change(public_until=timezone.localdate() - DAY)
    assert "星级志愿者" not in page(phone, "/v/honours/")
    page(Client(), address, 409, words="迟了")
    for odd in ("nosuch", "²", "%00", "x" * 200, paper(row.volunteer, cast.street, code="Z" * 16).no):
        assert phone.get(f"/v/honours/{odd}/").status_code == 404
    assert Objection.objects.count() == 1


def test_a_volunteer_fetches_the_own_record(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    issuer(cast)
    volunteer = make_volunteer(cast.place.micros[0], name="欧阳志愿")
    served(volunteer, make_project(cast.place.micros[0], cast.lead, title="助老"), 100)
    earlier = {"kind": "correction", "minutes": 5900, "day": "2026-08-01", "reason": "补录"}
    HoursEntry.objects.create(volunteer=volunteer, **earlier, by=cast.lead, at=MONDAY)
    phone = Client(**CHINESE)
    phone.force_login(volunteer.user)
    assert "★☆☆☆☆" in page(phone, "/m/volunteer/honours/")
    page(phone, "/m/volunteer/honours/", 400, first="2026-09-30", last="2026-09-01")
    page(phone, "/m/volunteer/honours/", 400, first="²", last="")
    page(phone, "/m/volunteer/honours/", 409, first="2026-01-01", last="2026-01-02")
    assert Certificate.objects.count() == 0
    made = phone.post("/m/volunteer/honours/", {"first": "2026-09-01", "last": "2026-09-30"})
    assert made["Location"] == "/m/volunteer/honours/?made"
    row, written, text_of = Certificate.objects.get(), list[str](), pdf.text

    def listen(words: Any, name: str = "body") -> Any:
        written.append(str(words))
        return text_of(words, name)

    def printed() -> tuple[Any, str]:
        written.clear()
        return phone.get(f"/m/volunteer/papers/{row.pk}.pdf"), " ".join(written)

    monkeypatch.setattr(pdf, "text", listen)
    file, text = printed()
    assert file["Content-Type"] == "application/pdf" and b"/FontFile2" in file.content
    for words in (
        "志愿服务记录证明",
        "欧阳志愿",
        volunteer.no,
        row.no,
        "1.5",
        "助老",
        "幸福街道办事处",
        "王主任",
        "李干事",
        "010-1111111",
    ):
        assert words in text
    assert f"(http://testserver/v/c/{row.code}/)".encode() in file.content
    assert Record.objects.filter(verb="volunteers.certificate_printed").count() == 1
    stranger = Client()
    stranger.force_login(make_volunteer(cast.place.micros[0]).user)
    assert stranger.get(f"/m/volunteer/papers/{row.pk}.pdf").status_code == 403
    row.change(kind="honour", title="星级志愿者", said={**row.said, "words": "热心", "panel": "评议"})
    text = printed()[1]
    assert "荣誉证书" in text and "欧阳志愿" in text and "星级志愿者" in text
    row.change(state="withdrawn", withdrawn_at=MONDAY, reason="重复")
    assert phone.get(f"/m/volunteer/papers/{row.pk}.pdf").status_code == 409
    for nobody in (cast.worker, cast.outsider):
        stranger.force_login(nobody)
        assert stranger.get("/m/volunteer/honours/").status_code == 403
