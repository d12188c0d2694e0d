"""The public reply: where one is owed, what may stand in it, and how it is told apart from the account."""

from typing import Any

import pytest

from cases import actions
from cases.actions import Report
from cases.choices import CaseState
from cases.models import Callback, Case
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.masking import names_somebody
from gridgov.core.models import Record
from tests.cases.closing import CLOSED, DAY, HOUR, REPLY, snapshot, walk
from tests.cases.desk import desk, page_of, verb_of
from tests.factories import MONDAY, Cast, make_cast
from tests.openapi import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


@pytest.mark.parametrize(
    ("values", "owed"),
    [
        ({}, False), ({"channel": "visit"}, False), ({"channel": "snapshot", "anonymous": True}, True),
        ({"channel": "hotline_12345"}, True), ({"reporter_name": "王小明"}, True), ({"reporter_phone": "13800000001"}, True),
    ],
)  # fmt: skip
def test_a_reply_must_stand_where_somebody_waits_for_one(cast: Cast, values: dict[str, Any], owed: bool) -> None:
    case = walk(cast, "verified", **values)
    if owed:
        before = snapshot(case)
        with pytest.raises(Invalid) as refusal:
            actions.close_case(case=case.pk, note="已电话告知", by=cast.lead, at=CLOSED)
        assert (refusal.value.code, refusal.value.field, snapshot(case)) == ("reply_needed", "reply", before)
        actions.close_case(case=case.pk, note="已电话告知", reply=REPLY, by=cast.lead, at=CLOSED)
    else:
        actions.close_case(case=case.pk, by=cast.lead, at=CLOSED)
    case.refresh_from_db()
    assert (case.state, case.reply) == (CaseState.CLOSED, REPLY if owed else "")


def test_the_reporter_of_a_merged_case_waits_for_the_answer_too(cast: Cast) -> None:
    leading = walk(cast, "verified")
    asked = Report(category=cast.category.code, text="堆物", grid=cast.place.micros[0].code, channel="phone")
    case = actions.report_case(report=asked, by=cast.street, at=MONDAY + HOUR)
    actions.merge_case(case=case.pk, leading=leading.pk, reason="同一件", by=cast.lead, at=MONDAY + 6 * HOUR)
    with pytest.raises(Invalid) as refusal:
        actions.close_case(case=leading.pk, by=cast.lead, at=CLOSED)
    assert refusal.value.code == "reply_needed"


def test_a_reply_given_at_completion_stands_at_closing(cast: Cast) -> None:
    case = walk(cast, "handling", channel="phone")
    actions.complete_case(
        case=case.pk, result="与物业一起清走三车", reply=f" {REPLY} ", by=cast.unit_staff, at=MONDAY + 4 * HOUR
    )
    actions.verify_case(case=case.pk, by=cast.lead, at=MONDAY + 5 * HOUR)
    actions.close_case(case=case.pk, by=cast.lead, at=CLOSED)
    case.refresh_from_db()
    assert (case.result, case.reply) == ("与物业一起清走三车", REPLY)


def test_a_reply_is_changed_with_what_it_was_before(cast: Cast) -> None:
    case = walk(cast, "closed", reply=REPLY, channel="phone")
    actions.set_reply(case=case.pk, reply="已清理，并约定每周巡查。", by=cast.lead, at=MONDAY + DAY)
    row = Record.objects.get(verb="cases.replied")
    assert (row.actor, row.data["changes"]) == (cast.lead, {"reply": [REPLY, "已清理，并约定每周巡查。"]})
    assert Case.objects.get(pk=case.pk).state == CaseState.CLOSED


@pytest.mark.parametrize(
    ("reply", "code"),
    [("  ", "reply_needed"), ("长" * 2001, "invalid"), ("请找王师傅 13912345678", "personal_data"),
     ("身份证 110101199003071234 的住户", "personal_data")],
)  # fmt: skip
def test_what_cannot_be_published(cast: Cast, reply: str, code: str) -> None:
    case = walk(cast, "verified")
    before = snapshot(case)
    with pytest.raises(Invalid) as refusal:
        actions.set_reply(case=case.pk, reply=reply, by=cast.lead, at=CLOSED)
    assert (refusal.value.code, refusal.value.field) == (code, "reply")
    if code == "personal_data":
        with pytest.raises(Invalid):
            actions.close_case(case=case.pk, reply=reply, by=cast.lead, at=CLOSED)
    assert snapshot(case) == before
    for who in (cast.worker, cast.unit_staff):
        with pytest.raises(Forbidden):
            actions.set_reply(case=case.pk, reply=REPLY, by=who, at=CLOSED)
    with pytest.raises(Case.DoesNotExist):
        actions.set_reply(case=case.pk, reply=REPLY, by=cast.outsider, at=CLOSED)
    assert snapshot(case) == before


def test_a_completion_with_a_reply_that_names_somebody_is_refused(cast: Cast) -> None:
    case = walk(cast, "handling")
    before = snapshot(case)
    with pytest.raises(Invalid) as refusal:
        actions.complete_case(
            case=case.pk, result="好了", reply="电话 139 1234 5678", by=cast.unit_staff, at=MONDAY + 4 * HOUR
        )
    assert (refusal.value.code, snapshot(case)) == ("personal_data", before)


@pytest.mark.parametrize("state", ["accepted", "handling"])
def test_nothing_is_published_before_completion(cast: Cast, state: str) -> None:
    case = walk(cast, state)
    before = snapshot(case)
    with pytest.raises(Conflict):
        actions.set_reply(case=case.pk, reply=REPLY, by=cast.lead, at=CLOSED)
    assert snapshot(case) == before


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13912345678", True), ("139-1234-5678", True), ("+86 139 1234 5678", True), ("１３９１２３４５６７８", True),
        ("电话13912345678。", True), ("11010119900307123X", True), ("110101900307123", True), ("138****0001", False),
        ("案件 20260907000123", False), ("请拨打 010-12345678", False), ("12345 热线", False), ("订单 139123456789", False), ("", False),
    ],
)  # fmt: skip
def test_mobile_and_identity_numbers_are_found(text: str, found: bool) -> None:
    assert names_somebody(text) is found


def test_the_api_keeps_account_and_answer_apart(cast: Cast) -> None:
    lead, unit = client_of(cast.lead), client_of(cast.unit_staff)
    case = walk(cast, "handling", channel="phone")
    url = f"/api/v1/cases/{case.pk}/"
    assert unit.post(f"{url}complete/", {"result": "清走三车", "reply": "已清理。"}).status_code == 200
    assert unit.post(f"{url}call-back/", {"reached": False}).status_code == 403
    answer = lead.post(f"{url}call-back/", {"reached": True, "solved": True, "note": "很好"})
    assert (answer.status_code, answer.json()["solved"], answer.json()["by"]) == (200, True, cast.lead.full_name)
    assert lead.post(f"{url}verify/", {}).status_code == 200
    wrong = lead.post(f"{url}reply/", {"reply": "13912345678"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (400, "personal_data")
    assert lead.post(f"{url}reply/", {"reply": REPLY}).json()["state"] == "verified"
    assert lead.post(f"{url}close/", {"note": "内部说明"}).json()["state"] == "closed"
    found = lead.get(url).json()
    assert (found["result"], found["reply"], len(found["callbacks"])) == ("清走三车", REPLY, 1)


def test_the_pages_have_forms_for_it(cast: Cast) -> None:
    case, client = walk(cast, "completed", channel="phone"), desk(cast.lead)
    assert (
        client.post(verb_of(case, "call-back"), {"reached": "yes", "solved": "no", "note": "没好"}).status_code == 302
    )
    assert client.post(verb_of(case, "call-back"), {"reached": "no", "solved": ""}).status_code == 302
    assert list(Callback.objects.values_list("solved", flat=True)) == [False, None]
    bare = client.post(verb_of(case, "call-back"), {"reached": "yes", "solved": ""})
    assert (bare.status_code, list(bare.context["form"].errors)) == (400, ["solved"])
    assert client.post(verb_of(case, "reply"), {"reply": REPLY}).status_code == 302
    assert client.get(verb_of(case, "reply")).context["form"].initial == {"reply": REPLY}
    assert client.post(verb_of(case, "verify"), {"note": ""}).status_code == 302
    assert client.post(verb_of(case, "close"), {"note": "", "reply": "电话13912345678"}).status_code == 400
    assert client.post(verb_of(case, "close"), {"note": "", "reply": ""}).status_code == 302
    page = client.get(page_of(case)).content.decode()
    assert REPLY in page
    assert desk(cast.unit_staff).get(verb_of(case, "reply")).status_code == 403
