"""Duplicates: merged, taken apart, and following the case that leads them."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import NoticeKind
from accounts.models import Notice, User
from cases import actions
from cases.actions import Report
from cases.actions.clocks import KIND
from cases.choices import AskState, CaseState, Hold, OrderState
from cases.models import Application, Case, Deadline, LedgerEntry, Merge, Order, Pause, Supervision
from gridgov.core import jobs
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
from tests.cases.desk import desk, page_of, verb_of
from tests.factories import MONDAY, Cast, make_cast, make_category
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WHY = "同一处楼道的同一堆纸箱"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def report(cast: Cast, at: dt.datetime = MONDAY, by: User | None = None, **values: Any) -> Case:
    asked = {"category": cast.category.code, "text": "楼道里堆了很多纸箱", "grid": cast.place.micros[0].code, **values}
    return actions.report_case(report=Report(**asked), by=by or cast.street, at=at)


def walk(cast: Cast, to: str, at: dt.datetime = MONDAY, **values: Any) -> Case:
    case = report(cast, at, **values)
    verbs = {
        "accepted": lambda: actions.accept_case(case=case.pk, by=cast.lead, at=at),
        "dispatched": lambda: actions.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at),
        "handling": lambda: actions.sign_in_case(case=case.pk, by=cast.unit_staff, at=at),
    }
    for state, verb in verbs.items():
        if Case.objects.get(pk=case.pk).state == to:
            break
        verb()
        assert Case.objects.get(pk=case.pk).state == state
    return Case.objects.get(pk=case.pk)


def finish(cast: Cast, case: Case, at: dt.datetime, reply: str = "已清理完毕。") -> None:
    """From being handled to closed."""
    actions.complete_case(case=case.pk, result="已清理", by=cast.unit_staff, at=at)
    actions.verify_case(case=case.pk, by=cast.lead, at=at)
    actions.close_case(case=case.pk, reply=reply, by=cast.lead, at=at)


def work(at: dt.datetime) -> None:
    """Let the worker do what is due."""
    while jobs.run_due(at=at):
        pass


def merge(cast: Cast, case: Case, leading: Case, at: dt.datetime = MONDAY + 3 * HOUR, by: User | None = None) -> Case:
    return actions.merge_case(case=case.pk, leading=leading.pk, reason=WHY, by=by or cast.lead, at=at)


def snapshot() -> list[Any]:
    rows = (Case, Order, Deadline, Merge, Application)
    return [*(list(model.objects.order_by("pk").values()) for model in rows), LedgerEntry.objects.count(),
            Record.objects.count(), Notice.objects.count()]  # fmt: skip


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


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


def test_the_answer_comes_to_each_once_and_again_after_a_reopening(cast: Cast) -> None:
    leading = walk(cast, "handling")
    one, two = report(cast, MONDAY + HOUR, by=cast.other_worker), report(cast, MONDAY + HOUR, by=cast.worker)
    for case in (one, two):
        merge(cast, case, leading)
    finish(cast, leading, MONDAY + 5 * HOUR)
    work(MONDAY + 6 * HOUR)
    told = Notice.objects.filter(kind=NoticeKind.PROGRESS).order_by("pk")
    assert [(n.user, n.params["no"], n.params["leading"]) for n in told] == [
        (cast.other_worker, one.no, leading.no), (cast.worker, two.no, leading.no),
    ]  # fmt: skip
    assert [fresh(case).closed_at for case in (one, two)] == [MONDAY + 5 * HOUR] * 2
    assert [fresh(case).state for case in (one, two)] == [CaseState.MERGED] * 2
    # What is done twice happens once.
    assert actions.follow_leading(leading=leading.pk, by=User.objects.system(), at=MONDAY + 7 * HOUR) == 0
    assert (told.all().count(), Record.objects.filter(verb="cases.leading_ended").count()) == (2, 2)

    actions.reopen_case(case=leading.pk, reason="又堆了", by=cast.lead, at=MONDAY + DAY)
    work(MONDAY + DAY)
    assert [fresh(case).closed_at for case in (one, two)] == [None, None]
    assert Record.objects.filter(verb="cases.leading_reopened").count() == 2
    actions.dispatch_case(case=leading.pk, unit=cast.unit.pk, by=cast.lead, at=MONDAY + DAY)
    actions.sign_in_case(case=leading.pk, by=cast.unit_staff, at=MONDAY + DAY)
    finish(cast, leading, MONDAY + DAY + HOUR)
    work(MONDAY + DAY + HOUR)
    assert (told.all().count(), fresh(one).closed_at) == (4, MONDAY + DAY + HOUR)
    assert verify().faults == []


def test_following_costs_the_same_for_one_and_for_many(cast: Cast) -> None:
    costs, system = [], User.objects.system()
    for count in (1, 4):
        leading = walk(cast, "handling")
        for _ in range(count):
            merge(cast, report(cast, MONDAY + HOUR), leading)
        finish(cast, leading, MONDAY + 5 * HOUR)
        with CaptureQueriesContext(connection) as caught:
            assert actions.follow_leading(leading=leading.pk, by=system, at=MONDAY + DAY) == count
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 8


def test_a_report_merged_into_a_closed_case_is_answered_at_once(cast: Cast) -> None:
    leading = walk(cast, "handling")
    finish(cast, leading, MONDAY + 2 * HOUR)
    case = report(cast, MONDAY + 3 * HOUR, by=cast.worker, grid=cast.place.micros[1].code)
    merge(cast, case, leading, MONDAY + 4 * HOUR)
    assert fresh(case).closed_at == MONDAY + 4 * HOUR
    assert Notice.objects.get(kind=NoticeKind.PROGRESS).user == cast.worker
    work(MONDAY + 5 * HOUR)
    assert Notice.objects.filter(kind=NoticeKind.PROGRESS).count() == 1


def test_not_accepted_is_an_answer_too(cast: Cast) -> None:
    leading, case = report(cast), report(cast, by=cast.worker, grid=cast.place.micros[1].code)
    merge(cast, case, leading)
    actions.reject_case(case=leading.pk, reason="legal_channel", by=cast.lead, at=MONDAY + 4 * HOUR)
    work(MONDAY + 5 * HOUR)
    assert fresh(case).closed_at == MONDAY + 4 * HOUR
    assert Notice.objects.get(kind=NoticeKind.PROGRESS).user == cast.worker


def test_a_voided_leading_case_lets_its_merged_ones_go(cast: Cast) -> None:
    """What was real must not end with what was none."""
    leading, case = walk(cast, "accepted"), walk(cast, "handling")
    merge(cast, case, leading)
    Case.objects.filter(pk=leading.pk).update(state=CaseState.VOIDED)
    assert actions.follow_leading(leading=leading.pk, by=User.objects.system(), at=MONDAY + DAY) == 1
    case = fresh(case)
    assert (case.state, case.leading, case.deadlines.running().get().due_at) == ("accepted", None, MONDAY + 3 * DAY)
    assert Notice.objects.get(kind=NoticeKind.PROGRESS).user == cast.lead
    assert Record.objects.get(verb="cases.unmerged").actor == User.objects.system()
    assert actions.follow_leading(leading=leading.pk, by=User.objects.system(), at=MONDAY + DAY) == 0


def test_the_merged_reporter_rates_once_the_leading_case_is_closed(cast: Cast) -> None:
    leading, case = walk(cast, "handling"), report(cast, MONDAY + HOUR, by=cast.worker)
    merge(cast, case, leading)
    rate = {"case": case.pk, "score": 1, "solved": False, "text": "还有一半"}
    before = snapshot()
    with pytest.raises(Conflict) as refusal:
        actions.rate_case(**rate, by=cast.worker, at=MONDAY + 4 * HOUR)
    assert (refusal.value.code, snapshot()) == ("leading_open", before)
    finish(cast, leading, MONDAY + 5 * HOUR)
    # Even before the worker has brought word of it.
    actions.rate_case(**rate, by=cast.worker, at=MONDAY + 6 * HOUR)
    assert (fresh(case).rating.score, fresh(case).state) == (1, CaseState.MERGED)
    assert not hasattr(fresh(leading), "rating")
    told = Notice.objects.get(kind=NoticeKind.PROGRESS, user=cast.lead)
    assert (told.params["no"], told.params["reopen"], told.params["until"]) == (case.no, leading.no, "2026-09-22")


def test_whoever_handled_the_leading_case_rates_none_of_its_merged_ones(cast: Cast) -> None:
    leading = walk(cast, "accepted")
    actions.dispatch_case(case=leading.pk, grid=cast.place.comprehensives[0].code, by=cast.total_lead, at=MONDAY)
    actions.sign_in_case(case=leading.pk, by=cast.lead, at=MONDAY)
    case = report(cast, MONDAY + HOUR)
    merge(cast, case, leading)
    actions.complete_case(case=leading.pk, result="好了", by=cast.lead, at=MONDAY + 4 * HOUR)
    actions.verify_case(case=leading.pk, by=cast.total_lead, at=MONDAY + 4 * HOUR)
    actions.close_case(case=leading.pk, by=cast.total_lead, at=MONDAY + 4 * HOUR)
    work(MONDAY + 5 * HOUR)
    with pytest.raises(Forbidden) as refusal:
        actions.rate_case(case=case.pk, score=4, solved=True, by=cast.lead, at=MONDAY + 5 * HOUR)
    assert refusal.value.code == "own_work"


def test_a_merge_and_its_undoing_cost_about_twice_a_plain_transition(cast: Cast) -> None:
    leading, case = walk(cast, "accepted"), walk(cast, "handling")
    costs = []
    for verb in (lambda: merge(cast, case, leading),
                 lambda: actions.unmerge_case(case=case.pk, reason="两回事", by=cast.lead, at=MONDAY + DAY)):  # fmt: skip
        with CaptureQueriesContext(connection) as caught:
            verb()
        costs.append(len([q for q in caught if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert costs == [16, 14]


# --- the faces -------------------------------------------------------------------------------------------------------


def test_the_api_merges_by_number_or_id_and_shows_the_leading_case(cast: Cast) -> None:
    lead, unit = client_of(cast.lead), client_of(cast.unit_staff)
    leading = walk(cast, "handling", reporter_name="王小明", reporter_phone="13800000001", channel="phone")
    case, third = report(cast, MONDAY + HOUR, by=cast.worker), report(cast, MONDAY + HOUR)
    url = f"/api/v1/cases/{case.pk}/"
    wrong = lead.post(f"{url}merge/", {"leading": "20990101000000", "reason": WHY})
    assert (wrong.status_code, wrong.json()["errors"][0]["attr"]) == (400, "leading")
    answer = lead.post(f"{url}merge/", {"leading": leading.no, "reason": WHY})
    assert (answer.status_code, answer.json()["state"]) == (200, "merged")
    assert lead.post(f"/api/v1/cases/{third.pk}/merge/", {"leading": str(leading.pk), "reason": WHY}).status_code == 200
    assert lead.post(f"/api/v1/cases/{third.pk}/unmerge/", {"reason": "两回事"}).json()["state"] == "submitted"
    finish(cast, leading, MONDAY + 5 * HOUR, "您反映的纸箱已全部清走。")
    found = client_of(cast.worker).get(url).json()
    assert (found["state"], found["merged_into"], found["reply"]) == ("merged", leading.no, "")
    assert (found["leading"]["no"], found["leading"]["state"]) == (leading.no, "closed")
    assert found["leading"]["reply"] == "您反映的纸箱已全部清走。"
    assert [bool(step["done_at"]) for step in found["leading"]["steps"]] == [True] * 5
    detail = unit.get(f"/api/v1/cases/{leading.pk}/").json()
    assert [(row["id"], row["no"]) for row in detail["merged"]] == [(case.pk, case.no)]
    assert (detail["leading"], detail["merged_into"]) == (None, None)
    assert unit.get(url).status_code == 404
    listed = {row["no"]: row["merged_into"] for row in lead.get(f"/api/v1/cases/?q={case.no}").json()["results"]}
    assert listed == {case.no: leading.no}


@pytest.mark.parametrize(
    ("verb", "body"),
    [("merge", {"leading": "1", "reason": "x"}), ("unmerge", {"reason": "x"}), ("reply", {"reply": "x"}),
     ("call-back", {"reached": False})],
)  # fmt: skip
def test_an_outsider_gets_404_or_is_told_nothing(cast: Cast, verb: str, body: dict[str, Any]) -> None:
    case = report(cast)
    if verb == "merge":
        body["leading"] = str(report(cast).pk)
    before = snapshot()
    answer = client_of(cast.outsider).post(f"/api/v1/cases/{case.pk}/{verb}/", body)
    # A leading case out of sight is told first, as one that does not exist.
    assert answer.status_code == (400 if verb == "merge" else 404)
    assert snapshot() == before


def test_the_page_offers_candidates_and_takes_a_number(cast: Cast) -> None:
    make_category("0603", "B")
    leading, case = walk(cast, "handling"), report(cast, MONDAY + HOUR)
    later, other = report(cast, MONDAY + 2 * HOUR), report(cast, category="0603")
    client = desk(cast.lead)
    assert verb_of(case, "merge") in client.get(page_of(case)).content.decode()
    form = client.get(verb_of(case, "merge")).context["form"]
    assert [key for key, _text in form.fields["pick"].choices] == ["", str(leading.pk)]
    for given, field in (({"reason": WHY}, "__all__"), ({"reason": WHY, "number": "123"}, "number"),
                         ({"pick": leading.pk}, "reason"), ({"reason": WHY, "pick": other.pk}, "pick"),
                         ({"reason": WHY, "number": later.no}, "__all__")):  # fmt: skip
        before = snapshot()
        answer = client.post(verb_of(case, "merge"), given)
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field]), given
        assert snapshot() == before
    answer = client.post(verb_of(case, "merge"), {"reason": WHY, "number": leading.no})
    assert (answer.status_code, fresh(case).leading_id) == (302, leading.pk)
    assert desk(cast.worker).get(verb_of(later, "merge")).status_code == 403


def test_the_pages_of_both_tell_of_each_other(cast: Cast) -> None:
    leading = walk(cast, "handling")
    case = report(cast, MONDAY + HOUR, by=cast.worker, reporter_name="王小明", reporter_phone="13912345678")
    merge(cast, case, leading)
    finish(cast, leading, MONDAY + 5 * HOUR, "纸箱已经清走。")
    child = desk(cast.lead).get(page_of(case))
    assert leading.no in child.content.decode() and "纸箱已经清走。" in child.content.decode()
    assert [bool(view.done_at) for view, _icon in child.context["steps"]] == [True] * 5
    page = desk(cast.lead).get(page_of(leading)).content.decode()
    assert case.no in page and verb_of(case, "unmerge") in page
    # The unit reads the number and nothing else.
    seen = desk(cast.unit_staff).get(page_of(leading)).content.decode()
    assert case.no in seen and page_of(case) not in seen and verb_of(case, "unmerge") not in seen
    assert "13912345678" not in seen and "王小明" not in seen
    listing = desk(cast.lead).get(f"/admin/cases/case/?q={case.no}").content.decode()
    assert leading.no in listing
    answer = desk(cast.lead).post(verb_of(case, "unmerge"), {"reason": "两回事"})
    assert (answer.status_code, fresh(case).state) == (302, "accepted")


def test_the_pages_are_flat_in_merged_cases_and_calls(cast: Cast) -> None:
    leading = walk(cast, "handling")
    urls = (page_of(leading), f"/api/v1/cases/{leading.pk}/")
    hands = (desk(cast.lead), client_of(cast.lead))
    actions.complete_case(case=leading.pk, result="好了", by=cast.unit_staff, at=MONDAY + HOUR)

    def costs() -> list[int]:
        found = []
        for client, url in zip(hands, urls, strict=True):
            client.get(url)
            with CaptureQueriesContext(connection) as caught:
                client.get(url)
            found.append(len(caught))
        return found

    merge(cast, report(cast, MONDAY + HOUR), leading)
    actions.call_back(case=leading.pk, reached=False, by=cast.lead, at=MONDAY + 2 * HOUR)
    few = costs()
    for _ in range(3):
        merge(cast, report(cast, MONDAY + HOUR), leading)
        actions.call_back(case=leading.pk, reached=False, by=cast.lead, at=MONDAY + 2 * HOUR)
    assert costs() == few
    assert few[1] <= 8
