"""The phone's pages without script: forms, refusals at their fields, odd addresses, and once is once."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case
from fieldwork import actions, rules
from fieldwork.models import DailyReport, NeedlessWork, Patrol, TrailPoint, Visit
from gridgov.core.models import KeptAnswer, Record
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
FIELD = "/m/field/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(rules, "PATROL_FROM", dt.time(0))
    monkeypatch.setattr(rules, "PATROL_UNTIL", dt.time(23, 59, 59))
    return make_cast()


@pytest.fixture
def phone(cast: Cast) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(cast.worker)
    return client


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_start_and_stop(phone: Client, cast: Cast) -> None:
    assert phone.post(f"{FIELD}patrol/start/", {"kind": "patrol"})["Location"] == f"{FIELD}patrol/"
    row = Patrol.objects.get()
    assert (row.grid, row.user) == (cast.place.micros[0], cast.worker)
    page = words(phone.get(f"{FIELD}patrol/"))
    assert "巡查进行中" in page and f'action="{FIELD}patrol/{row.pk}/stop/"' in page
    assert "已有一次巡查" in words(phone.post(f"{FIELD}patrol/start/", {"kind": "patrol"}))
    assert phone.post(f"{FIELD}patrol/{row.pk}/stop/", {"note": "好"})["Location"] == f"{FIELD}patrol/{row.pk}/"
    again = phone.post(f"{FIELD}patrol/{row.pk}/stop/", {"note": "好"})
    assert again["Location"] == f"{FIELD}patrol/{row.pk}/"
    assert Record.objects.filter(verb="fieldwork.patrol_stopped").count() == 1
    assert phone.get(f"{FIELD}patrol/{row.pk}/").status_code == 200


def test_the_night_is_said_at_the_form(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PATROL_UNTIL", dt.time(0))
    answer = phone.post(f"{FIELD}patrol/start/", {"kind": "patrol"})
    assert answer.status_code == 409 and "时段之外不记录任何人的位置" in words(answer)
    told = phone.post(f"{FIELD}patrol/start/", {"kind": "patrol"}, headers=JSON)
    assert told.status_code == 409 and not Patrol.objects.exists()


def test_a_visit_sent_twice_under_a_key_is_one(phone: Client) -> None:
    given = {"kind": "visit", "place": "3号楼", "note": "", "at": (timezone.now() - dt.timedelta(hours=2)).isoformat()}
    key = {**JSON, "Idempotency-Key": "visit-key-0001"}
    first, second = (phone.post(f"{FIELD}visit/", given, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201) and first.json() == second.json()
    assert Visit.objects.count() == 1
    assert Visit.objects.get().entered_at - Visit.objects.get().at > dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"place": ""}, "place"),
        ({"place": "找13812345678"}, "place"),
        ({"grid": "1"}, "grid"),
        ({"kind": "x"}, "kind"),
        ({"at": "yesterday"}, "at"),
        ({"note": "字" * 501}, "note"),
    ],
)
def test_a_fault_is_said_at_its_field(phone: Client, given: dict[str, str], field: str) -> None:
    whole = {"kind": "visit", "place": "3号楼", **given}
    page = phone.post(f"{FIELD}visit/", whole)
    assert page.status_code == 400 and 'class="fault"' in words(page)
    told = phone.post(f"{FIELD}visit/", whole, headers=JSON)
    assert told.status_code == 400 and told.json()["errors"][0]["attr"] == field
    assert not Visit.objects.exists()


def test_a_visit_becomes_a_case(phone: Client, cast: Cast) -> None:
    visit = actions.log_visit(grid=cast.place.micros[0], place="3号楼", by=cast.worker, at=timezone.now())
    url = f"{FIELD}visit/{visit.pk}/"
    assert phone.get(url).status_code == 200
    assert phone.post(url, {"category": "", "text": ""}).status_code == 400
    assert phone.post(url, {"category": cast.category.code, "text": "杂物"}).status_code == 302
    assert Visit.objects.get().case == Case.objects.get()
    assert phone.post(url, {"category": cast.category.code, "text": "杂物"})["Location"] == url
    assert Case.objects.count() == 1
    stranger = Client()
    stranger.force_login(cast.lead)
    assert stranger.get(url).status_code == 404, "the log of the visits is at the desk; this page is the worker's"


def test_the_report_of_the_day(phone: Client) -> None:
    form = phone.get(f"{FIELD}daily/")
    assert form["X-Offline"] == "shell" and not re.search(r"张\d", words(form)), (
        "kept on the phone, so nothing about anybody"
    )
    assert phone.get(f"{FIELD}daily/counts/").json()["given"] == ""
    assert phone.post(f"{FIELD}daily/", {"kind": "zero"})["Location"] == f"{FIELD}?given"
    assert "：零报告。" in words(phone.get(f"{FIELD}?given"))
    assert "：零报告。" in phone.get(f"{FIELD}daily/counts/").json()["given"]
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    phone.post(f"{FIELD}daily/", {"kind": "ordinary", "note": "停水", "day": yesterday.isoformat()})
    assert list(DailyReport.objects.order_by("day").values_list("day", "kind")) == [
        (yesterday, "ordinary"), (timezone.localdate(), "zero"),
    ]  # fmt: skip
    late = phone.post(f"{FIELD}daily/", {"kind": "zero", "day": "2020-01-01"})
    assert late.status_code == 400 and DailyReport.objects.count() == 2


def test_needless_work_without_a_name(phone: Client, cast: Cast) -> None:
    page = words(phone.get(f"{FIELD}needless/?from=/m/cases/"))
    assert 'value="/m/cases/"' in page and "data-outbox" not in page
    given = {"words": "重复填表", "page": "/m/cases/31/", "anonymous": "on"}
    answer = phone.post(f"{FIELD}needless/", given, headers={"Idempotency-Key": "needless-key-1"})
    assert answer.status_code == 302 and not KeptAnswer.objects.exists()
    row = NeedlessWork.objects.get()
    assert (row.said_by, row.page) == (None, "/m/cases/…/")
    assert phone.post(f"{FIELD}needless/", {"words": " "}).status_code == 400
    staff = Client()
    staff.force_login(cast.unit_staff)
    assert staff.post(f"{FIELD}needless/", {"words": "重复签收"}).status_code == 302, "unit staff too"


def test_the_day_page_costs_the_same_however_long_the_day(
    phone: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    for n in range(3):
        actions.log_visit(grid=cast.place.micros[0], place=f"{n}号楼", by=cast.worker, at=now)
    with django_assert_max_num_queries(14):
        assert "2号楼" in words(phone.get(FIELD))


@pytest.mark.parametrize("path", ["patrol/9999999999999999999/", "patrol/0/", "visit/99999999999/", "patrol/7/line/"])
def test_what_is_not_ones_own_does_not_exist(phone: Client, path: str) -> None:
    assert phone.get(FIELD + path).status_code == 404
    assert phone.get(FIELD + path, headers=JSON).status_code == 404


@pytest.mark.parametrize("odd", ["\x00", "²", "9" * 40, "-1", "٣"])
def test_odd_words_break_nothing(phone: Client, odd: str) -> None:
    for path, given in (
        ("visit/", {"kind": "visit", "place": odd, "grid": odd, "at": odd}),
        ("daily/", {"kind": odd, "grid": odd, "day": odd}),
        ("needless/", {"words": odd, "page": odd, "street": odd}),
        ("patrol/start/", {"kind": odd, "grid": odd}),
    ):
        assert phone.post(FIELD + path, given).status_code in {302, 400}, path
    assert phone.get(f"{FIELD}needless/", {"from": odd}).status_code in {200, 400}
    assert not TrailPoint.objects.exists()


def test_whose_pages_these_are(cast: Cast) -> None:
    for user, status in ((cast.lead, 200), (cast.total_lead, 200), (cast.unit_staff, 403), (make_user("auditor"), 403)):
        client = Client()
        client.force_login(user)
        assert client.get(FIELD).status_code == status, user.role
    assert Client().get(FIELD)["Location"].startswith("/m/login/")
    assert Client().get(FIELD, headers=JSON).status_code == 401
