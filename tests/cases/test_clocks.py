"""The clocks: nobody can game them, nothing loses them."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases import actions
from cases.actions import Report
from cases.choices import CardLevel, Clock, Light
from cases.models import Card, Case, Deadline, Policy
from cases.reports import explain, light
from gridgov.core import jobs
from gridgov.core.actions import load_days, load_official_year
from gridgov.core.errors import Invalid
from gridgov.core.models import CalendarDay, DayKind, Job, Record
from grids.actions import move_grid
from grids.choices import GridKind, PostKind
from tests.factories import MONDAY, Cast, at, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def accepted(cast: Cast, when: dt.datetime = MONDAY) -> Case:
    asked = Report(category=cast.category.code, text="楼道堆物", grid=cast.place.micros[0].code)
    case = actions.report_case(report=asked, by=cast.street, at=when)
    return actions.accept_case(case=case, by=cast.lead, at=when)


def case_clock(case: Case) -> Deadline:
    return case.deadlines.get(clock=Clock.CASE, round=1)


def run(when: dt.datetime) -> None:
    while jobs.run_due(at=when):
        pass


def readds(case: Case) -> bool:
    """Whether every ledger of the case re-adds from the first due moment to the present one."""
    return all(
        found.deadline.original_due_at + dt.timedelta(seconds=sum(row.moved_seconds for row in found.rows))
        == found.deadline.due_at
        and found.rows[-1].due_at == found.deadline.due_at
        for found in explain(case)
    )


@pytest.mark.parametrize(("tier", "days"), [("A", 1), ("B", 3), ("C", 7)])
def test_the_missions_limits(cast: Cast, tier: str, days: int) -> None:
    cast.category.change(tier=tier)
    case = accepted(cast)
    assert (case.started_at, case.due_at, case.provisional) == (MONDAY, MONDAY + days * DAY, False)


def test_five_hand_overs_leave_the_case_clock_as_it_was(cast: Cast) -> None:
    case = accepted(cast)
    original = case_clock(case).original_due_at
    units = [make_unit() for _ in range(6)]
    for unit in units:
        give(make_user("unit_staff"), PostKind.UNIT_STAFF, unit)
    actions.dispatch_case(case=case, unit=units[0].pk, by=cast.lead, at=MONDAY + HOUR)
    for n, unit in enumerate(units[1:], start=2):
        actions.reassign_case(case=case, unit=unit.pk, reason="职责不符", by=cast.lead, at=MONDAY + n * HOUR)
    clock = case_clock(case)
    assert (clock.started_at, clock.original_due_at, clock.due_at, clock.met_at) == (MONDAY, original, original, None)
    assert [row.entry for row in clock.ledger.all()] == ["start", *["handover"] * 5]
    assert case.deadlines.filter(clock=Clock.SIGN_IN, dropped_at=None).count() == 1
    assert readds(case)


def test_a_unit_that_never_signs_in_is_late_all_the_same(cast: Cast) -> None:
    case = accepted(cast)
    give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, cast.unit)  # is called, not sent orders
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    sign_in, step = case.deadlines.filter(clock__in=[Clock.SIGN_IN, Clock.HANDLE]).order_by("pk")
    # One working day from dispatch; the step clock ends with the case clock.
    assert (sign_in.due_at, step.due_at) == (at("2026-09-08 18:00"), case.due_at)
    run(at("2026-09-08 18:00"))
    sign_in.refresh_from_db()
    assert sign_in.breached_at == at("2026-09-08 18:00")
    assert set(Notice.objects.filter(kind=NoticeKind.BREACH).values_list("user", flat=True)) == {
        cast.unit_staff.pk, cast.total_lead.pk,
    }  # fmt: skip
    assert Card.objects.count() == 0
    run(MONDAY + 3 * DAY)
    step.refresh_from_db()
    assert step.breached_at == step.due_at


def test_a_step_clock_is_never_later_than_the_case_clock_unless_the_ledger_says_why(cast: Cast) -> None:
    case = accepted(cast)
    late = MONDAY + 3 * DAY + HOUR
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=late)
    step = case.deadlines.get(clock=Clock.HANDLE)
    assert step.due_at == at("2026-09-11 18:00")
    assert step.ledger.get().reason == "the case clock had run out before this order"


def test_near_expiry_is_told_at_50_and_80_percent_and_breach_at_100(cast: Cast) -> None:
    case = accepted(cast)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY)
    limit = 3 * DAY
    told = []
    for share in (0.49, 0.5, 0.79, 0.8, 0.99, 1):
        run(MONDAY + limit * share)
        told.append(Notice.objects.exclude(kind=NoticeKind.ORDER).filter(user=cast.unit_staff).count())
    # The last moment tells of two clocks: the case's and the step's.
    assert told == [0, 1, 1, 2, 2, 4]
    case.refresh_from_db()
    assert (case.breached_at, case.card) == (MONDAY + limit, CardLevel.YELLOW)
    card = Card.objects.get()
    assert (card.unit, card.level, card.case) == (cast.unit, CardLevel.YELLOW, case)
    assert list(Notice.objects.filter(kind=NoticeKind.CARD).values_list("user", flat=True)) == [cast.total_lead.pk]
    assert Record.objects.filter(verb="cases.breached", data__clock="case").get().actor == User.objects.system()


def test_a_strike_run_twice_marks_once(cast: Cast) -> None:
    case = accepted(cast)
    for _twice in range(2):
        actions.strike(deadlines=[case_clock(case).pk], by=User.objects.system(), at=MONDAY + 4 * DAY)
    assert Card.objects.count() == 1
    assert case_clock(case).ledger.filter(entry="breach").count() == 1
    assert Record.objects.filter(verb="cases.breached").count() == 1
    assert Notice.objects.filter(kind=NoticeKind.CARD).count() == 1


def test_an_outage_of_a_day_catches_up_without_a_flood(cast: Cast) -> None:
    case = accepted(cast)
    run(MONDAY + 10 * DAY)
    # Nobody is told of 50 and 80 percent any more.
    assert Notice.objects.filter(kind=NoticeKind.NEAR).count() == 0
    case.refresh_from_db()
    assert case.breached_at == MONDAY + 3 * DAY


def test_completion_stops_the_clock_and_verification_never_punishes_the_handler(cast: Cast) -> None:
    case = accepted(cast)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY + DAY)
    run(MONDAY + 30 * DAY)
    case.refresh_from_db()
    assert (case.breached_at, case.card) == (None, CardLevel.NONE)
    assert light(case, MONDAY + 30 * DAY) == Light.DONE
    assert case.deadlines.get(clock=Clock.VERIFY).breached_at == at("2026-09-09 18:00")


def test_completed_late_while_the_worker_was_down_is_late(cast: Cast) -> None:
    case = accepted(cast)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY + 4 * DAY)
    run(MONDAY + 5 * DAY)
    case.refresh_from_db()
    assert case.breached_at == MONDAY + 3 * DAY
    assert light(case, MONDAY + 5 * DAY) == Light.LATE


def test_rework_lets_the_same_clock_run_on(cast: Cast) -> None:
    case = accepted(cast)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY + DAY)
    run(MONDAY + DAY)
    actions.rework_case(case=case, reason="没好", by=cast.lead, at=MONDAY + 2 * DAY)
    clock = case_clock(case)
    assert (clock.met_at, clock.due_at) == (None, MONDAY + 3 * DAY)
    run(MONDAY + 3 * DAY)
    case.refresh_from_db()
    assert case.breached_at == MONDAY + 3 * DAY


def test_raising_the_tier_moves_the_due_moment_to_start_plus_the_new_limit(cast: Cast) -> None:
    case = accepted(cast)
    actions.raise_tier(case=case, tier="C", reason="需街道协调", by=cast.lead, at=MONDAY + DAY)
    clock = case_clock(case)
    assert (clock.original_due_at, clock.due_at) == (MONDAY + 3 * DAY, MONDAY + 7 * DAY)
    assert [(row.entry, row.moved_seconds) for row in clock.ledger.all()] == [("start", 0), ("tier", 4 * 86400)]
    case.refresh_from_db()
    assert (case.tier, case.due_at) == ("C", MONDAY + 7 * DAY)
    assert readds(case)


def test_raising_the_tier_never_shortens_and_never_heals(cast: Cast) -> None:
    actions.set_policy(tier="C", value="1", unit="natural_hour", by=cast.street, at=MONDAY - DAY)
    case = accepted(cast)
    run(MONDAY + 3 * DAY)
    actions.raise_tier(case=case, tier="C", reason="晚了", by=cast.lead, at=MONDAY + 4 * DAY)
    clock = case_clock(case)
    assert (clock.due_at, clock.breached_at) == (MONDAY + 3 * DAY, MONDAY + 3 * DAY)
    case.refresh_from_db()
    assert case.breached_at == MONDAY + 3 * DAY


def test_a_policy_acts_on_later_cases_only(cast: Cast) -> None:
    before = accepted(cast)
    policy = actions.set_policy(tier="B", value="30", unit="natural_second", by=cast.street, at=MONDAY + HOUR)
    after = accepted(cast, MONDAY + 2 * HOUR)
    assert case_clock(before).due_at == MONDAY + 3 * DAY
    assert (case_clock(after).due_at, case_clock(after).policy) == (
        MONDAY + 2 * HOUR + dt.timedelta(seconds=30),
        policy,
    )
    run(MONDAY + 2 * HOUR + dt.timedelta(seconds=30))
    after.refresh_from_db()
    before.refresh_from_db()
    assert (after.card, before.card) == (CardLevel.YELLOW, CardLevel.NONE)


def test_the_nearer_policy_counts(cast: Cast) -> None:
    def policy(value: int, **where: object) -> Policy:
        return actions.set_policy(
            tier="B", value=Decimal(value), unit="natural_day", by=cast.street, at=MONDAY - DAY, **where
        )  # type: ignore[arg-type]

    found = []
    for make in (
        lambda: policy(10),
        lambda: policy(11, category=cast.category),
        lambda: policy(12, street=cast.place.street),
        lambda: policy(13, street=cast.place.street, category=cast.category),
    ):
        make()
        found.append((accepted(cast).due_at - MONDAY).days)
    assert found == [10, 11, 12, 13]
    # The same rows, asked at capture by a worker.
    case = actions.report_case(report=Report(category=cast.category.code, text="堆物"), by=cast.worker, at=MONDAY)
    assert (case.due_at - MONDAY).days == 13


@pytest.mark.parametrize(
    ("values", "field"),
    [({"tier": "D"}, "tier"), ({"value": "many"}, "value"), ({"value": "-1"}, "value"), ({"unit": "week"}, "unit"),
     ({"effective_from": MONDAY - DAY}, "effective_from")],
)  # fmt: skip
def test_a_policy_that_cannot_be_is_refused(cast: Cast, values: dict[str, object], field: str) -> None:
    asked = {"tier": "A", "value": "1", "unit": "natural_day", **values}
    with pytest.raises(Invalid) as refusal:
        actions.set_policy(by=cast.street, at=MONDAY, **asked)  # type: ignore[arg-type]
    assert field in (getattr(refusal.value, "faults", None) or {refusal.value.field: None})
    assert Policy.objects.count() == 0


def test_a_deadline_into_an_unloaded_year_is_provisional_and_worked_out_again(cast: Cast) -> None:
    load_official_year(year=2026, by=User.objects.system(), at=MONDAY)
    actions.set_policy(tier="B", value="7", unit="work_day", by=cast.street, at=MONDAY)
    case = accepted(cast, at("2026-12-28 09:00"))
    assert (case.due_at, case.provisional) == (at("2027-01-06 18:00"), True)

    january = [dt.date(2027, 1, day) for day in range(1, 32)]
    rest = {1, 2, 3, 9, 10, 16, 17, 23, 24, 30, 31, 4}
    days = [
        CalendarDay(date=day, kind=DayKind.REST if day.day in rest else DayKind.WORK, name="元旦") for day in january
    ]
    load_days(days=days, by=User.objects.system(), at=at("2026-12-29 09:00"))
    run(at("2026-12-29 09:00"))
    case.refresh_from_db()
    assert (case.due_at, case.provisional) == (at("2027-01-08 18:00"), False)
    clock = case_clock(case)
    assert clock.original_due_at == at("2027-01-06 18:00")
    assert [(row.entry, row.moved_seconds) for row in clock.ledger.all()] == [("start", 0), ("recomputed", 2 * 86400)]
    assert "1-4 元旦" in explain(case)[-1].rows[-1].text
    assert readds(case)
    assert Job.objects.get(kind="cases.deadline", key=str(clock.pk)).due_at == clock.stage_at(50)


def test_a_response_clock_is_met_by_acceptance_and_runs_out_without(cast: Cast) -> None:
    asked = Report(category=cast.category.code, text="楼道堆物", grid=cast.place.micros[0].code)
    case = actions.report_case(report=asked, by=cast.street, at=MONDAY)
    clock = case.deadlines.get()
    assert (clock.clock, clock.due_at) == (Clock.RESPONSE, MONDAY + 4 * HOUR)
    run(MONDAY + 4 * HOUR)
    clock.refresh_from_db()
    assert clock.breached_at == MONDAY + 4 * HOUR
    assert Notice.objects.get().user == cast.total_lead
    actions.accept_case(case=case, by=cast.lead, at=MONDAY + 5 * HOUR)
    clock.refresh_from_db()
    assert (clock.met_at, clock.breached_at) == (MONDAY + 5 * HOUR, MONDAY + 4 * HOUR)


def test_a_reopened_case_has_a_round_of_its_own(cast: Cast) -> None:
    case = accepted(cast)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY)
    run(MONDAY + 4 * DAY)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY + 4 * DAY)
    actions.verify_case(case=case, by=cast.lead, at=MONDAY + 4 * DAY)
    actions.close_case(case=case, by=cast.lead, at=MONDAY + 4 * DAY)
    actions.reopen_case(case=case, reason="又堆了", by=cast.lead, at=MONDAY + 5 * DAY)
    case.refresh_from_db()
    assert (case.round, case.due_at) == (2, MONDAY + 8 * DAY)
    assert case_clock(case).breached_at == MONDAY + 3 * DAY
    assert case.breached_at == MONDAY + 3 * DAY
    run(MONDAY + 8 * DAY)
    assert list(Card.objects.values_list("round", "level")) == [(1, 1), (2, 1)]


def test_open_cases_follow_a_moved_grid_and_closed_ones_stay(cast: Cast) -> None:
    other = cast.place.totals[0].children.create(
        code="990101001001002",
        kind=GridKind.COMPREHENSIVE,
        name="第二网格",
        parent=cast.place.totals[0],
        valid_from=dt.date(2020, 1, 1),
    )
    case = accepted(cast)
    closed = actions.reject_case(
        case=actions.report_case(
            report=Report(category=cast.category.code, text="无", grid=cast.place.micros[0].code), by=cast.street, at=MONDAY
        ), reason="no_content", by=cast.street, at=MONDAY,
    )  # fmt: skip
    move_grid(grid=cast.place.micros[0], parent=other, by=cast.street, at=MONDAY)
    run(MONDAY + HOUR)
    case.refresh_from_db()
    closed.refresh_from_db()
    assert case.comprehensive == other
    assert closed.comprehensive == cast.place.comprehensives[0]
    assert Record.objects.get(verb="cases.redrawn").subject_id == case.pk


def test_a_breach_marked_after_reopening_keeps_the_moment_of_its_own_round(cast: Cast) -> None:
    """The worker was down while a late case was completed, closed and opened again."""
    case = accepted(cast)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY)
    actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY + 4 * DAY)
    actions.verify_case(case=case, by=cast.lead, at=MONDAY + 4 * DAY)
    actions.close_case(case=case, by=cast.lead, at=MONDAY + 4 * DAY)
    actions.reopen_case(case=case, reason="又堆了", by=cast.lead, at=MONDAY + 5 * DAY)
    run(MONDAY + 5 * DAY)
    case.refresh_from_db()
    assert (case.round, case.breached_at) == (2, MONDAY + 3 * DAY)
    assert case_clock(case).breached_at == MONDAY + 3 * DAY
