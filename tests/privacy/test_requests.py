"""Requests of persons concerned: asked at the counter, at the door and on the own page; decided, carried out, answered in time."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Notice
from cases.models import Reporter
from door.models import Slip
from gridgov.core import jobs
from gridgov.core.models import Record
from grids.models import Grid
from privacy.models import Request
from tests.cases.desk import desk
from tests.door.residents import open_door
from tests.door.test_follow import Resident
from tests.factories import Cast, make_cast, make_user
from tests.volunteers.people import make_volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
PHONE = "13900001111"
CODE = re.compile(r"[2-9A-Z]{5}-[2-9A-Z]{5}")


@pytest.fixture
def cast() -> Cast:
    return open_door(make_cast("B"))


def do(client: Client, row: Request, verb: str, **given: Any) -> Any:
    return client.post(f"/admin/privacy/request/{row.pk}/do/{verb}/", given)


def open_mine(number: str, code: str) -> Client:
    browser = Client()
    assert browser.post("/r/request/follow/", {"number": number, "code": code}).status_code == 302
    return browser


def test_a_request_at_the_counter_from_the_first_word_to_the_copy(cast: Cast) -> None:
    resident = Resident(cast, name="王大爷", phone=PHONE, consent="1")
    other = make_volunteer(cast.place.micros[0])
    volunteer = make_volunteer(cast.place.micros[0], phone=PHONE, name="王大爷")
    there = Grid.objects.filter(code__startswith="990101002", kind="micro").first()
    assert there
    elsewhere = make_volunteer(there, phone=PHONE, name="王大爷")
    office = desk(cast.street)
    asked = {
        "grid": cast.place.street.pk,
        "name": "王大爷",
        "phone": "139 0000 1111",
        "asks": ["copy", "delete"],
        "words": "不想再留电话",
    }
    came = office.post("/admin/privacy/request/add/", asked, follow=True)
    row = Request.objects.get()
    code = CODE.search(came.content.decode())
    assert code and PHONE not in came.content.decode() and "139****1111" in came.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT who || contact || words FROM privacy_request")
        kept = cursor.fetchone()[0]
    assert PHONE not in kept and "王大爷" not in kept and "不想" not in kept and kept.count("~") == 3
    assert Notice.objects.filter(user=cast.street, subject_type="privacy.request").exists()
    # Nobody's data is shown before it is known who asks.
    assert do(office, row, "search").status_code == 409
    assert do(office, row, "verify", how="document").status_code == 302
    found = do(office, row, "search").content.decode()
    assert resident.number in found and volunteer.no in found and other.no not in found and PHONE not in found
    assert elsewhere.no not in found and "其他街道另有1条" in found
    decided = {"ground_copy": "", "ground_delete": "", "reason_copy": "", "reason_delete": ""}
    assert do(office, row, "decide", **{**decided, "ground_delete": "archive"}).status_code == 400
    assert do(office, row, "decide", **decided).status_code == 302
    assert do(office, row, "answer", answer="已办理").status_code == 409
    slip = Slip.objects.get()
    struck = do(office, row, "strike", rows=[f"cases.reporter:{slip.case_id}", f"volunteers.volunteer:{volunteer.pk}"])
    # Who still helps is struck out once they have left: the room's own rule says so.
    assert "1" in struck.content.decode() and volunteer.no in struck.content.decode()
    assert Reporter.objects.get().phone == ""
    for not_theirs in (other, elsewhere):
        assert do(office, row, "strike", rows=[f"volunteers.volunteer:{not_theirs.pk}"]).status_code == 400
    assert do(office, row, "done", note="上报人联系方式已删除").status_code == 302
    assert do(office, row, "answer", answer="电话已删除，志愿者信息退出后删除").status_code == 302
    row.refresh_from_db()
    mine = open_mine(row.no, code[0])
    assert "电话已删除" in mine.get("/r/request/mine/").content.decode()
    copy = mine.post("/r/request/mine/copy/")
    folder = zipfile.ZipFile(io.BytesIO(copy.content))
    kept = json.loads(folder.read(f"{row.no}.json"))
    assert {one["no"] for one in kept["data"]["volunteers.volunteer"]} == {volunteer.no, elsewhere.no}
    assert set(folder.namelist()) == {f"{row.no}.json", f"{row.no}.pdf"} and folder.read(f"{row.no}.pdf").startswith(
        b"%PDF"
    )
    assert mine.post("/r/request/mine/copy/").status_code == 409
    assert office.post(f"/admin/privacy/request/{row.pk}/copy/").status_code == 302
    verbs = Record.objects.filter(subject_type="privacy.request", subject_id=row.pk)
    assert list(verbs.order_by("seq").values_list("verb", flat=True)) == [
        "privacy.requested", "privacy.verified", "privacy.searched", "privacy.decided", "privacy.struck", "privacy.carried_out",
        "privacy.answered", "privacy.copied",
    ]  # fmt: skip
    told = json.dumps(list(verbs.values_list("data", flat=True)), ensure_ascii=False)
    assert PHONE not in told and "王大爷" not in told and "不想再留" not in told


def test_nobody_else_finds_it(cast: Cast) -> None:
    desk(cast.street).post(
        "/admin/privacy/request/add/", {"grid": cast.place.street.pk, "name": "王", "phone": PHONE, "asks": ["copy"]}
    )
    row = Request.objects.get()
    url = f"/admin/privacy/request/{row.pk}/change/"
    for who in (cast.outsider, cast.worker, cast.lead, make_user(Role.SECURITY_ADMIN)):
        assert desk(who).get(url).status_code in {302, 403, 404}, who.role
        assert do(desk(who), row, "verify", how="document").status_code in {403, 404}
    auditor = desk(make_user(Role.AUDITOR))
    page = auditor.get(url)
    assert page.status_code == 200 and PHONE not in page.content.decode()
    assert do(auditor, row, "verify", how="document").status_code == 403
    assert Client().post("/r/request/follow/", {"number": row.no, "code": "22222-22222"}).status_code == 200


def test_a_refusal_can_be_asked_again_and_lateness_is_told(cast: Cast) -> None:
    resident = Resident(cast, name="王大爷", phone=PHONE, consent="1")
    resident.come_in()
    taken = resident.browser.post("/r/follow/data/", {"asks": ["delete"], "words": ""})
    assert taken.status_code == 201
    row, code = Request.objects.get(), CODE.search(taken.content.decode())
    # Whoever reports may type any number: that it is theirs is proved to the office.
    assert code and (row.state, row.verified) == ("received", "")
    due = row.due_at
    jobs.run_due(at=due)
    jobs.run_due(at=due + timezone.timedelta(minutes=1))
    keys = set(Notice.objects.filter(user=cast.street, subject_type="privacy.request").values_list("key", flat=True))
    assert {f"privacy:{row.pk}:new", f"privacy:{row.pk}:late"} <= keys
    assert Record.objects.filter(verb="privacy.request_late", subject_id=row.pk).count() == 1
    office = desk(cast.street)
    assert do(office, row, "search").status_code == 409
    assert do(office, row, "verify", how="code").status_code == 400
    assert do(office, row, "verify", how="call").status_code == 302
    refusal = {"ground_delete": "running", "reason_delete": "事项还在办理"}
    assert do(office, row, "decide", **refusal).status_code == 302
    assert do(office, row, "answer", answer="办结后删除").status_code == 302
    mine = open_mine(row.no, code[0])
    assert "目的" in mine.get("/r/request/mine/").content.decode()
    assert mine.post("/r/request/mine/copy/").status_code == 409
    assert mine.post("/r/request/mine/again/", {"words": "请再看看"}).status_code == 201
    assert mine.post("/r/request/mine/again/", {"words": "请再看看"}).status_code == 409
    again = Request.objects.get(again_of=row)
    assert (again.asks, again.person_phone, again.verified) == (["delete"], PHONE, "call")


def test_a_volunteer_asks_on_the_own_page_and_who_asked_is_forgotten_in_time(cast: Cast) -> None:
    volunteer = make_volunteer(cast.place.micros[0], name="李志愿者")
    phone = desk(volunteer.user)
    assert phone.post("/m/me/request/", {"asks": ["copy"], "words": ""}).status_code == 201
    row = Request.objects.get()
    assert (row.grid, row.state, row.person_name) == (cast.place.street, "received", "李志愿者")
    office = desk(cast.street)
    do(office, row, "verify", how="document")
    do(office, row, "decide", ground_copy="", reason_copy="")
    assert do(office, row, "answer", answer="请凭编号和查询码取副本").status_code == 302
    row.refresh_from_db()
    assert row.forget_at
    jobs.run_due(at=row.forget_at)
    row.refresh_from_db()
    assert (row.who, row.contact, row.words, row.code_digest, row.user) == ("", "", "", "", None)
    assert row.no in desk(cast.street).get("/admin/privacy/request/").content.decode()


def test_at_the_door_without_a_code_somebody_must_verify(cast: Cast) -> None:
    given = {
        "street": cast.place.street.code,
        "name": "赵",
        "phone": PHONE,
        "asks": ["explain"],
        "words": "你们为什么有我的电话",
    }
    assert Client().post("/r/request/", {**given, "asks": []}).status_code == 400
    assert Client().post("/r/request/", given).status_code == 201
    row = Request.objects.get()
    assert (row.state, row.source, row.said) == ("received", "door", "你们为什么有我的电话")
