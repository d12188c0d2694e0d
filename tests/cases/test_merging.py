"""Duplicates: merged and taken apart."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import NoticeKind
from accounts.models import Notice
from cases import actions
from cases.actions import Report
from cases.actions.clocks import KIND
from cases.choices import AskState, CaseState, Hold, OrderState
from cases.models import Application, Case, LedgerEntry, Merge, Order, Pause, Supervision
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
from tests.cases.merging import DAY, HOUR, WHY, fresh, merge, snapshot, walk, work
from tests.factories import MONDAY, Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def test_a_merge_drops_the_clocks_withdraws_the_order_and_tells_its_holder(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "handling", MONDAY + HOUR)
    order = case.lead_order
    merge(cast, case, leading)
    case = fresh(case)
    assert (case.state, case.leading_id, case.lead_order, case.signed_at) == (CaseState.MERGED, leading.pk, None, None)
    assert (case.no, case.closed_at, case.due_at) == (case.no, None, MONDAY + HOUR + 3 * DAY)
    order.refresh_from_db()  # type: ignore[union-attr]
    assert (order.state, order.ended_at) == (OrderState.WITHDRAWN, MONDAY + 3 * HOUR)  # type: ignore[union-attr]
    assert not case.deadlines.running().exists()
    told = Notice.objects.get(kind=NoticeKind.RETURNED)
    assert (told.user, told.params["leading"]) == (cast.unit_staff, leading.no)
    row = Merge.objects.get()
    assert (row.case, row.leading, row.state_before, row.reason, row.by) == (case, leading, "handling", WHY, cast.lead)
    merged, absorbed = Record.objects.get(verb="cases.merged"), Record.objects.get(verb="cases.absorbed")
    assert (merged.subject_id, merged.data["to"], merged.data["note"]) == (case.pk, leading.no, WHY)
    assert (absorbed.subject_id, absorbed.data["to"]) == (leading.pk, case.no)
    assert merged.data["changes"]["state"] == ["handling", "merged"]
    assert verify().faults == []


def test_an_order_that_nobody_signed_for_is_told_to_all_it_was_addressed_to(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "dispatched")
    Order.objects.create(case=case, unit=None, grid=case.grid, part="assist", sent_by=cast.lead, sent_at=MONDAY)
    merge(cast, case, leading)
    told = Notice.objects.filter(kind=NoticeKind.RETURNED).values_list("user", flat=True)
    assert set(told) == {cast.unit_staff.pk, cast.worker.pk}
    assert set(case.orders.values_list("state", flat=True)) == {OrderState.WITHDRAWN}


@pytest.mark.parametrize("state", ["submitted", "accepted", "dispatched", "handling"])
def test_unmerged_it_runs_on_as_if_it_had_never_stopped(cast: Cast, state: str) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, state)
    running = {d.pk: d.due_at for d in case.deadlines.running() if d.order_id is None}
    merge(cast, case, leading)
    actions.unmerge_case(case=case.pk, reason="不是同一堆", by=cast.lead, at=MONDAY + DAY)
    case = fresh(case)
    back = "accepted" if state in {"dispatched", "handling"} else state
    assert (case.state, case.leading, case.lead_order) == (back, None, None)
    # Clocks of withdrawn orders stay dropped.
    assert {d.pk: d.due_at for d in case.deadlines.running()} == running
    said = LedgerEntry.objects.filter(entry="revived").values_list("reason", flat=True)
    assert [bool(reason) for reason in said] == [state in {"dispatched", "handling"}] * len(running)
    row = Merge.objects.get()
    assert (row.undone_by, row.undone_at, row.undo_reason) == (cast.lead, MONDAY + DAY, "不是同一堆")
    assert Record.objects.get(verb="cases.unmerged").subject_id == case.pk
    assert Record.objects.get(verb="cases.released").subject_id == leading.pk
    # It can be merged again, and its way goes on.
    merge(cast, case, leading, MONDAY + DAY + HOUR)
    assert (fresh(case).state, Merge.objects.count()) == (CaseState.MERGED, 2)
    assert verify().faults == []


def test_no_time_is_won_by_merging_and_taking_apart(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "accepted")
    due = case.due_at
    merge(cast, case, leading)
    work(MONDAY + 4 * DAY)
    assert fresh(case).breached_at is None
    actions.unmerge_case(case=case.pk, reason="是两回事", by=cast.lead, at=MONDAY + 5 * DAY)
    work(MONDAY + 5 * DAY)
    case = fresh(case)
    assert (case.breached_at, case.due_at, case.card) == (due, due, 1)


def test_what_ran_out_before_stays_a_breach_even_if_the_worker_was_down(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "accepted")
    merge(cast, case, leading, MONDAY + 4 * DAY)
    case = fresh(case)
    assert (case.state, case.breached_at, case.card) == (CaseState.MERGED, MONDAY + 3 * DAY, 1)
    assert case.cards.count() == 1
    work(MONDAY + 5 * DAY)
    assert (fresh(case).breached_at, case.cards.count()) == (MONDAY + 3 * DAY, 1)
    assert LedgerEntry.objects.filter(deadline__case=case, entry="breach").count() == 1


def test_a_case_that_stands_still_runs_on_first(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "accepted")
    actions.moving.stand_still(case, reason="等配件", by=cast.lead, at=MONDAY + HOUR)
    until = MONDAY + 20 * DAY
    values = {"kind": Hold.SUSPENDED, "cause": "other", "by": cast.lead, "started_at": MONDAY + HOUR, "until": until}
    pause = Pause.objects.create(case=case, **values)
    case.change(hold=Hold.SUSPENDED, hold_until=until)
    merge(cast, case, leading, MONDAY + DAY + HOUR)
    case = fresh(case)
    assert (case.hold, case.hold_until, case.due_at) == ("", None, MONDAY + 4 * DAY)
    pause.refresh_from_db()
    assert (pause.ended_at, pause.ended_by) == (MONDAY + DAY + HOUR, cast.lead)
    actions.unmerge_case(case=case.pk, reason="两回事", by=cast.lead, at=MONDAY + 2 * DAY)
    clock = case.deadlines.running().get()
    assert (clock.paused_at, clock.due_at) == (None, MONDAY + 4 * DAY)
    assert Job.objects.get(kind=KIND, key=str(clock.pk)).due_at > MONDAY + 2 * DAY


def test_pending_applications_are_taken_back_and_the_applicant_is_told(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "handling")
    asked = Application.objects.create(
        case=case, kind="extension", level=1, reason="等材料", by=cast.worker, at=MONDAY + HOUR, order=case.lead_order
    )
    merge(cast, case, leading)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, leading.no in asked.note) == (AskState.WITHDRAWN, None, True)
    told = Notice.objects.filter(kind=NoticeKind.RETURNED).values_list("user", flat=True)
    assert set(told) == {cast.unit_staff.pk, cast.worker.pk}


def test_an_open_supervision_waits_and_comes_back(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "accepted")
    values = {"kind": "ordinary", "text": "请说明", "by": cast.street, "at": MONDAY, "reply_due": MONDAY + 2 * DAY}
    demand = Supervision.objects.create(case=case, **values)
    reply = actions.clocks.clock(case, "reply", 2, "natural_day", at=MONDAY)
    reply.supervision = demand
    actions.clocks.begin([reply], by=cast.street, at=MONDAY)
    merge(cast, case, leading)
    assert not case.deadlines.running().exists()
    actions.unmerge_case(case=case.pk, reason="两回事", by=cast.lead, at=MONDAY + DAY)
    assert set(case.deadlines.running().values_list("clock", flat=True)) == {"case", "reply"}


REFUSALS = ["itself", "younger", "voided", "rejected", "merged", "no reason", "leads others", "completed", "ended"]


@pytest.mark.parametrize("what", REFUSALS)
def test_what_cannot_be_merged(cast: Cast, what: str) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "handling", MONDAY + HOUR)
    reason, error, code = WHY, Invalid, ""
    if what == "itself":
        leading, code = case, "same_case"
    elif what == "younger":
        leading, case, code = case, leading, "younger"
    elif what in {"voided", "rejected"}:
        Case.objects.filter(pk=leading.pk).update(state=what)
        code = "cannot_lead"
    elif what == "merged":
        merge(cast, leading, walk(cast, "accepted"))
        code = "cannot_lead"
    elif what == "no reason":
        reason, code = " ", "invalid"
    elif what == "leads others":
        merge(cast, walk(cast, "accepted", MONDAY + 2 * HOUR), case)
        error, code = Conflict, "leads_others"
    elif what == "completed":
        actions.complete_case(case=case.pk, result="好了", by=cast.unit_staff, at=MONDAY + 2 * HOUR)
        error, code = Conflict, "illegal_move"
    elif what == "ended":
        merge(cast, case, leading)
        error, code = Conflict, "illegal_move"
    before = snapshot()
    with pytest.raises(error) as refusal:
        actions.merge_case(case=case.pk, leading=leading.pk, reason=reason, by=cast.lead, at=MONDAY + 4 * HOUR)
    assert refusal.value.code == code
    assert snapshot() == before


def test_merging_is_for_those_who_lead_and_see_both(cast: Cast) -> None:
    leading, case = walk(cast, "handling"), walk(cast, "handling", MONDAY + HOUR)
    elsewhere = actions.report_case(
        report=Report(category=cast.category.code, text="堆物", grid="990101002001001001"), by=cast.outsider, at=MONDAY
    )
    before = snapshot()
    for by in (cast.worker, cast.unit_staff):
        with pytest.raises(Forbidden):
            merge(cast, case, leading, by=by)
    with pytest.raises(Case.DoesNotExist):
        merge(cast, case, leading, by=cast.outsider)
    with pytest.raises(Case.DoesNotExist):
        merge(cast, case, elsewhere)
    assert snapshot() == before
    merge(cast, case, leading)
    before = snapshot()
    for by in (cast.worker, cast.unit_staff):
        with pytest.raises(Forbidden):
            actions.unmerge_case(case=case.pk, reason="两回事", by=by, at=MONDAY + DAY)
    with pytest.raises(Case.DoesNotExist):
        actions.unmerge_case(case=case.pk, reason="两回事", by=cast.outsider, at=MONDAY + DAY)
    with pytest.raises(Invalid):
        actions.unmerge_case(case=case.pk, reason=" ", by=cast.lead, at=MONDAY + DAY)
    with pytest.raises(Conflict):
        actions.unmerge_case(case=leading.pk, reason="两回事", by=cast.lead, at=MONDAY + DAY)
    assert snapshot() == before


def test_whoever_does_not_see_the_leading_case_does_not_take_it_apart(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "accepted")
    merge(cast, case, leading)
    other = cast.place.totals[0]
    Case.objects.filter(pk=leading.pk).update(comprehensive=None, grid=other)
    before = snapshot()
    with pytest.raises(Forbidden):
        actions.unmerge_case(case=case.pk, reason="两回事", by=cast.lead, at=MONDAY + DAY)
    assert snapshot() == before
    actions.unmerge_case(case=case.pk, reason="两回事", by=cast.total_lead, at=MONDAY + DAY)


def test_a_merge_and_its_undoing_cost_about_twice_a_plain_transition(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "handling")
    costs = []
    for verb in (lambda: merge(cast, case, leading),
                 lambda: actions.unmerge_case(case=case.pk, reason="两回事", by=cast.lead, at=MONDAY + DAY)):  # fmt: skip
        with CaptureQueriesContext(connection) as caught:
            verb()
        costs.append(len([q for q in caught if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert costs == [18, 16]  # the last: how long the reporter's contact is kept
