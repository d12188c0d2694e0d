"""Applications: who asks, who decides, what follows; nothing is gained by asking, and nothing lost."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases import actions
from cases.choices import Ask, AskState, Clock, Hold, Level, OrderState, PauseReason
from cases.models import Application, ApprovalRule, Case, Deadline, LedgerEntry
from gridgov.core import jobs
from gridgov.core.calendar import LimitUnit
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.choices import PostKind
from tests.cases.desk import walk
from tests.cases.test_clocks import readds
from tests.factories import MONDAY, Cast, at, give, make_cast, make_category, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
RETURN = {"whose": "街道城管办", "contact": "李科长", "basis": "权责清单第12条"}


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def ask(case: Case, kind: str, by: User, when: dt.datetime, **wanted: Any) -> Application:
    return actions.ask(case=case.pk, kind=kind, reason="确有需要", by=by, at=when, **wanted)


def more(case: Case, by: User, when: dt.datetime, value: Any = 2, unit: str = LimitUnit.NATURAL_DAY) -> Application:
    return ask(case, Ask.EXTENSION, by, when, value=value, unit=unit)


def approve(row: Application, by: User, when: dt.datetime) -> Application:
    return actions.decide(application=row, approve=True, by=by, at=when)


def handled(cast: Cast) -> Case:
    return walk(cast, "handling", at=MONDAY)


def clock(case: Case, kind: str = Clock.CASE) -> Deadline:
    return case.deadlines.filter(clock=kind).latest("pk")


def snapshot(case: Case) -> tuple[Any, ...]:
    case = Case.objects.get(pk=case.pk)
    rows = (Application, Deadline, LedgerEntry, Record, Notice)
    return (case.state, case.version, case.due_at, case.hold, *(model.objects.count() for model in rows))


def run(when: dt.datetime) -> None:
    while jobs.run_due(at=when):
        pass


# --- extension -----------------------------------------------------------------------------------------------------------


def test_an_extension_moves_case_and_step_and_leaves_the_first_due_moment(cast: Cast) -> None:
    case = handled(cast)
    before = clock(case).due_at
    row = more(case, cast.unit_staff, MONDAY + DAY)
    assert (row.state, row.level, row.nth, row.lapses_at) == (AskState.PENDING, Level.COMPREHENSIVE, 1, before)
    assert clock(case).due_at == before
    assert list(Notice.objects.filter(kind=NoticeKind.APPLICATION).values_list("user", flat=True)) == [cast.lead.pk]
    approve(row, cast.lead, MONDAY + DAY + HOUR)
    case.refresh_from_db()
    assert (case.due_at, case.extended) == (before + 2 * DAY, 1)
    for kind in (Clock.CASE, Clock.HANDLE):
        assert (clock(case, kind).due_at, clock(case, kind).original_due_at) == (before + 2 * DAY, before)
    assert [line.moved_seconds for line in clock(case).ledger.all()] == [0, 2 * 86_400]
    assert readds(case)
    assert Record.objects.filter(subject_id=case.pk, verb="cases.extended").count() == 1
    run(before)
    assert Case.objects.get(pk=case.pk).breached_at is None
    run(before + 2 * DAY)
    assert Case.objects.get(pk=case.pk).breached_at == before + 2 * DAY


def test_extension_in_working_days_counts_from_the_due_moment(cast: Cast) -> None:
    case = handled(cast)  # due Thursday 2026-09-10 09:02
    row = more(case, cast.unit_staff, MONDAY + DAY, value=1, unit=LimitUnit.WORK_DAY)
    approve(row, cast.lead, MONDAY + DAY)
    assert clock(case).due_at == at("2026-09-11 18:00")


@pytest.mark.parametrize(("value", "unit", "code"), [
    (4, LimitUnit.NATURAL_DAY, "too_long"), (0, LimitUnit.NATURAL_DAY, "invalid"), (-1, LimitUnit.NATURAL_DAY, "invalid"),
    ("viel", LimitUnit.NATURAL_DAY, "invalid"), (1, "fortnight", "invalid"), (73, LimitUnit.NATURAL_HOUR, "too_long"),
    ("NaN", LimitUnit.NATURAL_DAY, "invalid"), (None, LimitUnit.NATURAL_DAY, "invalid"),
])  # fmt: skip
def test_an_extension_that_cant_be_is_refused_and_nothing_changes(cast: Cast, value: Any, unit: str, code: str) -> None:
    case = handled(cast)
    before = snapshot(case)
    with pytest.raises(Invalid) as refused:
        more(case, cast.unit_staff, MONDAY + DAY, value=value, unit=unit)
    assert refused.value.code == code
    assert snapshot(case) == before


def test_asked_before_expiry_or_not_at_all(cast: Cast) -> None:
    case = handled(cast)
    run(clock(case).due_at)
    before = snapshot(case)
    for kind, wanted in [(Ask.EXTENSION, {"value": 1, "unit": LimitUnit.NATURAL_DAY}),
                         (Ask.SUSPENSION, {"until": MONDAY + 9 * DAY, "cause": PauseReason.WEATHER})]:  # fmt: skip
        with pytest.raises(Conflict) as refused:
            ask(case, kind, cast.unit_staff, clock(case).due_at, **wanted)
        assert refused.value.code == "too_late"
    assert snapshot(case) == before


def test_a_pending_application_lapses_with_the_clock_and_the_breach_stands(cast: Cast) -> None:
    case = handled(cast)
    row = more(case, cast.unit_staff, MONDAY + 2 * DAY)
    due = clock(case).due_at
    run(due)
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.decided_at) == (AskState.LAPSED, None, due)
    assert Case.objects.get(pk=case.pk).breached_at == due
    before = snapshot(case)
    with pytest.raises(Conflict):
        approve(row, cast.lead, due + HOUR)
    assert snapshot(case) == before
    run(due + HOUR)
    assert Record.objects.filter(verb="cases.lapsed").count() == 1


def test_nobody_approves_after_the_moment_even_before_the_job_has_run(cast: Cast) -> None:
    case = handled(cast)
    row = more(case, cast.unit_staff, MONDAY + 2 * DAY)
    before = snapshot(case)
    with pytest.raises(Conflict) as refused:
        approve(row, cast.lead, clock(case).due_at)
    assert refused.value.code == "lapsed"
    assert snapshot(case) == before


def test_an_application_waits_on_where_the_clock_was_moved_meanwhile(cast: Cast) -> None:
    case = handled(cast)
    row = ask(case, Ask.SUSPENSION, cast.unit_staff, MONDAY + DAY, until=MONDAY + 9 * DAY, cause=PauseReason.WEATHER)
    first = clock(case).due_at
    approve(more(case, cast.unit_staff, MONDAY + DAY), cast.lead, MONDAY + DAY)
    run(first)
    row.refresh_from_db()
    assert (row.state, row.lapses_at) == (AskState.PENDING, first + 2 * DAY)


def test_second_requests_go_higher_and_there_is_a_cap(cast: Cast) -> None:
    case = handled(cast)
    approve(more(case, cast.unit_staff, MONDAY + DAY), cast.lead, MONDAY + DAY)
    second = more(case, cast.unit_staff, MONDAY + 2 * DAY)
    assert (second.level, second.nth) == (Level.TOTAL, 2)
    with pytest.raises(Forbidden) as refused:
        approve(second, cast.lead, MONDAY + 2 * DAY)
    assert refused.value.code == "level_too_low"
    approve(second, cast.total_lead, MONDAY + 2 * DAY)
    with pytest.raises(Conflict) as capped:
        more(case, cast.unit_staff, MONDAY + 3 * DAY)
    assert capped.value.code == "too_often"
    assert Case.objects.get(pk=case.pk).extended == 2


def test_a_refused_request_makes_the_next_go_higher_too(cast: Cast) -> None:
    case = handled(cast)
    row = more(case, cast.unit_staff, MONDAY + DAY)
    with pytest.raises(Invalid):
        actions.decide(application=row, approve=False, by=cast.lead, at=MONDAY + DAY)
    actions.decide(application=row, approve=False, note="时间足够", by=cast.lead, at=MONDAY + DAY)
    assert clock(case).due_at == clock(case).original_due_at
    assert more(case, cast.unit_staff, MONDAY + DAY).level == Level.TOTAL


def test_nobody_decides_about_the_own_application_nor_about_the_own_units(cast: Cast) -> None:
    case = handled(cast)
    own = ask(case, Ask.EXTENSION, cast.street, MONDAY + DAY, value=1, unit=LimitUnit.NATURAL_DAY)
    assert own.level == Level.STREET
    before = snapshot(case)
    with pytest.raises(Forbidden) as refused:
        approve(own, cast.street, MONDAY + DAY)
    assert refused.value.code == "own_work"
    with pytest.raises(Forbidden):
        approve(own, cast.unit_staff, MONDAY + DAY)
    with pytest.raises(Application.DoesNotExist):
        approve(own, cast.outsider, MONDAY + DAY)
    assert snapshot(case) == before
    other = make_user(Role.STREET)
    give(other, PostKind.STREET_STAFF, cast.place.street)
    assert approve(own, other, MONDAY + DAY).state == AskState.APPROVED


def test_one_of_a_kind_waits_at_a_time_and_can_be_withdrawn(cast: Cast) -> None:
    case = handled(cast)
    row = more(case, cast.unit_staff, MONDAY + DAY)
    with pytest.raises(Conflict) as refused:
        more(case, cast.lead, MONDAY + DAY)
    assert refused.value.code == "pending"
    with pytest.raises(Forbidden):
        actions.withdraw_application(application=row, by=cast.lead, at=MONDAY + DAY)
    actions.withdraw_application(application=row, by=cast.unit_staff, at=MONDAY + DAY)
    with pytest.raises(Conflict):
        approve(row, cast.lead, MONDAY + DAY)
    # What was withdrawn counts for nothing.
    assert more(case, cast.unit_staff, MONDAY + DAY).level == Level.COMPREHENSIVE


def test_the_streets_own_rules_take_over(cast: Cast) -> None:
    case = handled(cast)
    with pytest.raises(Forbidden):
        actions.set_approval_rule(kind=Ask.EXTENSION, most=1, by=cast.lead, at=MONDAY)
    actions.set_approval_rule(
        kind=Ask.EXTENSION, street=cast.place.street, least=Level.STREET, most=1, longest=Decimal(1),
        unit=LimitUnit.NATURAL_DAY, by=cast.street, at=MONDAY,
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        more(case, cast.unit_staff, MONDAY + DAY, value=2)
    assert refused.value.code == "too_long"
    row = more(case, cast.unit_staff, MONDAY + DAY, value=1)
    assert row.level == Level.STREET
    approve(row, cast.street, MONDAY + DAY)
    with pytest.raises(Conflict):
        more(case, cast.unit_staff, MONDAY + DAY, value=1)
    assert ApprovalRule.objects.count() == 1


# --- standing still ------------------------------------------------------------------------------------------------------


def suspended(cast: Cast, until: dt.datetime = MONDAY + 6 * DAY, when: dt.datetime = MONDAY + DAY) -> Case:
    case = handled(cast)
    row = ask(case, Ask.SUSPENSION, cast.unit_staff, when, until=until, cause=PauseReason.WAITS_FOR_MATERIAL)
    approve(row, cast.lead, when)
    case.refresh_from_db()
    return case


def test_a_suspended_case_stands_still_and_runs_on_by_itself_with_what_was_left(cast: Cast) -> None:
    case = suspended(cast)
    due = clock(case).original_due_at
    assert (case.state, case.hold, case.hold_until) == ("handling", Hold.SUSPENDED, MONDAY + 6 * DAY)
    run(due + HOUR)
    case.refresh_from_db()
    assert (case.breached_at, case.hold) == (None, Hold.SUSPENDED)
    run(MONDAY + 6 * DAY)
    case.refresh_from_db()
    # It stood still for five days.
    assert (case.hold, case.hold_until, case.due_at) == (Hold.NONE, None, due + 5 * DAY)
    assert (clock(case).original_due_at, clock(case).paused_seconds) == (due, 5 * 86_400)
    assert clock(case, Clock.HANDLE).due_at == case.due_at
    assert readds(case)
    assert [line.entry for line in clock(case).ledger.all()] == ["start", "paused", "resumed"]
    run(due + 5 * DAY)
    assert Case.objects.get(pk=case.pk).breached_at == due + 5 * DAY


def test_a_worker_that_was_down_wins_nobody_time(cast: Cast) -> None:
    case = suspended(cast)
    due = clock(case).original_due_at
    run(MONDAY + 8 * DAY)
    case.refresh_from_db()
    assert (case.hold, case.due_at) == (Hold.NONE, due + 5 * DAY)


def test_resumed_by_hand_the_rest_is_not_lost(cast: Cast) -> None:
    case = suspended(cast)
    before = snapshot(case)
    with pytest.raises(Forbidden):
        actions.resume_case(case=case, by=cast.worker, at=MONDAY + 2 * DAY)
    with pytest.raises(Conflict) as held:
        actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY + 2 * DAY)
    assert held.value.code == "held"
    assert snapshot(case) == before
    actions.resume_case(case=case, note="材料到了", by=cast.unit_staff, at=MONDAY + 2 * DAY)
    case.refresh_from_db()
    assert (case.hold, case.due_at) == (Hold.NONE, clock(case).original_due_at + DAY)
    # The day that had been meant does nothing more.
    run(MONDAY + 6 * DAY)
    assert Record.objects.filter(verb="cases.resumed").count() == 1
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY + 6 * DAY)


def test_the_share_told_of_leaves_out_the_time_that_stood_still(cast: Cast) -> None:
    case = suspended(cast)
    run(MONDAY + 6 * DAY)
    row = clock(case)
    assert row.stage_at(50) == row.started_at + 1.5 * DAY + 5 * DAY
    assert row.stage_at(100) == row.due_at


def test_emergencies_and_what_the_matter_list_forbids_are_never_paused(cast: Cast) -> None:
    case = handled(cast)
    before = snapshot(case)
    wanted = {"until": MONDAY + 6 * DAY, "cause": PauseReason.WEATHER, "plan": "有方案"}
    Case.objects.filter(pk=case.pk).update(urgency="emergency")
    for kind in (Ask.SUSPENSION, Ask.PARKING):
        with pytest.raises(Conflict) as refused:
            ask(case, kind, cast.unit_staff, MONDAY + DAY, **wanted)
        assert refused.value.code == "not_pausable"
    Case.objects.filter(pk=case.pk).update(urgency="normal")
    cast.category.change(pausable=False)
    with pytest.raises(Conflict):
        ask(case, Ask.SUSPENSION, cast.unit_staff, MONDAY + DAY, **wanted)
    assert snapshot(case) == before


@pytest.mark.parametrize(("wanted", "field"), [
    ({"until": None, "cause": PauseReason.WEATHER}, "until"), ({"until": MONDAY, "cause": PauseReason.WEATHER}, "until"),
    ({"until": MONDAY + 6 * DAY, "cause": "mood"}, "cause"), ({"until": MONDAY + 40 * DAY, "cause": PauseReason.WEATHER}, "until"),
])  # fmt: skip
def test_a_suspension_that_cant_be(cast: Cast, wanted: dict[str, Any], field: str) -> None:
    case = handled(cast)
    before = snapshot(case)
    with pytest.raises(Invalid) as refused:
        ask(case, Ask.SUSPENSION, cast.unit_staff, MONDAY + DAY, **wanted)
    assert refused.value.field == field
    assert snapshot(case) == before


def test_a_parked_case_is_reviewed_not_resumed(cast: Cast) -> None:
    case = handled(cast)
    wanted = {"until": MONDAY + 30 * DAY, "cause": PauseReason.HARD_CASE}
    with pytest.raises(Invalid) as refused:
        ask(case, Ask.PARKING, cast.unit_staff, MONDAY + DAY, **wanted)
    assert refused.value.field == "plan"
    row = ask(case, Ask.PARKING, cast.unit_staff, MONDAY + DAY, plan="三方会商", **wanted)
    assert row.level == Level.STREET
    approve(row, cast.street, MONDAY + DAY)
    run(MONDAY + 30 * DAY)
    case.refresh_from_db()
    assert (case.hold, case.breached_at) == (Hold.PARKED, None)
    assert Notice.objects.filter(user=cast.street, kind=NoticeKind.NEAR).count() == 1
    with pytest.raises(Forbidden):
        actions.review_parked(case=case, until=MONDAY + 60 * DAY, note="推进中", by=cast.lead, at=MONDAY + 31 * DAY)
    actions.review_parked(case=case, until=MONDAY + 60 * DAY, note="推进中", by=cast.street, at=MONDAY + 31 * DAY)
    run(MONDAY + 60 * DAY)
    assert Notice.objects.filter(user=cast.street, kind=NoticeKind.NEAR).count() == 2
    actions.resume_case(case=case, by=cast.street, at=MONDAY + 61 * DAY)
    case.refresh_from_db()
    assert case.due_at == clock(case).original_due_at + 60 * DAY
    assert case.pauses.get().reviews == 1
    assert readds(case)


# --- the others ----------------------------------------------------------------------------------------------------------


def test_reclassifying_stretches_and_never_cuts_nor_restarts(cast: Cast) -> None:
    case = handled(cast)
    first = clock(case)
    make_category("0701", "C")
    row = ask(case, Ask.RECLASSIFICATION, cast.unit_staff, MONDAY + DAY, category="0701")
    approve(row, cast.lead, MONDAY + DAY)
    case.refresh_from_db()
    assert (case.category.code, case.tier, case.state) == ("0701", "C", "handling")
    assert (clock(case).started_at, clock(case).original_due_at) == (first.started_at, first.original_due_at)
    assert case.due_at == clock(case).due_at == first.started_at + 7 * DAY
    back = ask(case, Ask.RECLASSIFICATION, cast.unit_staff, MONDAY + DAY, category=cast.category.code)
    approve(back, cast.street, MONDAY + DAY)
    case.refresh_from_db()
    assert (case.tier, case.due_at) == ("B", first.started_at + 7 * DAY)
    assert readds(case)


def test_a_return_names_organisation_person_and_rule(cast: Cast) -> None:
    case = handled(cast)
    before = snapshot(case)
    for missing in RETURN:
        with pytest.raises(Invalid) as refused:
            ask(case, Ask.RETURN, cast.unit_staff, MONDAY + HOUR, **{**RETURN, missing: " "})
        assert refused.value.field == missing
    assert snapshot(case) == before
    row = ask(case, Ask.RETURN, cast.unit_staff, MONDAY + HOUR, **RETURN)
    assert Case.objects.get(pk=case.pk).state == "handling"
    approve(row, cast.lead, MONDAY + 2 * HOUR)
    case.refresh_from_db()
    order = case.orders.get()
    assert (case.state, case.lead_order, order.state) == ("accepted", None, OrderState.RETURNED)
    record = Record.objects.get(verb="cases.returned")
    assert record.data["asked"] == {"round": 1, **RETURN}
    # The clock ran on, and the same hands can't give it back again.
    assert clock(case).due_at == clock(case).original_due_at
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY + 3 * HOUR)
    with pytest.raises(Conflict) as again:
        ask(case, Ask.RETURN, cast.unit_staff, MONDAY + 4 * HOUR, **RETURN)
    assert again.value.code == "returned_before"


def test_no_return_after_a_ruling_nor_a_working_day_after_sign_in(cast: Cast) -> None:
    case = handled(cast)
    row = ask(case, Ask.RETURN, cast.unit_staff, MONDAY + HOUR, **RETURN)
    actions.decide(application=row, approve=False, note="属你单位职责", by=cast.lead, at=MONDAY + 2 * HOUR)
    with pytest.raises(Conflict) as ruled:
        ask(case, Ask.RETURN, cast.unit_staff, MONDAY + 3 * HOUR, **RETURN)
    assert ruled.value.code == "returned_before"
    late = handled(cast)
    with pytest.raises(Conflict) as refused:
        ask(late, Ask.RETURN, cast.unit_staff, at("2026-09-08 18:01"), **RETURN)
    assert refused.value.code == "too_late"


def test_voiding_needs_two_and_drops_what_ran(cast: Cast) -> None:
    case = handled(cast)
    with pytest.raises(Forbidden):
        ask(case, Ask.VOIDING, cast.unit_staff, MONDAY + HOUR)
    extension = more(case, cast.unit_staff, MONDAY + HOUR)
    row = ask(case, Ask.VOIDING, cast.lead, MONDAY + HOUR)
    assert row.level == Level.TOTAL
    approve(row, cast.total_lead, MONDAY + 2 * HOUR)
    case.refresh_from_db()
    extension.refresh_from_db()
    assert (case.state, extension.state, case.orders.get().state) == (
        "voided",
        AskState.WITHDRAWN,
        OrderState.WITHDRAWN,
    )
    assert case.deadlines.running().count() == 0
    run(MONDAY + 9 * DAY)
    case.refresh_from_db()
    assert (case.breached_at, case.card) == (None, 0)


def test_a_suspended_case_can_be_voided(cast: Cast) -> None:
    case = suspended(cast)
    approve(ask(case, Ask.VOIDING, cast.lead, MONDAY + 2 * DAY), cast.total_lead, MONDAY + 2 * DAY)
    case.refresh_from_db()
    assert (case.state, case.hold) == ("voided", Hold.NONE)
    run(MONDAY + 9 * DAY)
    assert Record.objects.filter(verb="cases.resumed").count() == 0


def test_exclusion_from_figures_and_the_appeal_against_it(cast: Cast) -> None:
    case = handled(cast)
    other = make_user(Role.STREET)
    give(other, PostKind.STREET_STAFF, cast.place.street)
    approve(ask(case, Ask.EXCLUSION, cast.lead, MONDAY + HOUR), cast.street, MONDAY + HOUR)
    assert Case.objects.get(pk=case.pk).excluded is True
    with pytest.raises(Conflict):
        ask(case, Ask.EXCLUSION, cast.lead, MONDAY + HOUR)
    appeal = ask(case, Ask.INCLUSION, cast.unit_staff, MONDAY + 2 * HOUR)
    assert appeal.level == Level.STREET
    approve(appeal, other, MONDAY + 2 * HOUR)
    assert Case.objects.get(pk=case.pk).excluded is False


@pytest.mark.parametrize("kind", list(Ask))
@pytest.mark.parametrize(
    "state", ["submitted", "accepted", "dispatched", "handling", "completed", "verified", "closed"]
)
def test_an_application_is_possible_only_from_the_states_of_the_table(cast: Cast, kind: Ask, state: str) -> None:
    from cases.choices import MOVES

    case = walk(cast, state, at=MONDAY)
    if kind == Ask.INCLUSION:
        Case.objects.filter(pk=case.pk).update(excluded=True)
    make_category("0701", "C")
    wanted = {"value": 1, "unit": LimitUnit.NATURAL_DAY, "until": MONDAY + 5 * DAY, "cause": PauseReason.WEATHER,
              "plan": "方案", "category": "0701", **RETURN}  # fmt: skip
    by = cast.unit_staff if kind == Ask.RETURN else cast.lead
    before = snapshot(case)
    if state in MOVES[actions.MOVE[kind]][0]:
        assert ask(case, kind, by, MONDAY + HOUR, **wanted).state == AskState.PENDING
    else:
        with pytest.raises((Conflict, Forbidden, Case.DoesNotExist)):
            ask(case, kind, by, MONDAY + HOUR, **wanted)
        assert snapshot(case) == before


def test_an_outsider_neither_asks_nor_decides(cast: Cast) -> None:
    case = handled(cast)
    before = snapshot(case)
    for kind in Ask:
        with pytest.raises(Case.DoesNotExist):
            ask(case, kind, cast.outsider, MONDAY + HOUR)
    assert snapshot(case) == before
