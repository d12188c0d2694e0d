"""The API of cases: the way through it, who sees what, what it costs, and what bad input gets."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from accounts.models import User
from cases import actions
from cases.actions import Report
from cases.choices import Light
from cases.models import Case, Photo
from cases.reports import light
from cases.reports.queues import waiting
from gridgov.core.models import Record
from tests.factories import MONDAY, Cast, make_cast, make_category
from tests.openapi import CheckedClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def client(user: User) -> APIClient:
    """As another system would come: with a token, so that its query is counted too."""
    found = CheckedClient()
    found.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return found


def queries(call: Any) -> tuple[Any, int]:
    """The answer of CALL and how many statements it took, savepoints left out."""
    with CaptureQueriesContext(connection) as caught:
        answer = call()
    return answer, len([q for q in caught.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def status(who: APIClient, url: str) -> int:
    answer = who.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)  # the file is closed at its end
    return int(answer.status_code)


def read(who: APIClient, url: str) -> bytes:
    """The file at URL."""
    return b"".join(who.get(url).streaming_content)


def report(cast: Cast, at: dt.datetime = MONDAY, **values: Any) -> Case:
    asked = {"category": cast.category.code, "text": "楼道里堆了很多纸箱", "grid": cast.place.micros[0].code, **values}
    return actions.report_case(report=Report(**asked), by=cast.street, at=at)


def jpeg(size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, "JPEG", **options)
    return out.getvalue()


def upload(data: bytes, name: str = "photo.jpg") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def test_one_case_goes_its_whole_way_by_api_in_few_queries(cast: Cast) -> None:
    lead, unit, street = client(cast.lead), client(cast.unit_staff), client(cast.street)
    body = {"category": cast.category.code, "text": "楼道堆物", "grid": cast.place.micros[0].code, "place": "3号楼",
            "reporter_name": "王小明", "reporter_phone": "13800000001", "channel": "phone"}  # fmt: skip
    answer, cost = queries(lambda: street.post("/api/v1/cases/", body))
    assert (answer.status_code, answer.json()["state"]) == (201, "submitted")
    assert cost <= 12
    url = f"/api/v1/cases/{answer.json()['id']}/"
    for who, verb, data, state in [
        (lead, "accept", {}, "accepted"),
        (lead, "dispatch", {"unit": cast.unit.pk, "note": "请尽快"}, "dispatched"),
        (unit, "sign-in", {}, "handling"),
        (unit, "progress", {"note": "已到现场"}, "handling"),
        (unit, "complete", {"result": "已清理"}, "completed"),
        (lead, "rework", {"reason": "还有一半"}, "handling"),
        (unit, "complete", {"result": "全部清理", "outcome": "solved"}, "completed"),
        (lead, "verify", {"note": "现场核实"}, "verified"),
        (lead, "close", {"note": "已电话答复", "reply": "您反映的楼道堆物已清理。"}, "closed"),
        (street, "reopen", {"reason": "又堆了"}, "accepted"),
    ]:
        answer, cost = queries(lambda: who.post(f"{url}{verb}/", data))  # noqa: B023 - called at once
        assert (answer.status_code, answer.json().get("state")) == (200, state), answer.content
        # A case that comes back climbs by itself: a card, its record, and word to the lead.
        assert cost <= (21 if verb == "reopen" else 12), verb
    detail, cost = queries(lambda: lead.get(url))
    assert cost <= 7
    found = detail.json()
    assert found["reporter"] == {"name": "王**", "phone": "138****0001", "anonymous": False, "confidential": False}
    assert [row["verb"] for row in found["timeline"]][:3] == ["cases.reported", "cases.accepted", "cases.dispatched"]
    assert [step["step"] for step in found["steps"] if step["here"]] == ["classify"]
    assert "13800000001" not in detail.content.decode()


def test_the_two_verbs_that_do_two_things_cost_what_they_cost(cast: Cast) -> None:
    """Taking a case away and sending or handing it on ends one order and begins another or moves the clock."""
    lead = client(cast.lead)
    # Of today: what had run out would be struck on the way.
    now = timezone.now()
    case = report(cast, at=now)
    actions.accept_case(case=case, by=cast.lead, at=now)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=now)
    url = f"/api/v1/cases/{case.pk}/"
    answer, cost = queries(lambda: lead.post(f"{url}reassign/", {"grid": case.grid.code, "reason": "改派"}))
    assert (answer.status_code, cost) == (200, 14)
    answer, cost = queries(lambda: lead.post(f"{url}raise/", {"tier": "C", "reason": "办不了"}))
    assert (answer.status_code, cost) == (200, 14)


def test_a_workers_capture_costs_no_more(cast: Cast) -> None:
    make_category("0603", "A")
    body = {"category": "0603", "text": "小广告", "reporter_name": "王小明"}
    worker = client(cast.worker)
    answer, cost = queries(lambda: worker.post("/api/v1/cases/", body))
    assert (answer.status_code, answer.json()["state"]) == (201, "handling")
    assert cost <= 12


def test_the_list_is_flat_at_any_depth(cast: Cast) -> None:
    cases = [report(cast) for _ in range(7)]
    lead = client(cast.lead)
    costs, url, seen = [], "/api/v1/cases/?page_size=2", []
    while url:
        answer, cost = queries(lambda: lead.get(url))  # noqa: B023 - called at once
        costs.append(cost)
        seen += [row["id"] for row in answer.json()["results"]]
        url = answer.json()["next"]
    assert seen == [case.pk for case in reversed(cases)]
    assert set(costs) == {3}
    assert "count" not in answer.json()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=纸箱", [0, 1, 2]), ("q=电动车", [2]), ("q=箱电", []), ("q=车", [2]), ("q=纸箱 电动车", [2]),
        ("state=submitted", [1, 2]), ("state=submitted&state=accepted", [0, 1, 2]), ("late=true", []),
        ("tier=C", []), ("grid=990101001001000", [0, 1, 2]), ("grid=990101002", []), ("grid=1", []),
        ("ordering=due_at", [0]), ("open=true", [0, 1, 2]), ("channel=phone", [1]),
    ],
)  # fmt: skip
def test_filters(cast: Cast, asked: str, found: list[int]) -> None:
    cases = [report(cast), report(cast, channel="phone"), report(cast, text="纸箱旁边有电动车")]
    actions.accept_case(case=cases[0], by=cast.lead, at=timezone.now())
    answer = client(cast.lead).get(f"/api/v1/cases/?{asked}").json()
    assert sorted(row["id"] for row in answer["results"]) == [cases[n].pk for n in found]


def test_late_are_the_open_cases_whose_light_says_so(cast: Cast) -> None:
    """Also before the job has marked them; the list of the desk shows the same."""
    now = timezone.now()
    cases = [report(cast, at=now - days * dt.timedelta(days=1)) for days in (1, 9, 9, 9)]
    for case in cases:
        actions.accept_case(case=case, by=cast.lead, at=case.reported_at)
    Case.objects.filter(pk=cases[2].pk).update(hold="parked")
    Case.objects.filter(pk=cases[3].pk).update(hold="parked", breached_at=now)
    rows = client(cast.lead).get("/api/v1/cases/?late=true").json()["results"]
    assert {row["id"] for row in rows} == {cases[1].pk, cases[3].pk}
    assert {row["id"] for row in rows} == {case.pk for case in Case.objects.all() if light(case, now) == Light.LATE}
    assert set(waiting(cast.lead, "late", now)) == {cases[1], cases[3]}


def test_a_filter_that_cannot_be_is_told(cast: Cast) -> None:
    answer = client(cast.lead).get("/api/v1/cases/?state=lost")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "state"


VERBS = {
    "accept": {}, "reject": {"reason": "no_content"}, "dispatch": {"grid": "x"}, "reassign": {"grid": "x", "reason": "x"},
    "sign-in": {}, "progress": {"note": "x"}, "return": {"reason": "x", "whose": "x", "contact": "x", "basis": "x"},
    "raise": {"tier": "C", "reason": "x"},
    "complete": {"result": "x"}, "verify": {}, "rework": {"reason": "x"}, "close": {}, "reopen": {"reason": "x"},
    "ask": {"kind": "voiding", "reason": "x"}, "resume": {}, "review": {"until": "2030-01-01T09:00:00+08:00", "note": "x"},
    "rate": {"score": 3, "solved": True}, "reveal": {"reason": "想看看"},
    "urge": {}, "supervise": {"text": "请说明"}, "answer": {"reply": "明天办完"},
}  # fmt: skip


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_an_outsider_gets_404_for_every_verb_and_nothing_changes(cast: Cast, verb: str) -> None:
    case = report(cast)
    before = (Case.objects.values().get(), Record.objects.count())
    answer = client(cast.outsider).post(f"/api/v1/cases/{case.pk}/{verb}/", VERBS[verb])
    # Where the hands are wrong for any case at all, that is said before one is looked for.
    assert answer.status_code == 404, answer.content
    assert (Case.objects.values().get(), Record.objects.count()) == before


def test_an_outsider_sees_no_case_no_clock_no_photo(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = report(cast)
    photo = actions.add_photo(case=case, kind="before", upload=upload(jpeg()), by=cast.lead, at=MONDAY)
    outsider, lead = client(cast.outsider), client(cast.lead)
    urls = [f"/api/v1/cases/{case.pk}/", f"/api/v1/cases/{case.pk}/clock/", f"/api/v1/photos/{photo.pk}/",
            f"/api/v1/photos/{photo.pk}/thumb/"]  # fmt: skip
    assert [status(outsider, url) for url in urls] == [404] * 4
    assert [status(lead, url) for url in urls] == [200] * 4
    assert [status(APIClient(), url) for url in urls] == [401] * 4
    assert outsider.get("/api/v1/cases/").json()["results"] == []
    assert (
        outsider.post(f"/api/v1/cases/{case.pk}/photos/", {"photo": upload(jpeg())}, format="multipart").status_code
        == 404
    )
    assert Photo.objects.count() == 1


def test_the_reporter_is_revealed_for_a_reason_and_not_kept_by_caches(cast: Cast) -> None:
    case = report(cast, reporter_phone="13800000001")
    url = f"/api/v1/cases/{case.pk}/reveal/"
    assert client(cast.lead).post(url, {"reason": ""}).status_code == 400
    answer = client(cast.lead).post(url, {"reason": "电话核实"})
    assert (answer.json()["phone"], answer["Cache-Control"]) == ("13800000001", "no-store")


def test_the_clock_explains_itself(cast: Cast) -> None:
    case = report(cast)
    actions.accept_case(case=case, by=cast.lead, at=MONDAY)
    answer = client(cast.lead).get(f"/api/v1/cases/{case.pk}/clock/").json()
    assert [row["clock"] for row in answer] == ["response", "case"]
    assert answer[1]["due_at"] == "2026-09-10T09:00:00+08:00"
    assert [row["entry"] for row in answer[1]["rows"]] == ["start"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"just some words", "words.jpg", "not_a_photo"),
        (b"GIF89a<script>alert(1)</script>", "x.gif", "not_a_photo"),
        (b"%PDF-1.4", "x.jpg", "not_a_photo"),
        (jpeg()[:200], "cut.jpg", "not_a_photo"),
        (b"", "empty.jpg", "empty"),
        (b"\xff\xd8" + b"0" * (11 * 1024 * 1024), "big.jpg", "too_large"),
    ],
)
def test_what_is_no_photo_is_refused_and_leaves_no_file(
    cast: Cast, settings: Any, tmp_path: Path, data: bytes, name: str, code: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = report(cast)
    answer = client(cast.lead).post(
        f"/api/v1/cases/{case.pk}/photos/", {"photo": upload(data, name)}, format="multipart"
    )
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "photo"), answer.content
    if code != "empty":
        assert Photo.objects.count() == 0
    assert list(tmp_path.rglob("*")) == []


def test_a_photo_loses_what_it_tells_about_its_maker(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "SpyPhone"
    data = jpeg((4000, 3000), exif=exif)
    case = report(cast)
    answer = client(cast.lead).post(f"/api/v1/cases/{case.pk}/photos/", {"photo": upload(data)}, format="multipart")
    found = answer.json()
    # Upright now, and no longer than 1920 pixels.
    assert (answer.status_code, found["width"], found["height"]) == (201, 1440, 1920)
    full = read(client(cast.lead), found["url"])
    with Image.open(io.BytesIO(full)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (1440, 1920), {})
    assert b"SpyPhone" not in full
    thumb = read(client(cast.lead), found["thumb_url"])
    with Image.open(io.BytesIO(thumb)) as image:
        assert max(image.size) == 320
    again = client(cast.lead).post(f"/api/v1/cases/{case.pk}/photos/", {"photo": upload(data)}, format="multipart")
    assert (again.status_code, Photo.objects.count(), len(list(tmp_path.rglob("*.jpg")))) == (409, 1, 2)


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({}, "category"), ({"category": "0602"}, "text"), ({"category": "0602", "text": "x", "lng": 999, "lat": 0}, "lng"),
        ({"category": "0602", "text": "x", "grid": "12"}, "grid"), ({"category": "0602", "text": "x", "tier": "D"}, "tier"),
        ({"category": "0602", "text": "x", "reporter_phone": "<script>"}, "reporter_phone"),
        ({"category": "0602", "text": "x\u0000y"}, "text"), ([], "non_field_errors"),
    ],
)  # fmt: skip
def test_bad_bodies_are_told_in_chinese_and_change_nothing(cast: Cast, body: Any, attr: str) -> None:
    answer = client(cast.street).post("/api/v1/cases/", body, headers={"accept-language": "zh-hans"})
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, attr), answer.content
    assert any("一" <= letter <= "鿿" for letter in answer.json()["errors"][0]["detail"])
    assert (Case.objects.count(), Record.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("body", "kind"), [("{", "application/json"), ("<x/>", "application/xml"), ("a=1", "text/plain")]
)
def test_what_is_no_json_is_told(cast: Cast, body: str, kind: str) -> None:
    answer = client(cast.street).post("/api/v1/cases/", body, content_type=kind)
    assert answer.status_code in {400, 415}
    assert Case.objects.count() == 0


def test_a_limit_is_set_by_the_street_only(cast: Cast) -> None:
    body = {"tier": "A", "value": "15", "unit": "natural_second", "reason": "演练"}
    assert client(cast.lead).post("/api/v1/policies/", body).status_code == 403
    answer = client(cast.street).post("/api/v1/policies/", body)
    assert (answer.status_code, answer.json()["value"]) == (201, "15.00")
    assert [row["tier"] for row in client(cast.lead).get("/api/v1/policies/").json()["results"]] == ["A"]


def test_the_catalogue_can_be_read(cast: Cast) -> None:
    answer = client(cast.worker).get("/api/v1/categories/0602/").json()
    assert (answer["code"], answer["parent"], answer["tier"]) == ("0602", "06", "B")
