"""Closing properly: proof, the public reply, calls back, ratings and reopenings within their windows."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases import actions
from cases.actions import Report
from cases.choices import MOST_REOPENINGS, CaseState, OrderState, Part, Score
from cases.models import Callback, Case, Deadline, LedgerEntry, Order, Photo, Policy, Rating
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.masking import names_somebody
from gridgov.core.models import Record
from grids.choices import PostKind
from tests.cases.desk import desk, page_of, verb_of
from tests.factories import MONDAY, Cast, give, make_cast, make_unit, make_user
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
REPLY = "您反映的楼道堆物已清理完毕。"
STATES = ("accepted", "dispatched", "handling", "completed", "verified", "closed")


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def walk(cast: Cast, to: str, reply: str = "", **values: Any) -> Case:
    """A case brought to the state TO, an hour a step, closed on Monday at 15:00."""
    asked = {"category": cast.category.code, "text": "楼道里堆了很多纸箱", "grid": cast.place.micros[0].code, **values}
    case = actions.report_case(report=Report(**asked), by=cast.street, at=MONDAY)
    verbs = (
        lambda at: actions.accept_case(case=case.pk, by=cast.lead, at=at),
        lambda at: actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at),
        lambda at: actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at),
        lambda at: actions.complete_case(case=case.pk, result="已清理", by=cast.unit_staff, at=at),
        lambda at: actions.verify_case(case=case.pk, by=cast.lead, at=at),
        lambda at: actions.close_case(case=case.pk, reply=reply, by=cast.lead, at=at),
    )
    for n, verb in enumerate(verbs[: STATES.index(to) + 1], 1):
        verb(MONDAY + n * HOUR)
    return Case.objects.get(pk=case.pk)


CLOSED = MONDAY + 6 * HOUR


def again(cast: Cast, case: Case, at: dt.datetime) -> None:
    """The way of a reopened case to its next closing."""
    actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at)
    actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at)
    actions.complete_case(case=case.pk, result="又清了", by=cast.unit_staff, at=at)
    actions.verify_case(case=case.pk, by=cast.lead, at=at)
    actions.close_case(case=case.pk, by=cast.lead, at=at)


def snapshot(case: Case) -> list[Any]:
    return [
        Case.objects.filter(pk=case.pk).values().get(),
        *(list(model.objects.filter(case=case).values()) for model in (Order, Deadline, Rating, Callback)),
        LedgerEntry.objects.count(), Record.objects.count(), Notice.objects.count(),
    ]  # fmt: skip


def photo(case: Case, kind: str, by: User) -> None:
    values = {"file": "x", "thumb": "y", "width": 1, "height": 1, "bytes": 1}
    Photo.objects.create(case=case, kind=kind, sha256=kind, by=by, at=MONDAY, **values)


# --- proof -----------------------------------------------------------------------------------------------------------


def test_photos_before_and_after_are_asked_for_when_the_matter_list_says_so(cast: Cast) -> None:
    cast.category.change(needs_photo=True, needs_photo_before=True, basis="城市市容管理条例")
    case = walk(cast, "handling")
    for kind, code in (("after", "photo_needed"), ("before", "photo_before_needed")):
        before = snapshot(case)
        with pytest.raises(Invalid) as refusal:
            actions.complete_case(case=case.pk, result="好了", by=cast.unit_staff, at=MONDAY + 5 * HOUR)
        assert (refusal.value.code, refusal.value.field) == (code, "photos")
        assert "城市市容管理条例" in str(refusal.value)
        assert snapshot(case) == before
        photo(case, kind, cast.unit_staff)
    actions.complete_case(case=case.pk, result="好了", by=cast.unit_staff, at=MONDAY + 5 * HOUR)
    assert Case.objects.get(pk=case.pk).state == CaseState.COMPLETED


def test_a_missing_photo_is_only_a_hint_at_report(cast: Cast) -> None:
    cast.category.change(needs_photo_before=True)
    given = {
        "category": cast.category.code,
        "text": "堆物",
        "channel": "grid_worker",
        "grid": cast.place.micros[0].code,
    }
    answer = desk(cast.street).post("/admin/cases/case/add/", given, follow=True)
    assert (answer.status_code, Case.objects.count()) == (200, 1)
    assert [message.level_tag for message in answer.context["messages"]] == ["info", "success"]


def test_the_switches_are_set_by_api_by_the_street_only(cast: Cast) -> None:
    url = f"/api/v1/categories/{cast.category.code}/"
    assert client_of(cast.lead).patch(url, {"needs_photo_before": True}, format="json").status_code == 403
    assert not Record.objects.filter(verb="cases.category_changed").exists()
    answer = client_of(cast.street).patch(url, {"needs_photo_before": True}, format="json")
    assert (answer.status_code, answer.json()["needs_photo_before"], answer.json()["enabled"]) == (200, True, True)
    row = Record.objects.get(verb="cases.category_changed")
    assert row.data == {"changes": {"needs_photo_before": [False, True]}}


# --- the public reply ------------------------------------------------------------------------------------------------


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


# --- verifier ≠ handler ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_unit", [False, True])
def test_whoever_assisted_does_not_verify_call_back_or_rate(cast: Cast, by_unit: bool) -> None:
    case = walk(cast, "completed")
    helper, unit = make_user(Role.COMPREHENSIVE_LEAD), make_unit()
    give(helper, PostKind.GRID_LEAD, cast.place.comprehensives[0])
    to = {"unit": unit} if by_unit else {"grid": cast.place.comprehensives[0], "handler": helper}
    if by_unit:
        give(helper, PostKind.UNIT_STAFF, unit)
    Order.objects.create(case=case, part=Part.ASSIST, state=OrderState.DONE, sent_by=cast.lead, sent_at=MONDAY, **to)
    before = snapshot(case)
    for verb, values in ((actions.verify_case, {}), (actions.rework_case, {"reason": "没好"}),
                         (actions.call_back, {"reached": False})):  # fmt: skip
        with pytest.raises(Forbidden) as refusal:
            verb(case=case.pk, by=User.objects.get(pk=helper.pk), at=CLOSED, **values)
        assert refusal.value.code == "own_work"
    assert snapshot(case) == before
    Order.objects.filter(part=Part.ASSIST).update(state=OrderState.EXCUSED)
    # Whoever was excused had no part in it.
    actions.verify_case(case=case.pk, by=User.objects.get(pk=helper.pk), at=CLOSED)


def test_the_verifiers_clock_is_a_policy(cast: Cast) -> None:
    Policy.objects.create(limit="verify", value=4, unit="natural_hour", effective_from=MONDAY - DAY)
    case = walk(cast, "completed")
    assert Deadline.objects.get(case=case, clock="verify").due_at == MONDAY + 8 * HOUR


# --- calls back ------------------------------------------------------------------------------------------------------


def test_calls_back_are_put_down_as_often_as_it_takes_and_suggest_rework(cast: Cast) -> None:
    case = walk(cast, "completed")
    actions.call_back(case=case.pk, reached=False, note="无人接听", by=cast.lead, at=MONDAY + 5 * HOUR)
    page = desk(cast.lead).get(page_of(case)).context
    assert (page["suggests_rework"], [b.verb.name for b in page["buttons"] if b.primary]) == (False, ["verify"])
    actions.call_back(case=case.pk, reached=True, solved=False, note="还有一半", by=cast.worker, at=MONDAY + 6 * HOUR)
    page = desk(cast.lead).get(page_of(case)).context
    assert (page["suggests_rework"], [b.verb.name for b in page["buttons"] if b.primary]) == (True, ["rework"])
    rows = Callback.objects.values_list("reached", "solved", "note", "by", "round")
    assert list(rows) == [(False, None, "无人接听", cast.lead.pk, 1), (True, False, "还有一半", cast.worker.pk, 1)]
    assert Record.objects.filter(verb="cases.called_back").count() == 2
    actions.call_back(case=case.pk, reached=True, solved=True, by=cast.lead, at=MONDAY + 7 * HOUR)
    assert desk(cast.lead).get(page_of(case)).context["suggests_rework"] is False


def test_a_call_says_what_was_answered_and_is_not_made_by_the_handler(cast: Cast) -> None:
    case = walk(cast, "completed")
    before = snapshot(case)
    with pytest.raises(Invalid) as refusal:
        actions.call_back(case=case.pk, reached=True, by=cast.lead, at=CLOSED)
    assert refusal.value.field == "solved"
    with pytest.raises(Invalid):
        actions.call_back(case=case.pk, reached=False, note="长" * 501, by=cast.lead, at=CLOSED)
    with pytest.raises(Forbidden):
        actions.call_back(case=case.pk, reached=False, by=cast.unit_staff, at=CLOSED)
    with pytest.raises(Case.DoesNotExist):
        actions.call_back(case=case.pk, reached=False, by=cast.outsider, at=CLOSED)
    assert snapshot(case) == before
    early = walk(cast, "handling")
    with pytest.raises(Conflict):
        actions.call_back(case=early.pk, reached=False, by=cast.lead, at=CLOSED)
    # Nobody reached, nothing answered, whatever was ticked.
    assert actions.call_back(case=case.pk, reached=False, solved=True, by=cast.lead, at=CLOSED).solved is None


# --- rating and reopening --------------------------------------------------------------------------------------------


def test_a_rating_comes_within_its_window(cast: Cast) -> None:
    case = walk(cast, "closed")
    end = CLOSED + 7 * DAY
    before = snapshot(case)
    with pytest.raises(Conflict) as refusal:
        actions.rate_case(case=case.pk, score=4, solved=True, by=cast.street, at=end + dt.timedelta(seconds=1))
    assert (refusal.value.code, "2026-09-14" in str(refusal.value), snapshot(case)) == ("rating_over", True, before)
    assert actions.rate_case(case=case.pk, score=4, solved=True, by=cast.street, at=end).score == Score.VERY


def test_the_windows_are_those_in_force_at_the_closing(cast: Cast) -> None:
    values = {"unit": "natural_day", "tier": "B", "street": cast.place.street}
    Policy.objects.create(limit="rating", value=Decimal(2), effective_from=MONDAY, **values)
    Policy.objects.create(limit="reopening", value=Decimal(3), effective_from=MONDAY, **values)
    Policy.objects.create(limit="rating", value=Decimal(30), effective_from=CLOSED + HOUR, **values)
    case = walk(cast, "closed")
    with pytest.raises(Conflict) as refusal:
        actions.rate_case(case=case.pk, score=4, solved=True, by=cast.street, at=CLOSED + 2 * DAY + HOUR)
    assert refusal.value.code == "rating_over"
    with pytest.raises(Conflict) as refusal:
        actions.reopen_case(case=case.pk, reason="又堆了", by=cast.lead, at=CLOSED + 3 * DAY + HOUR)
    assert refusal.value.code == "reopening_over"


@pytest.mark.parametrize(("score", "solved", "told"), [(1, True, 1), (3, False, 1), (2, True, 0), (4, True, 0)])
def test_the_leads_hear_of_a_discontent_reporter_once(cast: Cast, score: int, solved: bool, told: int) -> None:
    case = walk(cast, "closed")
    for n in (1, 2):
        actions.rate_case(case=case.pk, score=score, solved=solved, by=cast.street, at=CLOSED + n * HOUR)
    found = Notice.objects.filter(kind=NoticeKind.PROGRESS)
    assert [(n.user, n.params["reopen"], n.params["until"]) for n in found] == [
        (cast.lead, case.no, "2026-09-22")
    ] * told


def test_a_rating_of_a_round_that_is_over_gives_way(cast: Cast) -> None:
    case = walk(cast, "closed")
    for score in (1, 2):
        actions.rate_case(case=case.pk, score=score, solved=False, by=cast.street, at=CLOSED + HOUR)
    actions.reopen_case(case=case.pk, reason="又堆了", by=cast.lead, at=CLOSED + DAY)
    again(cast, case, CLOSED + 2 * DAY)
    actions.rate_case(case=case.pk, score=4, solved=True, by=cast.street, at=CLOSED + 3 * DAY)
    rating = Rating.objects.get()
    assert (rating.score, rating.changes) == (Score.VERY, 0)
    actions.rate_case(case=case.pk, score=3, solved=True, by=cast.street, at=CLOSED + 3 * DAY)
    with pytest.raises(Conflict) as refusal:
        actions.rate_case(case=case.pk, score=1, solved=True, by=cast.street, at=CLOSED + 3 * DAY)
    assert refusal.value.code == "rated"


def test_reopening_ends_with_its_window_and_its_cap_for_the_street_too(cast: Cast) -> None:
    case = walk(cast, "closed")
    before = snapshot(case)
    with pytest.raises(Conflict) as refusal:
        actions.reopen_case(case=case.pk, reason="又堆了", by=cast.street, at=CLOSED + 15 * DAY + HOUR)
    assert (refusal.value.code, snapshot(case)) == ("reopening_over", before)
    assert case.no in str(refusal.value) and "2026-09-22" in str(refusal.value)
    at = CLOSED
    for _ in range(MOST_REOPENINGS):
        at += DAY
        actions.reopen_case(case=case.pk, reason="又堆了", by=cast.lead, at=at)
        again(cast, case, at + HOUR)
    before = snapshot(case)
    with pytest.raises(Conflict) as refusal:
        actions.reopen_case(case=case.pk, reason="又堆了", by=cast.street, at=at + DAY)
    assert (refusal.value.code, case.no in str(refusal.value), snapshot(case)) == ("reopened_often", True, before)
    assert verb_of(case, "reopen") not in desk(cast.street).get(page_of(case)).content.decode()


def test_reopening_takes_the_reply_back(cast: Cast) -> None:
    case = walk(cast, "closed", reply=REPLY, channel="phone")
    actions.reopen_case(case=case.pk, reason="又堆了", by=cast.lead, at=CLOSED + DAY)
    assert Case.objects.get(pk=case.pk).reply == ""
    assert Record.objects.get(verb="cases.reopened").data["changes"]["reply"] == [REPLY, ""]
    with pytest.raises(Invalid) as refusal:
        again(cast, case, CLOSED + 2 * DAY)
    assert refusal.value.code == "reply_needed"


# --- the faces -------------------------------------------------------------------------------------------------------


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
