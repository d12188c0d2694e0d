"""The ladder: each rung once, whoever comes when; levels only rise."""

import contextlib
import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.choices import NoticeKind
from accounts.models import Notice, User
from cases import actions
from cases.actions import moving
from cases.actions.clocks import KIND
from cases.actions.holding import hold_still
from cases.choices import CardLevel, Cause, Clock, Hold, PauseReason
from cases.models import Card, Case, Deadline, Policy, Supervision
from cases.reports import timeline
from gridgov.core import jobs
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
from tests.factories import MONDAY, Cast, at, make_cast

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
DUE = MONDAY + 3 * DAY  # tier B
RED = at("2026-09-15 18:00")  # three working days after Thursday the 10th
REPLY = at("2026-09-16 18:00")  # and one for the answer


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def handling(cast: Cast, when: dt.datetime = MONDAY, **values: Any) -> Case:
    asked = actions.Report(category=cast.category.code, text="楼道堆物", grid=cast.place.micros[0].code, **values)
    case = actions.report_case(report=asked, by=cast.street, at=when)
    actions.accept_case(case=case, by=cast.lead, at=when)
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=when)
    actions.sign_in_case(case=case, by=cast.unit_staff, at=when)
    Notice.objects.all().delete()
    return Case.objects.get(pk=case.pk)


def clock(case: Case, kind: str = Clock.CASE) -> Deadline:
    return case.deadlines.filter(clock=kind).latest("pk")


def run(when: dt.datetime) -> None:
    while jobs.run_due(at=when):
        pass


def cards() -> list[tuple[int, int]]:
    return list(Card.objects.order_by("pk").values_list("round", "level"))


def told() -> list[tuple[str, str, str]]:
    """(who, kind, key) of every notice, keys without row numbers of deadlines and supervisions."""
    rows = Notice.objects.order_by("pk").values_list("user__username", "kind", "key")
    return sorted((who, kind, key.split(":")[0] + ":" + key.split(":")[-1]) for who, kind, key in rows)


# --- by rule ---------------------------------------------------------------------------------------------------------


def test_yellow_then_red_each_once_and_up_the_tree(cast: Cast) -> None:
    case = handling(cast)
    name = cast.unit_staff.username
    run(DUE)
    assert cards() == [(1, CardLevel.YELLOW)]
    assert clock(case).red_at == RED
    assert Job.objects.get(kind=KIND, key=str(clock(case).pk)).due_at == RED
    first = told()
    # Of two clocks that end together the unit hears twice; the lead of the tier hears of the card.
    assert first.count((name, "breach", "deadline:100")) == 2
    assert ("total_lead", "card", "card:1") in first
    Notice.objects.all().delete()
    run(RED - dt.timedelta(seconds=1))
    assert told() == []
    for _twice in range(2):
        run(RED)
    assert cards() == [(1, CardLevel.YELLOW), (1, CardLevel.RED)]
    card = Card.objects.get(level=CardLevel.RED)
    assert (card.unit, card.grid, card.at) == (cast.unit, None, RED)
    supervision = Supervision.objects.get()
    assert told() == sorted([("street", "card", "card:2"), (name, "supervision", f"supervision:{supervision.pk}")])
    assert (supervision.level, supervision.kind, supervision.by, supervision.unit, supervision.reply_due) == (
        CardLevel.RED, "ordinary", User.objects.system(), cast.unit, REPLY,
    )  # fmt: skip
    reply = clock(case, Clock.REPLY)
    assert (reply.supervision, reply.order, reply.due_at, reply.started_at) == (supervision, None, REPLY, RED)
    case.refresh_from_db()
    assert (case.card, case.breached_at) == (CardLevel.RED, DUE)
    said = [(row.verb, row.note) for row in timeline(case)][-3:]
    assert [verb for verb, _note in said] == ["cases.carded", "cases.carded", "cases.supervised"]
    assert said[1][1] == f"{CardLevel.RED.label} · {Cause.OVERDUE.label}"
    assert Record.objects.filter(verb="cases.carded").count() == 2
    assert verify().faults == []


def test_a_strike_run_twice_at_the_red_card_gives_it_once(cast: Cast) -> None:
    case = handling(cast)
    run(DUE)
    for _twice in range(2):
        actions.strike(deadlines=[clock(case).pk], by=User.objects.system(), at=RED)
    assert (Card.objects.count(), Supervision.objects.count()) == (2, 1)
    assert case.deadlines.filter(clock=Clock.REPLY).count() == 1
    assert Record.objects.filter(verb="cases.supervised").count() == 1


@pytest.mark.parametrize(
    ("tier", "urgency", "red"), [("A", "", MONDAY + 2 * DAY), ("B", "emergency", DUE + DAY), ("B", "urgent", RED)]
)
def test_tier_a_and_emergencies_get_the_red_card_a_day_later(
    cast: Cast, tier: str, urgency: str, red: dt.datetime
) -> None:
    cast.category.change(tier=tier)
    case = handling(cast, urgency=urgency)
    run(DUE)
    assert clock(case).red_at == red


def test_a_policy_changes_the_red_card_from_its_moment_on(cast: Cast) -> None:
    case = handling(cast)
    for value, since in ((5, DUE + HOUR), (2, MONDAY)):
        Policy.objects.create(limit="red", value=value, unit="natural_hour", effective_from=since)
    # However late the breach is marked, the policy is the one in force when the limit ran out.
    run(DUE + HOUR)
    assert clock(case).red_at == DUE + 2 * HOUR


def test_what_is_completed_late_gets_no_red_card(cast: Cast) -> None:
    case = handling(cast)
    run(DUE)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=DUE + HOUR)
    run(RED + 30 * DAY)
    assert cards() == [(1, CardLevel.YELLOW)]
    assert Supervision.objects.count() == 0


def test_rework_lets_the_red_card_come_as_if_it_had_never_been_completed(cast: Cast) -> None:
    case = handling(cast)
    run(DUE)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=DUE + HOUR)
    actions.rework_case(case=case, reason="没好", by=cast.lead, at=DUE + 2 * HOUR)
    assert Job.objects.get(kind=KIND, key=str(clock(case).pk)).due_at == RED
    run(RED)
    assert cards() == [(1, CardLevel.YELLOW), (1, CardLevel.RED)]


def test_an_undispatched_case_is_the_leads_to_answer_for(cast: Cast) -> None:
    asked = actions.Report(category=cast.category.code, text="堆物", grid=cast.place.micros[0].code)
    case = actions.report_case(report=asked, by=cast.street, at=MONDAY)
    actions.accept_case(case=case, by=cast.lead, at=MONDAY)
    run(DUE)
    run(RED)
    supervision = Supervision.objects.get()
    assert (supervision.unit, supervision.grid, supervision.order) == (None, cast.place.totals[0], None)
    assert list(Notice.objects.filter(kind="supervision").values_list("user", flat=True)) == [cast.total_lead.pk]


def test_an_unanswered_supervision_climbs_from_ordinary_to_yellow_to_red(cast: Cast) -> None:
    case = handling(cast)
    row = actions.supervise_case(case=case, level=0, text="请说明", by=cast.lead, at=MONDAY)
    Notice.objects.all().delete()
    due = at("2026-09-08 18:00")
    assert row.reply_due == due
    run(due)
    assert cards() == [(1, CardLevel.YELLOW)]
    # Issued by the grid's lead: the total grid's is the tier's own rung, and the street the next above.
    assert told() == sorted([(cast.unit_staff.username, "breach", "deadline:100"), ("street", "card", "card:1")])
    reply = clock(case, Clock.REPLY)
    # Counted from the answer's due moment: Wednesday, Thursday, Friday.
    assert (reply.breached_at, reply.red_at) == (due, at("2026-09-11 18:00"))
    run(at("2026-09-11 18:00"))
    row.refresh_from_db()
    red = Supervision.objects.get(level=CardLevel.RED)
    assert (row.superseded_at, red.superseded_at) == (at("2026-09-11 18:00"), None)
    reply.refresh_from_db()
    assert reply.dropped_at == at("2026-09-11 18:00")
    case.refresh_from_db()
    # Overdue itself since the 10th: that yellow card had been given already.
    assert (case.card, cards()) == (CardLevel.RED, [(1, CardLevel.YELLOW), (1, CardLevel.RED)])
    run(at("2026-10-30 18:00"))
    assert (Supervision.objects.count(), Card.objects.count()) == (2, 2)
    assert verify().faults == []


def test_an_unanswered_yellow_supervision_is_red_at_once(cast: Cast) -> None:
    case = handling(cast)
    row = actions.supervise_case(case=case, level=1, text="请说明", by=cast.street, at=MONDAY)
    run(row.reply_due)
    assert cards() == [(1, CardLevel.YELLOW), (1, CardLevel.RED)]
    assert Supervision.objects.open().get().level == CardLevel.RED
    assert clock(case, Clock.REPLY).started_at == row.reply_due


def test_reopening_climbs_by_itself_and_the_card_stays(cast: Cast) -> None:
    case = handling(cast)

    def close(when: dt.datetime) -> None:
        actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=when)
        actions.verify_case(case=case, by=cast.lead, at=when)
        actions.close_case(case=case, by=cast.lead, at=when)

    close(MONDAY + HOUR)
    actions.reopen_case(case=case, reason="又堆了", by=cast.lead, at=MONDAY + 2 * HOUR)
    case.refresh_from_db()
    assert (case.card, cards(), Supervision.objects.count()) == (CardLevel.YELLOW, [(2, CardLevel.YELLOW)], 0)
    assert Card.objects.get().unit == cast.unit
    assert told() == [("total_lead", "card", "card:1")]
    actions.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=MONDAY + 3 * HOUR)
    actions.sign_in_case(case=case, by=cast.unit_staff, at=MONDAY + 3 * HOUR)
    close(MONDAY + 4 * HOUR)
    Notice.objects.all().delete()
    actions.reopen_case(case=case, reason="又堆了", by=cast.lead, at=MONDAY + 5 * HOUR)
    case.refresh_from_db()
    assert (case.card, cards()) == (CardLevel.RED, [(2, CardLevel.YELLOW), (3, CardLevel.RED)])
    row = Supervision.objects.get()
    assert (row.level, row.round, row.by, row.unit) == (CardLevel.RED, 3, User.objects.system(), cast.unit)
    assert told() == sorted(
        [("street", "card", "card:2"), (cast.unit_staff.username, "supervision", f"supervision:{row.pk}")]
    )
    # Within the round a breach gives no lower card any more.
    run(MONDAY + 30 * DAY)
    assert Card.objects.filter(round=3).values_list("level", flat=True).get() == CardLevel.RED
    assert Record.objects.filter(verb="cases.carded").exclude(actor=User.objects.system()).count() == 0


# --- outage, pauses --------------------------------------------------------------------------------------------------


def test_after_an_outage_all_is_marked_at_its_moment_and_told_once(cast: Cast) -> None:
    case = handling(cast)
    run(RED + 2 * DAY)
    row = clock(case)
    assert (row.breached_at, row.red_at, row.told) == (DUE, RED, 200)
    assert list(Card.objects.order_by("level").values_list("level", "at")) == [(1, DUE), (2, RED)]
    # Of the case clock one notice a person, the gravest, with the moment it happened at; the step clock is another.
    name = cast.unit_staff.username
    kinds = sorted(Notice.objects.filter(user=cast.unit_staff).values_list("kind", flat=True))
    assert kinds == ["breach", "supervision"], name
    red = Notice.objects.get(user=cast.street)
    assert (red.kind, red.at) == (NoticeKind.CARD, RED)
    assert Notice.objects.filter(kind=NoticeKind.NEAR).count() == 0
    # The answer is due from now on: nobody could have answered before.
    assert Supervision.objects.get().reply_due == at("2026-09-18 18:00")


def test_completed_in_an_outage_after_the_red_line_has_its_card_and_nothing_to_answer(cast: Cast) -> None:
    case = handling(cast)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=RED + HOUR)
    run(RED + DAY)
    assert cards() == [(1, CardLevel.YELLOW), (1, CardLevel.RED)]
    assert Supervision.objects.count() == 0


def test_a_suspended_case_is_quiet_and_goes_on_with_what_was_left(cast: Cast) -> None:
    case = handling(cast)
    run(DUE)
    # Friday noon to Monday noon a week later: two working days were left.
    moving.stand_still(case, reason="等材料", by=cast.street, at=at("2026-09-11 12:00"))
    run(RED + 2 * DAY)
    assert cards() == [(1, CardLevel.YELLOW)]
    before = Case.objects.get(pk=case.pk).breached_at
    moving.run_on(case, by=cast.street, at=at("2026-09-21 12:00"))
    row = clock(case)
    assert (row.due_at, row.breached_at, row.red_at) == (DUE, before, at("2026-09-23 18:00"))
    run(at("2026-09-23 17:59"))
    assert cards() == [(1, CardLevel.YELLOW)]
    run(at("2026-09-23 18:00"))
    assert cards() == [(1, CardLevel.YELLOW), (1, CardLevel.RED)]


def test_a_pause_heals_nothing_that_no_worker_had_marked(cast: Cast) -> None:
    case = handling(cast)
    until, cause = DUE + 30 * DAY, PauseReason.WAITS_FOR_MATERIAL
    hold_still(case, Hold.SUSPENDED, cause=cause, until=until, by=cast.street, at=DUE + HOUR)
    assert (case.breached_at, case.card, cards()) == (DUE, CardLevel.YELLOW, [(1, CardLevel.YELLOW)])
    moving.run_on(case, by=cast.street, at=DUE + 30 * DAY)
    assert (clock(case).due_at, clock(case).breached_at) == (DUE, DUE)
    assert moving.replay(clock(case), case.grid.street_code).at == DUE


def test_what_came_during_a_pause_is_not_struck(cast: Cast) -> None:
    case = handling(cast)
    moving.stand_still(case, reason="等材料", by=cast.street, at=MONDAY + 2 * DAY)
    actions.strike(deadlines=[clock(case).pk], by=User.objects.system(), at=MONDAY + 30 * DAY)
    row = clock(case)
    # Half of the time was over before it stood still; 80 percent were not.
    assert (row.told, row.breached_at, row.red_at) == (50, None, None)


def test_more_time_after_the_breach_puts_the_red_card_off(cast: Cast) -> None:
    case = handling(cast)
    run(DUE)
    actions.raise_tier(case=case, tier="C", reason="需街道协调", by=cast.lead, at=DUE + HOUR)
    row = clock(case)
    # Monday the 14th, and three working days.
    assert (row.due_at, row.breached_at, row.red_at) == (MONDAY + 7 * DAY, DUE, at("2026-09-17 18:00"))


def test_a_case_that_ends_lays_its_supervision_down(cast: Cast) -> None:
    case = handling(cast)
    row = actions.supervise_case(case=case, level=1, text="请说明", by=cast.street, at=MONDAY)
    actions.complete_case(case=case, result="好了", by=cast.unit_staff, at=MONDAY)
    actions.verify_case(case=case, by=cast.lead, at=MONDAY)
    actions.close_case(case=case, by=cast.lead, at=MONDAY + HOUR)
    row.refresh_from_db()
    assert row.superseded_at == MONDAY + HOUR
    assert clock(case, Clock.REPLY).dropped_at == MONDAY + HOUR
    run(MONDAY + 30 * DAY)
    assert cards() == [(1, CardLevel.YELLOW)]


def test_an_undone_ending_brings_the_supervision_back(cast: Cast) -> None:
    case = handling(cast)
    row = actions.supervise_case(case=case, level=1, text="请说明", by=cast.street, at=MONDAY)
    moving.drop_all(case, reason="重复", by=cast.street, at=MONDAY + HOUR)
    row.refresh_from_db()
    assert row.superseded_at == MONDAY + HOUR
    moving.revive(case, dropped_at=MONDAY + HOUR, by=cast.street, at=MONDAY + 2 * HOUR)
    row.refresh_from_db()
    assert row.superseded_at is None
    run(row.reply_due)
    assert cards() == [(1, CardLevel.YELLOW), (1, CardLevel.RED)]


# --- any order -------------------------------------------------------------------------------------------------------

VERBS = ("supervise 0", "supervise 1", "supervise 2", "answer", "complete", "rework", "close", "reopen", "wait", "pause",
         "resume", "urge")  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(st.tuples(st.sampled_from(VERBS), st.integers(1, 90), st.booleans()), min_size=4, max_size=12))
def test_levels_never_fall_under_any_order_of_events(cast: Cast, script: list[tuple[str, int, bool]]) -> None:
    """Whatever is done and whenever the worker comes, a case shows the highest card it ever got, no round is given a
    lower card after a higher, one supervision is open at a time, and every rung stands once."""
    with transaction.atomic():
        case, now, shown = handling(cast), MONDAY, 0
        for verb, hours, swept in script:
            now += hours * HOUR
            if swept:
                run(now)
            with contextlib.suppress(Conflict, Invalid, Forbidden):
                do(cast, case.pk, verb, now)
            case.refresh_from_db()
            assert case.card >= shown
            shown = case.card
            assert Supervision.objects.filter(case=case).open().count() <= 1
        run(now)
        case.refresh_from_db()
        levels: dict[int, int] = {}
        for card in Card.objects.filter(case=case).order_by("pk"):
            assert card.level > levels.get(card.round, 0)
            levels[card.round] = card.level
        assert case.card == max(levels.values(), default=0)
        carded = Record.objects.filter(subject_type="cases.case", subject_id=case.pk, verb="cases.carded").count()
        assert carded == Card.objects.filter(case=case).count()
        keys = list(Notice.objects.values_list("user", "key"))
        assert len(keys) == len(set(keys))
        for row in Deadline.objects.filter(case=case, clock=Clock.REPLY, met_at=None, dropped_at=None):
            assert row.supervision is not None
            assert row.supervision.superseded_at is None
        transaction.set_rollback(True)


def do(cast: Cast, pk: int, verb: str, when: dt.datetime) -> None:
    """One event of a script; what can't be done now is refused."""
    name, _space, level = verb.partition(" ")
    case = Case.objects.get(pk=pk)
    if name == "supervise":
        actions.supervise_case(case=pk, level=int(level), text="请说明", by=cast.street, at=when)
    elif name == "answer":
        if row := Supervision.objects.filter(case=pk).open().first():
            actions.answer_supervision(supervision=row, reply="好的", by=cast.unit_staff, at=when)
    elif name == "complete":
        actions.complete_case(case=pk, result="好了", by=cast.unit_staff, at=when)
    elif name == "rework":
        actions.rework_case(case=pk, reason="没好", by=cast.lead, at=when)
    elif name == "close":
        actions.verify_case(case=pk, by=cast.lead, at=when)
        actions.close_case(case=pk, by=cast.lead, at=when)
    elif name == "reopen":
        actions.reopen_case(case=pk, reason="又堆了", by=cast.lead, at=when)
        actions.dispatch_case(case=pk, unit=cast.unit.pk, by=cast.lead, at=when)
        actions.sign_in_case(case=pk, by=cast.unit_staff, at=when)
    elif name == "pause":
        moving.stand_still(case, reason="等", by=cast.street, at=when)
    elif name == "resume":
        moving.run_on(case, by=cast.street, at=when)
    elif name == "urge":
        actions.urge_case(case=pk, by=cast.lead, at=when)
