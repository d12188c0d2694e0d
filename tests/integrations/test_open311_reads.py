"""Open311 GeoReport v2, read as its clients read it; every answer in both formats, element by element (tests.integrations.georeport)."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from cases.actions import Report, publish_case, report_case
from cases.choices import CaseState, RejectReason
from cases.models import Case, Category, Reporter
from integrations.actions.open311 import add_jurisdiction, change_jurisdiction
from integrations.models import Jurisdiction
from tests.factories import Cast, make_cast, make_category, make_street, make_user
from tests.integrations.georeport import (
    DISCOVERY,
    ENDPOINT,
    ID,
    MOMENT,
    REQUEST,
    ROOT,
    errors,
    get,
    open_all,
    open_jurisdiction,
)

pytestmark = pytest.mark.django_db
WORDS = "三单元401王大妈家门口堆满纸箱，电话13800000001"


@pytest.fixture(autouse=True)
def no_limit(settings: Any) -> None:
    """All tests read from one address."""
    settings.OPEN311_LIMITS = {"reads": 10**6, "reports": 10**6}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast("B")
    open_all(cast)
    return cast


def case_of(cast: Cast, ago: dt.timedelta = dt.timedelta(hours=1), **values: Any) -> Case:
    """A case with words about somebody, reported AGO."""
    report = Report(
        category=values.pop("category", cast.category.code), text=WORDS, grid=cast.place.micros[0].code, place="三单元401",
        lng=118.0123456, lat=32.0, reporter_name="王大妈", reporter_phone="13800000001",
    )  # fmt: skip
    case = report_case(report=report, by=cast.street, at=timezone.now() - ago)
    Case.objects.filter(pk=case.pk).update(**values)
    case.refresh_from_db()
    return case


def numbers(**asked: Any) -> list[str]:
    return [one["service_request_id"] for one in get("requests", **asked)]


@pytest.mark.parametrize("where", ["/open311/discovery", "/open311/v2/discovery"])
def test_discovery_names_the_endpoint_and_whom_to_ask(cast: Cast, where: str) -> None:
    """SeeClickFix/open311-validator, tests/discovery.rb: every rule there."""
    found = get(where)
    assert tuple(found) == DISCOVERY
    assert MOMENT.fullmatch(found["changeset"])
    assert ID in found["contact"]
    assert found["key_service"]
    (endpoint,) = found["endpoints"]
    assert tuple(endpoint) == ENDPOINT
    assert endpoint == {
        "specification": "http://wiki.open311.org/GeoReport_v2", "url": "http://testserver/open311/v2", "type": "production",
        "changeset": found["changeset"], "formats": ["text/xml", "application/json"],
    }  # fmt: skip


def test_a_change_of_the_jurisdiction_changes_the_changeset(cast: Cast) -> None:
    before = get("discovery")["changeset"]
    at = timezone.now().replace(microsecond=0)
    change_jurisdiction(
        jurisdiction=Jurisdiction.objects.get(), is_open=True, contact="api@example.gov.cn", key_service="来函申请",
        by=make_user(Role.SYSTEM_ADMIN), at=at,
    )  # fmt: skip
    found = get("discovery")
    assert found["changeset"] == f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" > before
    assert "api@example.gov.cn" in found["contact"]
    assert found["key_service"] == "来函申请"


def test_the_desk_says_which_jurisdictions_answer(cast: Cast) -> None:
    """Switched on is not enough: the street's pages must be public."""
    hand = make_user(Role.SYSTEM_ADMIN)
    silent = make_street("990101003").street
    add_jurisdiction(street=silent, code="silent.example.gov.cn", is_open=True, by=hand, at=timezone.now())
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(hand)
    page = desk.get("/admin/integrations/jurisdiction/").content.decode()
    states = re.findall(r'gg-chip [\w-]+">([^<]+)<', page)
    assert states == ["waits: the street&#x27;s pages are not public", "on"]
    assert {row.code: row.is_public for row in Jurisdiction.objects.all()} == {"silent.example.gov.cn": False, ID: True}
    assert [row.code for row in Jurisdiction.objects.open()] == [ID]


def test_services_are_the_public_matters_and_no_others(cast: Cast) -> None:
    make_category("0801")
    make_category("1001", public=True, sensitive=True)
    make_category("0699", public=True, enabled=False)
    assert get("services", jurisdiction_id=ID) == [
        {
            "service_code": cast.category.code, "service_name": cast.category.name,
            "description": f"{cast.category.name}。例如：纸箱 · 杂物", "metadata": True, "type": "realtime",
            "keywords": "纸箱, 杂物", "group": "组06",
        }
    ]  # fmt: skip


def test_a_definition_asks_for_consent_and_in_danger_says_whom_to_call(cast: Cast) -> None:
    fire = make_category("0605", public=True, urgency="emergency")
    (asked,) = get(f"services/{cast.category.code}")["attributes"]
    assert (asked["code"], asked["datatype"], asked["required"], asked["variable"], asked["order"]) == (
        "contact_consent", "singlevaluelist", False, True, 1,
    )  # fmt: skip
    assert [value["key"] for value in asked["values"]] == ["yes", "no"]
    found = get(f"services/{fire.code}", jurisdiction_id=ID)
    assert found["service_code"] == "0605"
    assert [(one["code"], one["variable"], one["order"]) for one in found["attributes"]] == [
        ("emergency", False, 1), ("contact_consent", True, 2),
    ]  # fmt: skip
    assert "119" in found["attributes"][0]["description"]
    # test311.py reads the text of every one of these.
    assert all(one["datatype_description"] and one["description"] for one in found["attributes"])


@pytest.mark.parametrize("code", ["0801", "9999", "²", "x" * 300, "%00", "06"])
def test_a_service_that_is_not_public_does_not_exist(cast: Cast, code: str) -> None:
    make_category("0801")
    answer = Client().get(f"{ROOT}services/{code}.xml")
    assert answer.status_code == 404
    errors(answer)


def test_a_request_tells_nothing_that_somebody_wrote(cast: Cast) -> None:
    case = case_of(cast)
    (found,) = get(f"requests/{case.no}", jurisdiction_id=ID)
    assert tuple(found) == REQUEST
    place = cast.place
    assert found == {
        "service_request_id": case.no, "status": "open", "status_notes": "已收到，正在核实", "service_name": cast.category.name,
        "service_code": cast.category.code, "description": cast.category.name, "agency_responsible": place.street.name,
        "service_notice": "街道办事处将在4小时内查看。", "requested_datetime": found["updated_datetime"],
        "updated_datetime": f"{case.reported_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}", "expected_datetime": None,
        "address": f"{place.comprehensives[0].name} · {place.totals[0].name} · {place.street.name}",
        "address_id": place.comprehensives[0].code, "zipcode": None, "lat": 32.0, "long": 118.0123, "media_url": None,
    }  # fmt: skip
    for form in ("xml", "json"):
        for path in ("requests", f"requests/{case.no}"):
            said = Client().get(f"{ROOT}{path}.{form}").content.decode()
            assert case.no in said
            for secret in ("王大妈", "13800000001", "138****0001", "401", "纸箱"):
                assert secret not in said.replace("杂物", "")


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_is_open_or_closed_and_explained(cast: Cast, state: CaseState) -> None:
    case, closed = case_of(cast), state in {"closed", "rejected", "merged", "voided"}
    values: dict[str, Any] = {"closed_at": timezone.now()} if closed else {}
    if state == CaseState.REJECTED:
        values["reject_reason"] = RejectReason.DUPLICATE
    if state == CaseState.MERGED:
        values["leading"] = case_of(cast)
    Case.objects.filter(pk=case.pk).update(state=state, **values)
    (found,) = get(f"requests/{case.no}")
    assert found["status"] == ("closed" if closed else "open")
    assert found["status_notes"]
    assert bool(found["service_notice"]) is not closed
    if closed:
        assert found["updated_datetime"] == f"{values['closed_at'].astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert (case.no in numbers(status="closed")) is closed
    assert (case.no in numbers(status="OPEN")) is not closed
    assert case.no in numbers(status="open,closed")


def test_what_the_office_has_published_is_told(cast: Cast) -> None:
    case = case_of(cast, state=CaseState.CLOSED, closed_at=timezone.now(), reply="已清理")
    publish_case(
        case=case, title="幸福网格 · 楼道清理", text="已清理完毕。", photos=[], by=cast.street, at=timezone.now()
    )
    (found,) = get(f"requests/{case.no}")
    assert (found["description"], found["status_notes"]) == ("幸福网格 · 楼道清理", "已清理完毕。")
    Case.objects.filter(pk=case.pk).update(round=2)
    (found,) = get(f"requests/{case.no}")
    assert found["description"] == cast.category.name


def test_requests_of_other_matters_and_other_streets_do_not_exist(cast: Cast) -> None:
    case = case_of(cast)
    hidden = case_of(cast, category=make_category("0801", "B").code)
    private = case_of(cast, category=make_category("1003", "B", public=True, sensitive=True).code)
    assert numbers() == [case.no]
    assert numbers(service_request_id=f"{hidden.no},{private.no}, {case.no},x,²") == [case.no]
    for one in (hidden.no, private.no, "1", "²", "x", "9" * 400, "%00"):
        for what in ("requests", "tokens"):
            answer = Client().get(f"{ROOT}{what}/{one}.xml")
            assert answer.status_code == 404
            errors(answer)
    open_jurisdiction(make_street("990101003").street, "other.example.gov.cn")
    assert numbers(jurisdiction_id="other.example.gov.cn") == []
    assert numbers(jurisdiction_id=ID) == [case.no]
    assert get(f"requests/{case.no}", jurisdiction_id="other.example.gov.cn", wanted=404)


def test_a_token_is_the_id(cast: Cast) -> None:
    case = case_of(cast)
    assert get(f"tokens/{case.no}") == [{"service_request_id": case.no, "token": case.no}]


def test_which_requests(cast: Cast) -> None:
    """Every filter of the standard, and the pages that most servers have."""
    other = Category.objects.get(
        pk=make_category("0602" if cast.category.code != "0602" else "0603", "B", public=True).pk
    )
    day = dt.timedelta(days=1)
    old, mid, new = (case_of(cast, ago) for ago in (100 * day, 40 * day, day))
    third = case_of(cast, 2 * day, category=other.code)
    now = timezone.now()

    def on(ago: dt.timedelta) -> str:
        return (now - ago).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert numbers() == [third.no, new.no, mid.no]
    assert numbers(service_code=other.code) == [third.no]
    assert numbers(service_code=f"{other.code}, {cast.category.code}") == [third.no, new.no, mid.no]
    assert numbers(service_code="9999") == numbers(service_code="²") == numbers(service_code=",x") == []
    assert numbers(start_date=on(120 * day), end_date=on(31 * day)) == [mid.no, old.no]
    assert numbers(start_date=on(120 * day)) == [mid.no, old.no]
    assert numbers(end_date=on(30 * day)) == [mid.no, old.no]
    assert numbers(start_date="", end_date="", status="", service_code="", service_request_id="", page="") == numbers()
    assert numbers(service_request_id=old.no, start_date=on(day), status="closed") == [old.no]
    assert numbers(service_request_id=f"{old.no},{new.no}") == [new.no, old.no]
    assert numbers(page_size="2") == [third.no, new.no]
    assert numbers(page_size="2", page="2") == [mid.no]
    assert numbers(page_size="100000") == numbers(page="1")
    assert numbers(page="900") == []
    local = (now - 2 * day - dt.timedelta(hours=1)).astimezone(dt.timezone(dt.timedelta(hours=8)))
    assert numbers(start_date=local.isoformat()) == [third.no, new.no]
    answer = Client().get(
        f"{ROOT}requests.json?start_date={local.isoformat(timespec='seconds')}"
    )  # the plus is a space
    assert [one["service_request_id"] for one in answer.json()] == [third.no, new.no]
    assert numbers(end_date=f"{(now - 39 * day).astimezone(local.tzinfo):%Y-%m-%d}") == [mid.no, old.no]


@pytest.mark.parametrize(
    "asked",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:01Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00"}, {"start_date": "²"}, {"end_date": "2026-13-45"}, {"end_date": "9" * 50},
        {"status": "resolved"}, {"status": "²"}, {"page": "0"}, {"page": "²"}, {"page": "9" * 40}, {"page_size": "-1"},
        {"page_size": "x"},
    ],
)  # fmt: skip
def test_what_can_not_be_asked_is_refused_in_words(cast: Cast, asked: dict[str, str]) -> None:
    get("requests", wanted=400, **asked)
    errors(Client().get(f"{ROOT}requests.xml", asked))


def test_years_at_the_edge_of_the_calendar_are_no_fault_of_ours(cast: Cast) -> None:
    for asked in (
        {"start_date": "0001-01-01"},
        {"end_date": "0001-01-01T00:00:00Z"},
        {"start_date": "9999-12-31T23:59:59Z"},
    ):
        get("requests", wanted=400, **asked)


def test_the_jurisdiction_is_needed_only_where_there_are_several(cast: Cast) -> None:
    paths = ("services", f"services/{cast.category.code}", "requests", f"requests/{case_of(cast).no}")
    for path in paths:
        get(path)
        get(path, jurisdiction_id="")
        get(path, jurisdiction_id=ID)
        (found,) = get(path, jurisdiction_id="nobody.example.gov.cn", wanted=404)
        assert "nobody.example.gov.cn" in found["description"]
    open_jurisdiction(make_street("990101003").street, "other.example.gov.cn")
    for path in paths:
        get(path, jurisdiction_id=ID)
        assert get(path, wanted=400) == [{"code": 400, "description": "未提供 jurisdiction_id。"}]
    assert ID in get("discovery")["contact"]
    assert "other.example.gov.cn" in get("discovery")["contact"]


@pytest.mark.parametrize("shut", ["off", "closed pages", "no row"])
def test_a_street_that_is_not_open_does_not_answer(cast: Cast, shut: str) -> None:
    row = Jurisdiction.objects.select_related("street__public_page").get()
    if shut == "off":
        row.change(is_open=False)
    elif shut == "closed pages":
        row.street.public_page.change(is_open=False)
    else:
        row.delete()
    for path in ("discovery", "services", "requests"):
        get(path, wanted=400)


@pytest.mark.parametrize(
    "path", ["", "v2/", "v2/services", "v2/services.yaml", "v3/services.xml", "v2/requests/", "x" * 500, "%00"]
)
def test_other_addresses_are_told_in_the_same_shape(cast: Cast, path: str) -> None:
    answer = Client().get(f"/open311/{path}")
    assert answer.status_code == 404
    errors(answer)
    assert Client().get("/open311/v2/nothing.json").json()[0]["code"] == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_is_changed_by_other_methods(cast: Cast, method: str) -> None:
    case = case_of(cast)
    for path in ("requests", f"requests/{case.no}", "services"):
        answer = getattr(Client(), method)(f"{ROOT}{path}.xml")
        assert answer.status_code == 400
        errors(answer)
    assert Client().post(f"{ROOT}services.xml").status_code == 400


def test_scripts_of_other_sites_may_read(cast: Cast) -> None:
    answer = Client().options(f"{ROOT}requests.json", HTTP_ORIGIN="https://app.example.org")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    head = Client().head(f"{ROOT}services.json")
    assert (head.status_code, head.content) == (200, b"")


def test_one_address_reads_so_often_and_no_more(cast: Cast, settings: Any) -> None:
    settings.OPEN311_LIMITS = {**settings.OPEN311_LIMITS, "reads": 3}
    answers = [Client(REMOTE_ADDR="10.1.2.3").get(f"{ROOT}services.xml") for _ in range(12)]
    last = next(answer for answer in answers if answer.status_code == 429)
    assert [answer.status_code for answer in answers[:3]] == [200] * 3
    assert last["Retry-After"] == "60"
    assert re.search(r"<code>429</code>", last.content.decode())


def test_a_list_is_flat(cast: Cast) -> None:
    """One row or three, with results and without: the same queries."""

    def look(rows: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert len(Client().get(f"{ROOT}requests.json").json()) == rows
        return len(caught)

    def closed() -> None:
        case = case_of(cast, state=CaseState.CLOSED, closed_at=timezone.now(), reply="已清理")
        publish_case(case=case, title="已办结", text="已清理。", photos=[], by=cast.street, at=timezone.now())

    closed()
    few = look(1)
    closed()
    closed()
    assert look(3) == few
    assert few <= 4
    assert [reporter.name for reporter in Reporter.objects.all()] == ["王大妈"] * 3  # sealed: nobody is found by a name
