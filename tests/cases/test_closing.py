"""Closing properly: proof, calls back, ratings and reopenings within their windows."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases import actions
from cases.choices import MOST_REOPENINGS, CaseState, OrderState, Part, Score
from cases.models import Callback, Case, Deadline, Order, Policy, Rating
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.choices import PostKind
from tests.cases.closing import CLOSED, DAY, HOUR, REPLY, again, photo, snapshot, walk
from tests.cases.desk import desk, page_of, verb_of
from tests.factories import MONDAY, Cast, give, make_cast, make_unit, make_user
from tests.openapi import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


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
