"""Applications: who asks, who decides, what follows; nothing is gained by asking, and nothing lost."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.choices import NoticeKind, Role
from accounts.models import Notice
from cases import actions
from cases.choices import MOVES, Ask, AskState, Clock, Level, OrderState, PauseReason
from cases.models import Application, ApprovalRule, Case
from gridgov.core.calendar import LimitUnit
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.choices import PostKind
from tests.cases.asking import DAY, HOUR, RETURN, approve, ask, clock, handled, more, run, snapshot
from tests.cases.desk import walk
from tests.cases.test_clocks import readds
from tests.factories import MONDAY, Cast, at, give, make_cast, make_category, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


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


# --- the others ----------------------------------------------------------------------------------------------------------


def test_reclassifying_stretches_and_never_cuts_nor_restarts(cast: Cast) -> None:
    case = handled(cast)
    first = clock(case)
    make_category("0701", "C")
    row = ask(case, Ask.RECLASSIFICATION, cast.unit_staff, MONDAY + DAY, category="0701")
    approve(row, cast.lead, MONDAY + DAY)
    case.refresh_from_db()
    assert (case.category.code, case.tier, case.state) == ("0701", "C", "handling")
    assert case.title == case.category.name
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


def test_what_a_unit_asked_for_ends_with_its_order(cast: Cast) -> None:
    """And does not stand in the way of the next unit."""
    case = handled(cast)
    row, back = (
        more(case, cast.unit_staff, MONDAY + HOUR),
        ask(case, Ask.RETURN, cast.unit_staff, MONDAY + HOUR, **RETURN),
    )
    make_category("0701", "C")
    kept = ask(case, Ask.RECLASSIFICATION, cast.unit_staff, MONDAY + HOUR, category="0701")
    other, by = make_unit(), make_user(Role.UNIT_STAFF)
    give(by, PostKind.UNIT_STAFF, other)
    actions.reassign_case(case=case.pk, unit=other.pk, reason="职责不符", by=cast.lead, at=MONDAY + 2 * HOUR)
    states = dict(Application.objects.values_list("pk", "state"))
    assert states == {row.pk: AskState.WITHDRAWN, back.pk: AskState.WITHDRAWN, kept.pk: AskState.PENDING}
    assert ask(case, Ask.RETURN, by, MONDAY + 3 * HOUR, **RETURN).state == AskState.PENDING
