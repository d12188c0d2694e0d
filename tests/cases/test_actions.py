"""One case's way, and every refusal on it: who may not, what can't be, and that then nothing has changed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases import actions
from cases.actions import Report
from cases.choices import MOVES, Ask, CaseState, OrderState, Score
from cases.models import Case, Deadline, LedgerEntry, Order, Rating
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.choices import PostKind
from tests.factories import MONDAY, Cast, give, make_cast, make_category, make_unit, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def report(cast: Cast, by: User | None = None, **values: Any) -> Case:
    asked = {"category": cast.category.code, "text": "楼道里堆了很多纸箱", "grid": cast.place.micros[0].code, **values}
    return actions.report_case(report=Report(**asked), by=by or cast.street, at=MONDAY)


def snapshot(case: Case) -> list[Any]:
    """Everything that a refused verb must leave as it was."""
    return [
        Case.objects.filter(pk=case.pk).values().get(),
        list(Order.objects.filter(case=case).values()),
        list(Deadline.objects.filter(case=case).values()),
        LedgerEntry.objects.count(),
        Record.objects.count(),
        Notice.objects.count(),
    ]


def walk(cast: Cast, to: str) -> Case:
    """A case of tier B brought to the state TO by the ordinary hands."""
    case = report(cast)
    steps: list[tuple[str, Callable[[], Any]]] = [
        ("accepted", lambda: actions.accept_case(case=case, by=cast.lead, at=MONDAY + HOUR)),
        ("dispatched", lambda: actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY + 2 * HOUR)),
        ("handling", lambda: actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY + 3 * HOUR)),
        (
            "completed",
            lambda: actions.complete_case(case=case, result="已清理", by=cast.unit_staff, at=MONDAY + 4 * HOUR),
        ),
        ("verified", lambda: actions.verify_case(case=case, by=cast.lead, at=MONDAY + 5 * HOUR)),
        ("closed", lambda: actions.close_case(case=case, by=cast.lead, at=MONDAY + 6 * HOUR)),
    ]
    for state, step in steps:
        if case.state == to:
            break
        step()
        case = Case.objects.get(pk=case.pk)
        assert case.state == state
    return case


def test_the_whole_way_is_recorded_step_by_step(cast: Cast) -> None:
    case = walk(cast, "closed")
    actions.rate_case(case=case, score=Score.SATISFIED, solved=True, text="好", by=cast.street, at=MONDAY + 7 * HOUR)
    rows = Record.objects.filter(subject_type="cases.case", subject_id=case.pk).order_by("seq")
    assert [(row.verb, row.actor) for row in rows] == [
        ("cases.reported", cast.street),
        ("cases.accepted", cast.lead),
        ("cases.dispatched", cast.lead),
        ("cases.signed_in", cast.unit_staff),
        ("cases.completed", cast.unit_staff),
        ("cases.verified", cast.lead),
        ("cases.closed", cast.lead),
        ("cases.rated", cast.street),
    ]
    assert rows[1].data["changes"]["state"] == ["submitted", "accepted"]
    case.refresh_from_db()
    assert (case.accepted_at, case.completed_at, case.closed_at) == (
        MONDAY + HOUR,
        MONDAY + 4 * HOUR,
        MONDAY + 6 * HOUR,
    )
    assert case.rating.score == Score.SATISFIED
    assert not case.deadlines.running().exists()


def test_a_workers_own_find_is_accepted_at_once_and_tier_a_is_the_workers(cast: Cast) -> None:
    make_category("0603", "A")
    case = report(cast, cast.worker, category="0603", grid="")
    assert (case.state, case.accepted_at, case.signed_at) == (CaseState.HANDLING, MONDAY, MONDAY)
    order = case.orders.get()
    assert (order.grid, order.handler, order.state) == (cast.place.micros[0], cast.worker, OrderState.SIGNED)
    assert [d.clock for d in case.deadlines.all()] == ["case"]
    actions.complete_case(case=case, result="当场劝导,已清理", by=cast.worker, at=MONDAY + HOUR)
    with pytest.raises(Forbidden):
        actions.verify_case(case=case, by=cast.worker, at=MONDAY + HOUR)


def test_a_workers_find_elsewhere_waits_for_acceptance(cast: Cast) -> None:
    case = report(cast, cast.worker, grid=cast.place.micros[1].code)
    assert (case.state, case.accepted_at) == (CaseState.SUBMITTED, None)
    assert [d.clock for d in case.deadlines.all()] == ["response"]
    # What the own hand reported stays in sight.
    assert list(Case.objects.visible_to(cast.worker)) == [case]


def test_a_made_title_follows_the_category_and_a_written_one_stays(cast: Cast) -> None:
    other = make_category("0701", "B")
    made, written = report(cast, place="二单元"), report(cast, place="二单元", title="纸箱堵门")
    for case in (made, written):
        actions.accept_case(case=case.pk, category=other.code, by=cast.lead, at=MONDAY)
        case.refresh_from_db()
    assert (made.title, written.title) == (f"{other.name}-二单元", "纸箱堵门")


@pytest.mark.parametrize(
    ("who", "tier", "code"),
    [
        ("worker", "A", "tier_not_yours"),
        ("lead", "A", "tier_not_yours"),
        ("worker", "C", "tier_not_yours"),
        ("lead", "C", "tier_not_yours"),
    ],
)
def test_a_tier_that_is_not_yours_is_refused(cast: Cast, who: str, tier: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        report(cast, getattr(cast, who), tier=tier)
    assert (refusal.value.code, refusal.value.field) == (code, "tier")
    assert Case.objects.count() == 0
    assert Record.objects.count() == 0


def test_the_street_may_lower_and_the_lead_may_raise_a_tier(cast: Cast) -> None:
    make_category("0603", "A")
    assert report(cast, cast.street, tier="A").tier == "A"
    assert report(cast, cast.lead, category="0603", tier="B").tier == "B"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"category": "9999"}, "category"),
        ({"category": "06"}, "category"),
        ({"text": "  "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"grid": "990101001009009"}, "grid"),
        ({"grid": "", "lng": 113.5}, "lng"),
        ({"grid": "", "lng": 113.5, "lat": 37.8}, "lng"),
    ],
)
def test_a_report_that_cannot_be_right_is_refused(cast: Cast, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        report(cast, **values)
    assert refusal.value.field == field
    assert (Case.objects.count(), Deadline.objects.count(), Record.objects.count()) == (0, 0, 0)


def test_a_category_that_needs_a_place_asks_for_it(cast: Cast) -> None:
    cast.category.change(needs_place=True)
    with pytest.raises(Invalid) as refusal:
        report(cast)
    assert refusal.value.code == "place_needed"
    assert report(cast, place="3号楼2单元").place == "3号楼2单元"


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_administrators_have_no_cases(cast: Cast, role: str) -> None:
    hand = make_user(role)
    with pytest.raises(Forbidden):
        report(cast, hand)
    assert not Case.objects.visible_to(hand).exists()


VERBS: dict[str, Callable[[Case, User], Any]] = {
    "accept": lambda case, by: actions.accept_case(case=case, by=by, at=MONDAY + HOUR),
    "reject": lambda case, by: actions.reject_case(case=case, reason="no_content", by=by, at=MONDAY + HOUR),
    "dispatch": lambda case, by: actions.dispatch_case(case=case, grid=case.grid.code, by=by, at=MONDAY + HOUR),
    "reassign": lambda case, by: actions.reassign_case(
        case=case, grid=case.grid.code, reason="改派", by=by, at=MONDAY + HOUR
    ),
    "sign_in": lambda case, by: actions.sign_in_case(case=case, by=by, at=MONDAY + HOUR),
    "progress": lambda case, by: actions.note_progress(case=case, note="在办", by=by, at=MONDAY + HOUR),
    "raise": lambda case, by: actions.raise_tier(case=case, tier="C", reason="办不了", by=by, at=MONDAY + HOUR),
    "complete": lambda case, by: actions.complete_case(case=case, result="好了", by=by, at=MONDAY + HOUR),
    "verify": lambda case, by: actions.verify_case(case=case, by=by, at=MONDAY + HOUR),
    "rework": lambda case, by: actions.rework_case(case=case, reason="没好", by=by, at=MONDAY + HOUR),
    "close": lambda case, by: actions.close_case(case=case, by=by, at=MONDAY + HOUR),
    "reopen": lambda case, by: actions.reopen_case(case=case, reason="又来了", by=by, at=MONDAY + HOUR),
    "rate": lambda case, by: actions.rate_case(case=case, score=3, solved=True, by=by, at=MONDAY + HOUR),
}
# Who ordinarily does it, so that the only thing in the way is the state.
HANDS = {"sign_in": "unit_staff", "progress": "unit_staff", "complete": "unit_staff"}
REACHABLE = ["submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed"]


# Moves that leave the state as it is, or need more than a case to be tried: tried in the tests of their own verbs.
TRIED_ELSEWHERE = {
    "ask", "return", "extend", "suspend", "park", "resume", "reclassify", "void", "exclude",  # test_asking
    "merge", "unmerge", "call_back", "publish_reply",  # test_merging, test_closing
    "whistle", "report_in", "assist", "excuse", "team",  # test_helping
    "urge", "supervise", "answer",  # test_ladder
    "publish", "unpublish",  # test_publishing
    "add_photo",  # test_api
}  # fmt: skip


def test_every_move_of_the_table_has_its_verb() -> None:
    assert set(VERBS) | TRIED_ELSEWHERE == set(MOVES)


@pytest.mark.parametrize("state", REACHABLE)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_a_verb_works_only_from_the_states_of_the_table(cast: Cast, state: str, verb: str) -> None:
    case = walk(cast, state)
    by = getattr(cast, HANDS.get(verb, "street"))
    if case.lead_order is None and verb in HANDS:
        by = cast.street
    before = snapshot(case)
    sources, target = MOVES[verb]
    if state in sources:
        VERBS[verb](case, by)
        assert Case.objects.get(pk=case.pk).state == (target or state)
    else:
        with pytest.raises((Conflict, Forbidden)):
            VERBS[verb](case, by)
        assert snapshot(case) == before


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_an_outsider_meets_no_case(cast: Cast, verb: str) -> None:
    case = walk(cast, next(iter(sorted(MOVES[verb][0]))))
    before = snapshot(case)
    with pytest.raises(Case.DoesNotExist):
        VERBS[verb](case, cast.outsider)
    assert snapshot(case) == before


@pytest.mark.parametrize(
    ("verb", "state", "who"),
    [
        ("accept", "submitted", "worker"),
        ("reject", "submitted", "worker"),
        ("dispatch", "accepted", "worker"),
        ("sign_in", "dispatched", "lead"),
        ("progress", "handling", "lead"),
        ("raise", "handling", "unit_staff"),
        ("complete", "handling", "lead"),
        ("verify", "completed", "worker"),
        ("verify", "completed", "unit_staff"),
        ("rework", "completed", "unit_staff"),
        ("close", "verified", "unit_staff"),
        ("reopen", "closed", "worker"),
        ("rate", "closed", "unit_staff"),
        ("rate", "closed", "worker"),
    ],
)
def test_the_wrong_hands_are_refused(cast: Cast, verb: str, state: str, who: str) -> None:
    case = walk(cast, state)
    before = snapshot(case)
    with pytest.raises(Forbidden):
        VERBS[verb](case, getattr(cast, who))
    assert snapshot(case) == before


def test_tier_c_is_dispatched_by_the_street_only(cast: Cast) -> None:
    make_category("0301", "C")
    case = report(cast, category="0301")
    actions.accept_case(case=case, by=cast.total_lead, at=MONDAY)
    with pytest.raises(Forbidden):
        actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.total_lead, at=MONDAY)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.street, at=MONDAY)


def test_nobody_verifies_or_closes_the_own_work(cast: Cast) -> None:
    """Not the handler, and not a colleague of the unit that did it, even with a lead's role."""
    case = walk(cast, "accepted")
    actions.dispatch_case(case=case, grid=cast.place.comprehensives[0].code, by=cast.total_lead, at=MONDAY)
    actions.sign_in_case(case=case, by=cast.lead, at=MONDAY)
    actions.complete_case(case=case, result="好了", by=cast.lead, at=MONDAY)
    colleague = make_user(Role.TOTAL_LEAD)
    give(colleague, PostKind.ROOT_GRID_LEAD, cast.place.totals[0])
    before = snapshot(case)
    with pytest.raises(Forbidden) as refusal:
        actions.verify_case(case=case, by=cast.lead, at=MONDAY)
    assert refusal.value.code == "own_work"
    assert snapshot(case) == before
    actions.verify_case(case=case, by=colleague, at=MONDAY)
    with pytest.raises(Forbidden):
        actions.close_case(case=case, by=cast.lead, at=MONDAY)


@pytest.mark.parametrize("where", ["nowhere", "both", "unknown unit", "elsewhere", "nobody", "resting"])
def test_an_order_must_reach_somebody_who_answers_for_the_place(cast: Cast, where: str) -> None:
    case = walk(cast, "accepted")
    empty, resting = make_unit(), make_unit(is_active=False)
    give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, empty)
    target: dict[str, Any] = {
        "nowhere": {}, "both": {"unit": cast.unit.pk, "grid": case.grid.code}, "unknown unit": {"unit": 10**9},
        "elsewhere": {"grid": cast.place.micros[1].code}, "nobody": {"unit": empty.pk}, "resting": {"unit": resting.pk},
    }[where]  # fmt: skip
    before = snapshot(case)
    with pytest.raises((Invalid, Conflict)):
        actions.dispatch_case(case=case, by=cast.lead, at=MONDAY, **target)
    assert snapshot(case) == before


def test_an_order_comes_to_the_inbox_of_everyone_it_is_for(cast: Cast) -> None:
    colleague = make_user(Role.UNIT_STAFF)
    give(colleague, PostKind.UNIT_STAFF, cast.unit)
    former = make_user(Role.UNIT_STAFF)
    give(former, PostKind.UNIT_STAFF, cast.unit, valid_to=MONDAY.date() - dt.timedelta(days=1))
    give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, cast.unit)  # is called, not sent orders
    walk(cast, "dispatched")
    told = Notice.objects.filter(kind=NoticeKind.ORDER).values_list("user", flat=True)
    assert set(told) == {cast.unit_staff.pk, colleague.pk}


def test_a_return_goes_back_to_the_sender_and_only_once(cast: Cast) -> None:
    case = walk(cast, "dispatched")
    asked = {
        "kind": Ask.RETURN,
        "reason": "不属我单位职责",
        "whose": "城管办",
        "contact": "李科长",
        "basis": "权责清单",
    }
    row = actions.ask(case=case.pk, **asked, by=cast.unit_staff, at=MONDAY + 2 * HOUR)
    # Somebody else than the sender allows it, and the sender is told.
    actions.decide(application=row, approve=True, by=cast.total_lead, at=MONDAY + 3 * HOUR)
    assert Notice.objects.get(kind=NoticeKind.RETURNED).user == cast.lead
    order = case.orders.get()
    assert (order.state, order.return_reason, order.ended_at) == (
        OrderState.RETURNED,
        "不属我单位职责",
        MONDAY + 3 * HOUR,
    )
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY + 4 * HOUR)
    before = snapshot(case)
    with pytest.raises(Conflict) as refusal:
        actions.ask(case=case.pk, **asked, by=cast.unit_staff, at=MONDAY + 5 * HOUR)
    assert refusal.value.code == "returned_before"
    assert snapshot(case) == before


def test_failed_verification_brings_the_case_back_to_the_same_hands(cast: Cast) -> None:
    case = walk(cast, "completed")
    actions.rework_case(case=case, reason="只清了一半", by=cast.lead, at=MONDAY + 5 * HOUR)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.rework_count, case.completed_at) == (CaseState.HANDLING, 1, None)
    assert case.lead_order is not None
    assert (case.lead_order.handler, case.lead_order.state) == (cast.unit_staff, OrderState.SIGNED)
    actions.complete_case(case=case, result="全清了", by=cast.unit_staff, at=MONDAY + 6 * HOUR)
    assert Case.objects.get(pk=case.pk).result == "全清了"


def test_evidence_is_asked_only_where_the_category_says_so(cast: Cast) -> None:
    cast.category.change(needs_photo=True)
    case = walk(cast, "handling")
    before = snapshot(case)
    with pytest.raises(Invalid) as refusal:
        actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY)
    assert refusal.value.code == "photo_needed"
    assert snapshot(case) == before


def test_a_rating_may_be_changed_once(cast: Cast) -> None:
    case = walk(cast, "closed")
    for score in (Score.UNSATISFIED, Score.VERY):
        actions.rate_case(case=case, score=score, solved=True, by=cast.street, at=MONDAY + 7 * HOUR)
    with pytest.raises(Conflict):
        actions.rate_case(case=case, score=Score.SATISFIED, solved=True, by=cast.street, at=MONDAY + 7 * HOUR)
    assert (Rating.objects.get().score, Rating.objects.get().changes) == (Score.VERY, 1)


def test_looking_at_the_reporter_needs_a_reason_and_leaves_a_trace(cast: Cast) -> None:
    case = report(cast, reporter_name="王小明", reporter_phone="13800000001")
    created = Record.objects.get(verb="cases.reported")
    assert (created.data["reporter"], created.data["phone"]) == ("王**", "138****0001")
    with pytest.raises(Invalid):
        actions.reveal_reporter(case=case, reason="  ", by=cast.lead, at=MONDAY)
    assert not Record.objects.filter(verb="cases.revealed").exists()
    assert actions.reveal_reporter(case=case, reason="电话核实地点", by=cast.lead, at=MONDAY).phone == "13800000001"
    row = Record.objects.get(verb="cases.revealed")
    assert (row.actor, row.data) == (cast.lead, {"note": "电话核实地点"})
