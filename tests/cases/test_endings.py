"""Whatever ends a case ends all that was open about it, and tells those who had asked."""

from typing import Any

import pytest

from accounts.choices import NoticeKind, Role
from accounts.models import Notice
from cases import actions
from cases.choices import Ask, AskState, Clock, PauseReason, RejectReason
from cases.models import Application, Case, Supervision, Team
from gridgov.core.calendar import LimitUnit
from gridgov.core.errors import Conflict, Invalid
from grids.choices import PostKind
from tests.cases.asking import DAY, HOUR, approve, ask, clock, handled, more, run, snapshot
from tests.cases.desk import report, walk
from tests.factories import MONDAY, Cast, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
NOON = MONDAY + 4 * HOUR


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def team_of(cast: Cast, case: Case) -> Team:
    return actions.form_team(
        case=case.pk, lead=cast.lead.pk, members=[(cast.worker.pk, "巡查")], plan="先清理，再回访",
        review_days=[(MONDAY + 3 * DAY).date()], by=cast.street, at=MONDAY + HOUR,
    )  # fmt: skip


def mooted() -> list[int]:
    rows = Notice.objects.filter(kind=NoticeKind.APPLICATION, text__contains="moot")
    return sorted(rows.values_list("user", flat=True))


def test_a_rejected_report_leaves_no_supervision_and_no_application_behind(cast: Cast) -> None:
    case = report(cast, at=MONDAY)
    actions.supervise_case(case=case.pk, text="请尽快受理", by=cast.street, at=MONDAY + HOUR)
    row = ask(case, Ask.VOIDING, cast.lead, MONDAY + HOUR)
    actions.reject_case(case=case.pk, reason=RejectReason.NOT_IN_SCOPE, by=cast.total_lead, at=NOON)
    assert Supervision.objects.filter(case=case, superseded_at=None).count() == 0
    assert Supervision.objects.get(case=case).superseded_at == NOON
    row.refresh_from_db()
    assert (row.state, row.decided_at) == (AskState.WITHDRAWN, NOON)
    assert mooted() == [cast.lead.pk]
    run(MONDAY + 60 * DAY)
    assert Supervision.objects.filter(case=case).count() == 1


def test_a_merged_case_has_no_team_of_its_own_any_more(cast: Cast) -> None:
    leading, case = walk(cast, "handling", at=MONDAY), walk(cast, "handling", at=MONDAY)
    team = team_of(cast, case)
    actions.merge_case(case=case.pk, leading=leading.pk, reason="同一处", by=cast.total_lead, at=NOON)
    team.refresh_from_db()
    assert team.ended_at == NOON


def test_a_voided_case_tells_whoever_had_asked_about_it(cast: Cast) -> None:
    case = handled(cast)
    extension = more(case, cast.unit_staff, MONDAY + HOUR)
    approve(ask(case, Ask.VOIDING, cast.lead, MONDAY + 2 * HOUR), cast.street, NOON)
    extension.refresh_from_db()
    assert extension.state == AskState.WITHDRAWN
    assert mooted() == [cast.unit_staff.pk]


def test_what_waits_beside_a_clock_that_stands_still_does_not_lapse(cast: Cast) -> None:
    case = handled(cast)
    due = clock(case).due_at
    extension = more(case, cast.unit_staff, MONDAY + HOUR)
    pause = ask(case, Ask.SUSPENSION, cast.unit_staff, MONDAY + HOUR, until=due + 2 * DAY,
                cause=PauseReason.WAITS_FOR_MATERIAL)  # fmt: skip
    approve(pause, cast.lead, MONDAY + 2 * HOUR)
    run(due + HOUR)
    extension.refresh_from_db()
    assert extension.state == AskState.PENDING
    run(due + 2 * DAY)
    case.refresh_from_db()
    extension.refresh_from_db()
    assert (case.hold, extension.state, extension.lapses_at) == ("", AskState.PENDING, case.due_at)
    approve(extension, cast.lead, due + 2 * DAY + HOUR)
    run(case.due_at)
    assert Application.objects.get(pk=extension.pk).state == AskState.APPROVED


def test_an_extension_of_a_completed_case_is_refused(cast: Cast) -> None:
    case = handled(cast)
    row = more(case, cast.unit_staff, MONDAY + HOUR)
    actions.complete_case(case=case.pk, result="已清理", by=cast.unit_staff, at=MONDAY + 2 * HOUR)
    before = snapshot(case)
    with pytest.raises(Conflict):
        approve(row, cast.lead, NOON)
    assert snapshot(case) == before


@pytest.mark.parametrize(("value", "unit"), [(10**9, "natural_day"), ("99999", "work_day"), (10**7, "work_hour")])
def test_an_extension_beyond_every_calendar_is_refused(cast: Cast, value: Any, unit: str) -> None:
    case = handled(cast)
    before = snapshot(case)
    with pytest.raises(Invalid):
        more(case, cast.unit_staff, MONDAY + HOUR, value=value, unit=unit)
    assert snapshot(case) == before


def test_nobody_is_given_a_century_for_an_answer(cast: Cast) -> None:
    case = handled(cast)
    before = snapshot(case)
    with pytest.raises(Invalid) as refused:
        actions.supervise_case(
            case=case.pk, text="请说明", reply_due=MONDAY + 36_500 * DAY, by=cast.street, at=MONDAY + HOUR
        )
    assert (refused.value.field, snapshot(case), Supervision.objects.count()) == ("reply_due", before, 0)


def test_more_time_for_a_helper_is_no_extension_of_the_case(cast: Cast) -> None:
    case = handled(cast)
    unit, helper = make_unit("城管局"), make_user(Role.UNIT_STAFF)
    give(helper, PostKind.UNIT_STAFF, unit)
    actions.call_for_help(case=case.pk, units=[unit.pk], whistle=True, note="请到现场", by=cast.lead, at=MONDAY + HOUR)
    due, order = clock(case).due_at, case.orders.get(unit=unit)
    row = ask(case, Ask.EXTENSION, helper, MONDAY + 2 * HOUR, value=1, unit=LimitUnit.NATURAL_HOUR, order=order.pk)
    approve(row, cast.lead, NOON)
    case = Case.objects.get(pk=case.pk)
    assert (case.extended, case.due_at, clock(case).due_at) == (0, due, due)
    moved = case.deadlines.get(order=order, clock=Clock.HANDLE)
    assert moved.due_at == moved.original_due_at + HOUR
