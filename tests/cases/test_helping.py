"""Whistle and co-handling: who may call whom, clocks of their own, and that nobody is forgotten when the case is completed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases import actions
from cases.actions import clocks
from cases.actions.helping import withdraw_assists
from cases.choices import Ask, CaseState, LimitOf, OrderState, Part
from cases.models import Case, Deadline, LedgerEntry, Order, Policy
from cases.reports import Asked, ReportInTimes, helpers_for, narrow, report_in_times, timeline
from gridgov.core import jobs
from gridgov.core.calendar import LimitUnit
from gridgov.core.errors import Conflict, Forbidden, Invalid, Refusal
from gridgov.core.models import Record
from grids.choices import PostKind
from grids.models import Binding, Unit
from tests.cases.test_actions import HOUR, snapshot, walk
from tests.factories import LONG_AGO, MONDAY, Cast, at, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
RETURN = {"kind": Ask.RETURN, "reason": "不属我单位职责", "whose": "城管办", "contact": "李科长", "basis": "权责清单"}
NOON = MONDAY + 3 * HOUR + dt.timedelta(minutes=30)


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


@dataclass
class Helpers:
    """Two units that can be called: the first has a desk and a professional worker, the second a desk."""

    first: Unit
    desk: User
    specialist: User
    second: Unit
    second_desk: User


@pytest.fixture
def helpers(cast: Cast) -> Helpers:
    first, second = make_unit("城管局"), make_unit("燃气公司")
    desk, specialist, other = (make_user(Role.UNIT_STAFF) for _ in range(3))
    give(desk, PostKind.UNIT_STAFF, first)
    post = give(specialist, PostKind.SPECIALIST_WORKER, first)
    Binding.objects.create(post=post, grid=cast.place.totals[0], matters=["0602"], valid_from=LONG_AGO)
    give(other, PostKind.UNIT_STAFF, second)
    return Helpers(first, desk, specialist, second, other)


def call(case: Case, cast: Cast, units: list[Unit], **values: Any) -> list[Order]:
    given = {"whistle": True, "note": "请到现场", "by": cast.lead, "at": NOON, **values}
    actions.call_for_help(case=case, units=[unit.pk for unit in units], **given)
    return list(case.orders.filter(part=Part.ASSIST).order_by("pk"))


def refused(kind: type[Refusal], code: str, case: Case, verb: Any, **values: Any) -> None:
    before = snapshot(case)
    with pytest.raises(kind) as refusal:
        verb(case=case, **values)
    assert refusal.value.code == code
    assert snapshot(case) == before


def test_a_whistle_calls_several_units_each_with_clocks_of_its_own(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    orders = call(case, cast, [helpers.first, helpers.second], called={helpers.first.pk: helpers.specialist.pk})
    assert [(o.unit, o.state, o.whistled, o.called) for o in orders] == [
        (helpers.first, OrderState.SENT, True, helpers.specialist), (helpers.second, OrderState.SENT, True, None),
    ]  # fmt: skip
    # Two working hours from 12:30: 14:00 to 16:00. Three working days; the case clock ends before.
    case_due = MONDAY + HOUR + dt.timedelta(days=3)
    for order in orders:
        assert [(d.clock, d.due_at) for d in order.deadlines.order_by("pk")] == [
            ("report_in", at("2026-09-07 16:00")), ("handle", case_due),
        ]  # fmt: skip
    # The person called by name is told alone; of the other unit everybody at the desk.
    told = Notice.objects.filter(kind=NoticeKind.ORDER, at=NOON).values_list("user", flat=True)
    assert sorted(told) == sorted([helpers.specialist.pk, helpers.second_desk.pk])
    row = Record.objects.get(verb="cases.whistled")
    assert (row.data["to"], row.data["units"], row.data["note"]) == (
        "城管局, 燃气公司", [helpers.first.pk, helpers.second.pk], "请到现场",
    )  # fmt: skip
    lead = Case.objects.get(pk=case.pk)
    assert (lead.state, lead.lead_order, lead.version) == (CaseState.HANDLING, case.lead_order, case.version + 1)
    # The rest of the unit sees the case in its list.
    for user in (helpers.desk, helpers.specialist, helpers.second_desk):
        assert list(Case.objects.visible_to(user)) == [case]


def test_a_plain_call_has_a_sign_in_clock(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "accepted")
    (order,) = call(case, cast, [helpers.first], whistle=False)
    assert [d.clock for d in order.deadlines.order_by("pk")] == ["sign_in", "handle"]
    assert Record.objects.filter(verb="cases.assist_called").count() == 1
    assert list(Notice.objects.filter(at=NOON).values_list("user", flat=True)) == [helpers.desk.pk]


def test_the_part_of_a_helper_has_the_limit_for_co_handling(cast: Cast, helpers: Helpers) -> None:
    """Where the case clock runs longer: three working days by default, or what a policy says."""
    case = walk(cast, "handling")
    Deadline.objects.filter(case=case, clock="case").update(due_at=at("2026-09-30 18:00"))
    case.change(due_at=at("2026-09-30 18:00"))
    (order,) = call(case, cast, [helpers.first])
    assert order.deadlines.get(clock="handle").due_at == at("2026-09-10 18:00")
    short = {"limit": LimitOf.ASSIST, "value": 4, "unit": LimitUnit.WORK_HOUR, "tier": "", "effective_from": MONDAY}
    policy = Policy.objects.create(street=cast.place.street, **short)
    order = call(case, cast, [helpers.second])[-1]
    assert [(d.due_at, d.policy) for d in order.deadlines.filter(clock="handle")] == [(at("2026-09-07 18:00"), policy)]


def test_a_whistle_out_of_hours_counts_working_hours(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    friday = at("2026-09-11 17:30")
    case.change(due_at=at("2026-09-30 18:00"))
    (order,) = call(case, cast, [helpers.first], at=friday)
    # Half an hour on Friday, one and a half on Monday; the weekend doesn't count.
    assert order.deadlines.get(clock="report_in").due_at == at("2026-09-14 09:30")


def test_after_the_case_clock_has_run_out_the_ledger_says_why_the_helper_has_time(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    late = MONDAY + dt.timedelta(days=5)
    (order,) = call(case, cast, [helpers.first], at=late)
    assert order.deadlines.get(clock="report_in").due_at > late
    assert {row.reason for row in LedgerEntry.objects.filter(deadline__order=order)} == {clocks.OUT_OF_TIME}


def test_reporting_in_is_measured(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    first, second = call(case, cast, [helpers.first, helpers.second], called={helpers.first.pk: helpers.specialist.pk})
    actions.report_in(case=case, order=first.pk, by=helpers.specialist, at=NOON + dt.timedelta(minutes=25))
    first.refresh_from_db()
    assert (first.state, first.handler, first.signed_at) == (
        OrderState.SIGNED, helpers.specialist, NOON + dt.timedelta(minutes=25),
    )  # fmt: skip
    assert first.deadlines.get(clock="report_in").met_at == first.signed_at
    assert first.deadlines.get(clock="handle").met_at is None
    assert second.deadlines.get(clock="report_in").met_at is None
    assert Record.objects.get(verb="cases.reported_in").data["seconds"] == 25 * 60
    assert Notice.objects.get(kind=NoticeKind.PROGRESS).user == cast.lead
    # The lead's own sign-in is untouched.
    assert Case.objects.get(pk=case.pk).signed_at == case.signed_at


def test_report_in_times_by_unit(cast: Cast, helpers: Helpers) -> None:
    """By hand: the first unit answers after 10 and 30 minutes, in time; the second once, late, and once not yet."""
    cases = [walk(cast, "handling") for _ in range(3)]
    for case, minutes in zip(cases, (10, 30, None), strict=True):
        first, second = call(case, cast, [helpers.first, helpers.second])
        if minutes:
            actions.report_in(case=case, order=first.pk, by=helpers.desk, at=NOON + dt.timedelta(minutes=minutes))
        if minutes == 10:
            actions.report_in(case=case, order=second.pk, by=helpers.second_desk, at=at("2026-09-07 16:30"))
        if minutes is None:  # excused ones count nowhere
            actions.excuse_assist(case=case, order=first.pk, reason="不需要", by=cast.lead, at=NOON)

    def seen(user: User, day: dt.datetime, when: dt.datetime) -> list[ReportInTimes]:
        asked = Asked(day.date(), day.date())
        narrowed = narrow(asked, user)
        assert narrowed is not None
        return report_in_times(asked, narrowed, when)

    early, late = (seen(cast.street, MONDAY, at(moment)) for moment in ("2026-09-07 15:00", "2026-09-08 09:00"))
    assert [(r.name, r.called, r.reported, r.median, r.in_time, r.due, r.share) for r in late] == [
        ("城管局", 2, 2, dt.timedelta(minutes=20), 2, 2, 1.0),
        ("燃气公司", 3, 1, dt.timedelta(hours=4), 0, 3, 0.0),
    ]
    # At 15:00 nobody of the second unit has answered, and nothing of it is due.
    assert [(r.name, r.reported, r.median, r.due, r.share) for r in early] == [
        ("城管局", 2, dt.timedelta(minutes=20), 2, 1.0), ("燃气公司", 0, None, 0, None),
    ]  # fmt: skip
    assert seen(cast.street, MONDAY + dt.timedelta(days=1), NOON) == []
    # A unit reads how it answers itself, wherever that was; a stranger nothing.
    assert [row.name for row in seen(helpers.second_desk, MONDAY, NOON)] == ["燃气公司"]
    assert seen(cast.outsider, MONDAY, NOON) == []


def test_the_case_waits_for_all_helpers(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    first, second = call(case, cast, [helpers.first, helpers.second])
    done = {"result": "已清理", "by": cast.unit_staff, "at": NOON}
    refused(Conflict, "assists_open", case, actions.complete_case, **done)
    with pytest.raises(Conflict, match="城管局, 燃气公司"):
        actions.complete_case(case=case, **done)
    actions.report_in(case=case, order=first.pk, by=helpers.desk, at=NOON)
    refused(Conflict, "assists_open", case, actions.complete_case, **done)
    actions.finish_assist(case=case, order=first.pk, result="已拖走僵尸车", by=helpers.desk, at=NOON)
    first.refresh_from_db()
    assert (first.state, first.result, first.ended_at) == (OrderState.DONE, "已拖走僵尸车", NOON)
    assert not first.deadlines.running().exists()
    with pytest.raises(Conflict, match="燃气公司") as refusal:
        actions.complete_case(case=case, **done)
    assert "城管局" not in str(refusal.value)
    actions.excuse_assist(case=case, order=second.pk, reason="无燃气设施", by=cast.unit_staff, at=NOON)
    second.refresh_from_db()
    assert (second.state, second.excuse) == (OrderState.EXCUSED, "无燃气设施")
    assert [d.dropped_at for d in second.deadlines.all()] == [NOON, NOON]
    assert Notice.objects.get(kind=NoticeKind.RETURNED).user == helpers.second_desk
    actions.complete_case(case=case, **done)
    assert Case.objects.get(pk=case.pk).state == CaseState.COMPLETED


def test_clocks_of_lead_and_helper_are_apart(cast: Cast, helpers: Helpers) -> None:
    """The helper reports in late while the lead is in time; and the other way round."""
    case = walk(cast, "handling")
    (order,) = call(case, cast, [helpers.first])
    while jobs.run_due(at=at("2026-09-07 16:30")):
        pass
    late = order.deadlines.get(clock="report_in")
    assert late.breached_at == at("2026-09-07 16:00")
    case = Case.objects.get(pk=case.pk)
    assert (case.breached_at, case.card) == (None, 0)
    actions.report_in(case=case, order=order.pk, by=helpers.desk, at=at("2026-09-07 17:00"))
    actions.finish_assist(case=case, order=order.pk, result="好了", by=helpers.desk, at=at("2026-09-08 09:00"))
    while jobs.run_due(at=at("2026-09-10 11:00")):
        pass
    assert Case.objects.get(pk=case.pk).breached_at == MONDAY + HOUR + dt.timedelta(days=3)
    part = order.deadlines.get(clock="handle")
    assert (part.breached_at, part.met_at) == (None, at("2026-09-08 09:00"))
    assert order.deadlines.get(clock="report_in").breached_at == late.breached_at


@pytest.mark.parametrize("way", ["reassign", "return", "raise"])
def test_helpers_go_on_while_the_lead_changes(cast: Cast, helpers: Helpers, way: str) -> None:
    case = walk(cast, "handling")
    (order,) = call(case, cast, [helpers.first])
    running = order.deadlines.running().count()
    {
        "reassign": lambda: actions.reassign_case(case=case, grid=case.grid.code, reason="改派", by=cast.lead, at=NOON),
        "return": lambda: actions.decide(
            application=actions.ask(case=case.pk, **RETURN, by=cast.unit_staff, at=NOON),
            approve=True,
            by=cast.total_lead,
            at=NOON,
        ),
        "raise": lambda: actions.raise_tier(case=case, tier="C", reason="办不了", by=cast.lead, at=NOON),
    }[way]()
    assert (running, order.deadlines.running().count()) == (2, 2)
    actions.report_in(case=case, order=order.pk, by=helpers.desk, at=NOON)
    actions.note_progress(case=case, note="已到场", by=helpers.desk, at=NOON)
    actions.finish_assist(case=case, order=order.pk, result="好了", by=helpers.desk, at=NOON)
    noted = next(row for row in timeline(case) if row.verb == "cases.progressed")
    assert (noted.note, noted.to) == ("已到场", "城管局")


def test_a_helper_that_becomes_the_lead_is_rid_of_its_old_order(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    first, second = call(case, cast, [helpers.first, helpers.second])
    actions.reassign_case(case=case, unit=helpers.first.pk, reason="由城管主办", by=cast.lead, at=NOON)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (OrderState.WITHDRAWN, OrderState.SENT)
    assert (first.deadlines.running().count(), second.deadlines.running().count()) == (0, 2)
    lead = Case.objects.get(pk=case.pk).lead_order
    assert lead is not None and lead.unit == helpers.first


def test_rework_leaves_helpers_done(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    (order,) = call(case, cast, [helpers.first])
    actions.report_in(case=case, order=order.pk, by=helpers.desk, at=NOON)
    actions.finish_assist(case=case, order=order.pk, result="好了", by=helpers.desk, at=NOON)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=NOON)
    actions.rework_case(case=case, reason="没好", by=cast.lead, at=NOON + HOUR)
    order.refresh_from_db()
    assert (order.state, order.deadlines.running().count()) == (OrderState.DONE, 0)


def test_withdrawing_all_helpers_is_flat_and_leaves_other_clocks(cast: Cast, helpers: Helpers) -> None:
    case = walk(cast, "handling")
    counts = []
    for units in ([helpers.first], [helpers.first, helpers.second]):
        call(case, cast, units)
        with CaptureQueriesContext(connection) as caught:
            rows = withdraw_assists(case, by=cast.street, at=NOON)
        LedgerEntry.objects.bulk_create(rows)
        counts.append((len(caught), len(rows)))
    assert counts == [(3, 2), (3, 4)]
    assert set(case.orders.filter(part=Part.ASSIST).values_list("state", flat=True)) == {OrderState.WITHDRAWN}
    assert sorted(case.deadlines.running().values_list("clock", flat=True)) == ["case", "handle"]


def test_whoever_helped_does_not_verify(cast: Cast, helpers: Helpers) -> None:
    """Nor does anybody of the helping unit, even with a lead's role."""
    case = walk(cast, "handling")
    (order,) = call(case, cast, [helpers.first])
    give(cast.total_lead, PostKind.UNIT_STAFF, helpers.first)
    actions.report_in(case=case, order=order.pk, by=cast.total_lead, at=NOON)
    actions.finish_assist(case=case, order=order.pk, result="好了", by=cast.total_lead, at=NOON)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=NOON)
    refused(Forbidden, "own_work", case, actions.verify_case, by=cast.total_lead, at=NOON)
    actions.verify_case(case=case, by=cast.lead, at=NOON)


def test_calling_costs_the_same_for_one_and_for_five(cast: Cast) -> None:
    case, counts = walk(cast, "handling"), []
    for many in (1, 5):
        units = []
        for _ in range(many):
            units.append(make_unit())
            give(make_user(Role.UNIT_STAFF), PostKind.UNIT_STAFF, units[-1])
        with CaptureQueriesContext(connection) as caught:
            call(case, cast, units)
        counts.append(len([q for q in caught.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert counts[0] == counts[1] <= 18


def test_whom_to_call_is_suggested_from_the_ground(cast: Cast, helpers: Helpers) -> None:
    """First what the matter list names, by any of its names; then who is bound to the ground; then the rest."""
    usual = make_unit("应急管理局", aliases=["应急局"])
    cast.category.change(assist_units=["应急局"])
    elsewhere = make_unit("外地应急局", aliases=["应急局"], area_prefix="990101999")
    case = walk(cast, "handling")
    found = helpers_for(case, cast.worker, NOON)
    refused(Invalid, "elsewhere", case, lambda **given: call(case, cast, [elsewhere]))  # that name's of another street
    assert [(one.name, one.usual, [p.user for p in one.people]) for one in found] == [
        ("应急管理局", True, []), ("城管局", False, [helpers.specialist.pk]), ("燃气公司", False, []),
    ]  # fmt: skip
    assert usual.pk == found[0].unit
    call(case, cast, [helpers.first])
    assert [one.name for one in helpers_for(Case.objects.get(pk=case.pk), cast.worker, NOON)] == [
        "应急管理局",
        "燃气公司",
    ]
