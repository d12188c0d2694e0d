"""Suspension and parking: what stands still loses nothing and wins nothing."""

import datetime as dt
from typing import Any

import pytest

from accounts.choices import NoticeKind
from accounts.models import Notice
from cases import actions
from cases.choices import Ask, Clock, Hold, Level, Light, PauseReason
from cases.models import Case
from cases.reports import light
from cases.reports.queues import waiting
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from tests.cases.asking import DAY, HOUR, approve, ask, clock, handled, run, snapshot
from tests.cases.test_clocks import readds
from tests.factories import MONDAY, Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


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


def test_a_suspended_case_can_be_voided(cast: Cast) -> None:
    case = suspended(cast)
    approve(ask(case, Ask.VOIDING, cast.lead, MONDAY + 2 * DAY), cast.total_lead, MONDAY + 2 * DAY)
    case.refresh_from_db()
    assert (case.state, case.hold) == ("voided", Hold.NONE)
    run(MONDAY + 9 * DAY)
    assert Record.objects.filter(verb="cases.resumed").count() == 0


def test_what_stands_still_is_neither_near_nor_late(cast: Cast) -> None:
    case = suspended(cast)
    at = clock(case).due_at + HOUR
    assert light(case, at) == Light.HELD
    assert light(Case.objects.lines().get(pk=case.pk), at) == Light.HELD
    for queue in ("near", "late"):
        assert list(waiting(cast.street, queue, at)) == []
    late = handled(cast)
    assert list(waiting(cast.street, "late", clock(late).due_at + HOUR)) == [late]
