"""Random lives of a case: whatever is done, by whomever, whenever the worker looks, the clocks tell the truth.

hypothesis draws the verbs, the hands, the limits and the time between; `tests.cases.life` says what must hold. A short run
in every test session; GRIDGOV_HYPOTHESIS=long looks for as long as there is patience.
"""

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from accounts.choices import Role
from cases import actions
from cases.actions import Report
from cases.choices import Ask, AskState, PauseReason, RejectReason
from cases.models import Application, Case, Order, Supervision
from gridgov.core.actions import load_days, load_official_year
from gridgov.core.models import CalendarDay, DayKind
from gridgov.core.records import verify
from grids.choices import PostKind
from tests.cases.life import Life, system
from tests.factories import Cast, at, give, make_cast, make_category, make_unit, make_user

pytestmark = pytest.mark.django_db
LONG = os.environ.get("GRIDGOV_HYPOTHESIS") == "long"
# What is drawn changes with every constant in the source, so that now this, now that rare verb isn't among the first lives:
# short rounds, until each has happened.
ROUNDS = 12
BOUNDS = settings(
    max_examples=400 if LONG else 6, stateful_step_count=60 if LONG else 30, deadline=None,
    database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate],  # a life is read, not shrunk
)  # fmt: skip
HANDS = ("street", "deputy", "total_lead", "lead", "worker", "other_worker", "unit_staff", "other_staff", "outsider")
STARTS = ("2026-09-07 09:00", "2026-09-30 16:20", "2026-12-18 11:59:59.25", "2026-12-28 08:00", "2026-02-13 23:10:00.7")
LIMITS = (
    ("3", "natural_day"), ("30", "natural_hour"), ("2", "work_day"), ("9", "work_hour"), ("5", "work_day"),
    ("0.5", "natural_day"),
)  # fmt: skip
SPANS = st.one_of(
    st.timedeltas(dt.timedelta(seconds=1), dt.timedelta(hours=5)),
    st.timedeltas(dt.timedelta(hours=5), dt.timedelta(days=3)),
    st.timedeltas(dt.timedelta(days=3), dt.timedelta(days=24)),
)
# A run in which these were only refused would prove little.
MUST_HAPPEN = {
    "refused", "accept", "dispatch", "sign_in", "complete", "verify", "rework", "close", "reopen", "raise", "extension",
    "suspension", "decide", "merge", "unmerge",
}  # fmt: skip


class Lives(RuleBasedStateMachine):
    """One example is one life, in a transaction that never happened."""

    cast: Cast
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        try:
            self.life.worker_up = True
            self.life.run()
            assert verify().faults == []
            self.done.update(self.life.done)
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @initialize(
        start=st.sampled_from(STARTS), tier=st.sampled_from("AABBC"), reporter=st.sampled_from(["street", "worker", "lead"]),
        limits=st.fixed_dictionaries({}, optional={tier: st.sampled_from(LIMITS) for tier in "ABC"}),
        urgency=st.sampled_from(["normal", "normal", "emergency"]),
    )  # fmt: skip
    def begins(self, start: str, tier: str, reporter: str, limits: dict[str, tuple[str, str]], urgency: str) -> None:
        self.life = Life(at(start))
        self.loaded = False
        street = self.cast.street
        for which, (value, unit) in sorted(limits.items()):
            actions.set_policy(tier=which, value=value, unit=unit, by=street, at=self.life.now - dt.timedelta(days=1))
        code = {"A": "0602", "B": "0701", "C": "0801"}[tier]
        asked = Report(category=code, text="楼道堆物", grid=self.cast.place.micros[0].code, urgency=urgency)
        # Two of the same matter: the first can lead the second.
        for by in (self.hand("street"), self.hand(reporter)):
            self.life.cases.append(actions.report_case(report=asked, by=by, at=self.life.now).pk)
        self.which = 1
        self.life.check()

    def hand(self, name: str) -> Any:
        return getattr(self.cast, name)

    @property
    def case(self) -> Case:
        return Case.objects.select_related("lead_order").get(pk=self.life.cases[self.which])

    @rule()
    def the_other_case(self) -> None:
        self.which = 1 - self.which

    # --- the rules -------------------------------------------------------------------------------------------------------

    @rule(span=SPANS)
    def time_passes(self, span: dt.timedelta) -> None:
        self.life.wait(span)

    @rule(up=st.booleans())
    def the_worker_falls_over_or_comes_back(self, up: bool) -> None:
        self.life.worker_up = up
        self.life.run()

    @rule(n=st.integers(0, 11), steps=st.integers(1, 5))
    def goes_on_as_it_should(self, n: int, steps: int) -> None:
        """The next ordinary steps by the proper hands, so that lives get far."""
        for step in range(steps):
            self.goes_on(n + step)

    def goes_on(self, n: int) -> None:
        case = self.case
        if case.hold:
            return
        holder = case.lead_order and (
            "other_staff" if case.lead_order.unit_id == self.cast.other_unit.pk else "unit_staff"
        )
        if case.lead_order and case.lead_order.grid_id:
            holder = "worker"
        verb, hand = {
            "submitted": ("accept", "lead"), "accepted": ("dispatch", "street"), "dispatched": ("sign_in", holder),
            "handling": ("complete", holder), "completed": ("verify" if n % 3 else "rework", "total_lead"),
            "verified": ("close", "street"), "closed": ("reopen", "street"),
        }.get(case.state, ("", ""))  # fmt: skip
        if verb:
            self.tries(verb, str(hand), n)

    @rule(verb=st.sampled_from(sorted({
        "accept", "reject", "dispatch", "reassign", "sign_in", "progress", "raise", "complete", "verify", "rework", "close",
        "reopen", "rate", "resume", "review", "reveal", "reply", "call_back", "urge",
    })), hand=st.sampled_from(HANDS), n=st.integers(0, 11))  # fmt: skip
    def somebody_tries(self, verb: str, hand: str, n: int) -> None:
        self.tries(verb, hand, n)

    @rule(tier=st.sampled_from("BC"), hand=st.sampled_from(["lead", "street"]))
    def tier_is_raised(self, tier: str, hand: str) -> None:
        self.tries("raise", hand, "BC".index(tier))

    @rule(kind=st.sampled_from(list(Ask)), hand=st.sampled_from(HANDS), n=st.integers(0, 23), span=SPANS)
    def somebody_asks(self, kind: Ask, hand: str, n: int, span: dt.timedelta) -> None:
        self.asks(kind, hand, n, span)

    def asks(self, kind: Ask, hand: str, n: int, span: dt.timedelta) -> None:
        now = self.life.now
        value, unit = [("1", "natural_day"), ("1", "work_day"), ("4", "work_hour"), ("1", "natural_hour")][n % 4]
        wanted: dict[str, Any] = {
            Ask.EXTENSION: {"value": value, "unit": unit},
            Ask.SUSPENSION: {"until": now + span, "cause": PauseReason.WEATHER},
            Ask.PARKING: {"until": now + span, "cause": PauseReason.HARD_CASE, "plan": "分三步" if n % 4 else ""},
            Ask.RECLASSIFICATION: {"category": ["0602", "0701", "0801"][n % 3], "tier": ["", "B", "C"][n // 3 % 3]},
            Ask.RETURN: {"whose": "城管办", "contact": "李科长", "basis": "第12条"},
        }.get(kind, {})
        self.life.attempt(kind, lambda: actions.ask(
            case=self.case.pk, kind=kind, reason="确有需要", by=self.hand(hand), at=now, **wanted))  # fmt: skip

    @rule(
        kind=st.sampled_from(["extension", "suspension", "reclassification", "return"]),
        n=st.integers(0, 23),
        span=SPANS,
    )
    def the_holder_asks(self, kind: str, n: int, span: dt.timedelta) -> None:
        self.the_holder_asks_for(kind, n, span)

    def the_holder_asks_for(self, kind: str, n: int, span: dt.timedelta) -> None:
        case = self.case
        if case.lead_order and case.state in {"dispatched", "handling"}:
            mine = case.lead_order.unit_id
            hand = "worker" if mine is None else "other_staff" if mine == self.cast.other_unit.pk else "unit_staff"
            self.asks(Ask(kind), hand, n, span)

    @rule(n=st.sampled_from([3, 3, 2]), span=SPANS)
    def the_holder_asks_and_gets_it(self, n: int, span: dt.timedelta) -> None:
        """First more time, then a pause, each where the case allows it."""
        for step in range(3):
            if self.case.state in {"submitted", "accepted", "dispatched"}:
                self.goes_on(step)
        for kind in ("extension", "suspension"):
            self.the_holder_asks_for(kind, n, span)
            row = Application.objects.filter(case=self.case, kind=kind, state=AskState.PENDING).first()
            if row:
                self.is_granted(row)

    def is_granted(self, row: Application) -> None:
        by, now = self.cast.deputy, self.life.now  # type: ignore[attr-defined]
        self.life.attempt("decide", lambda: actions.decide(application=row, approve=True, by=by, at=now))

    @precondition(lambda self: Application.objects.filter(state=AskState.PENDING).exists())
    @rule(
        yes=st.sampled_from([True, True, False]), hand=st.sampled_from(["street", "deputy", "deputy", "lead", "worker"])
    )
    def somebody_decides(self, yes: bool, hand: str) -> None:
        row = Application.objects.filter(state=AskState.PENDING).first()
        now, by = self.life.now, self.hand(hand)
        self.life.attempt("decide", lambda: actions.decide(application=row, approve=yes, note="好", by=by, at=now))

    @precondition(lambda self: Application.objects.filter(state=AskState.PENDING).exists())
    @rule(hand=st.sampled_from(HANDS))
    def somebody_takes_back(self, hand: str) -> None:
        row = Application.objects.filter(state=AskState.PENDING).last()
        now, by = self.life.now, self.hand(hand)
        self.life.attempt("withdraw", lambda: actions.withdraw_application(application=row, by=by, at=now))

    @rule(hand=st.sampled_from(["street", "unit_staff", "lead", "other_staff"]), n=st.integers(0, 7))
    def helpers_are_called(self, hand: str, n: int) -> None:
        common: dict[str, Any] = {"case": self.case.pk, "by": self.hand(hand), "at": self.life.now}
        units = [[self.cast.other_unit.pk], [self.cast.unit.pk]][n % 2]
        self.life.attempt("whistle", lambda: actions.call_for_help(**common, units=units, note="请协助", whistle=n > 3))

    @precondition(lambda self: Order.objects.filter(part="assist", state__in=["sent", "signed"]).exists())
    @rule(hand=st.sampled_from(["other_staff", "unit_staff", "street", "lead"]), n=st.integers(0, 2))
    def helpers_help(self, hand: str, n: int) -> None:
        order = Order.objects.filter(part="assist", state__in=["sent", "signed"]).latest("pk")
        common: dict[str, Any] = {"case": order.case_id, "order": order.pk, "by": self.hand(hand), "at": self.life.now}
        do = [lambda: actions.report_in(**common), lambda: actions.finish_assist(**common, result="已协助"),
              lambda: actions.excuse_assist(**common, reason="不需要了")][n]  # fmt: skip
        self.life.attempt(["report_in", "assist", "excuse"][n], do)

    @rule(hand=st.sampled_from(["street", "deputy", "total_lead", "worker"]), level=st.sampled_from([0, 1, 2]))
    def somebody_supervises(self, hand: str, level: int) -> None:
        common: dict[str, Any] = {"case": self.case.pk, "by": self.hand(hand), "at": self.life.now}
        self.life.attempt(
            "supervise", lambda: actions.supervise_case(**common, level=level, text="为何未办"), records=None
        )

    @precondition(lambda self: Supervision.objects.open().exists())
    @rule(hand=st.sampled_from(["unit_staff", "other_staff", "worker", "lead", "street"]))
    def somebody_answers(self, hand: str) -> None:
        row, by, now = Supervision.objects.open().first().pk, self.hand(hand), self.life.now
        self.life.attempt(
            "answer", lambda: actions.answer_supervision(supervision=row, reply="明日完成", by=by, at=now)
        )

    @rule(hand=st.sampled_from(["lead", "street", "worker", "outsider"]), first=st.booleans())
    def somebody_merges(self, hand: str, first: bool) -> None:
        leading, case = self.life.cases if first else self.life.cases[::-1]
        common: dict[str, Any] = {"by": self.hand(hand), "at": self.life.now, "reason": "同一处楼道"}
        self.life.attempt("merge", lambda: actions.merge_case(case=case, leading=leading, **common), records=2)

    @precondition(lambda self: Case.objects.filter(state="merged").exists())
    @rule(hand=st.sampled_from(["lead", "street", "worker", "outsider"]))
    def somebody_takes_them_apart(self, hand: str) -> None:
        common: dict[str, Any] = {"by": self.hand(hand), "at": self.life.now, "reason": "不是一处"}
        case = Case.objects.get(state="merged").pk
        self.life.attempt("unmerge", lambda: actions.unmerge_case(case=case, **common), records=2)

    @precondition(lambda self: not self.loaded and self.life.now.year == 2026 and self.life.now.month == 12)
    @rule(flipped=st.sets(st.integers(0, 60), max_size=20))
    def next_year_is_loaded(self, flipped: set[int]) -> None:
        """Two months of 2027 as rows; FLIPPED days count otherwise than Monday to Friday would say."""
        self.loaded = True
        self.life.calendar_changes()
        days = []
        for n in range(61):
            date = dt.date(2027, 1, 1) + dt.timedelta(days=n)
            works = (date.weekday() < 5) != (n in flipped)
            days.append(CalendarDay(date=date, kind=DayKind.WORK if works else DayKind.REST, name="调休"))
        load_days(days=days, by=system(), at=self.life.now)
        self.life.run()
        self.life.check()

    # --- the verbs -------------------------------------------------------------------------------------------------------

    def tries(self, verb: str, hand: str, n: int) -> None:
        by, now, case = self.hand(hand), self.life.now, self.case.pk
        common: dict[str, Any] = {"case": case, "by": by, "at": now}
        to = [{"unit": self.cast.unit.pk}, {"unit": self.cast.other_unit.pk}, {"grid": self.cast.place.micros[0].code}][
            n % 3
        ]
        do: dict[str, Callable[[], Any]] = {
            "accept": lambda: actions.accept_case(**common, tier=["", "", "B", "C"][n % 4]),
            "reject": lambda: actions.reject_case(**common, reason=RejectReason.NO_CONTENT),
            "dispatch": lambda: actions.dispatch_case(**common, **to),
            "reassign": lambda: actions.reassign_case(**common, **to, reason="职责不符"),
            "sign_in": lambda: actions.sign_in_case(**common),
            "progress": lambda: actions.note_progress(**common, note="在办"),
            "raise": lambda: actions.raise_tier(**common, tier="BC"[n % 2], reason="需协调"),
            "complete": lambda: actions.complete_case(**common, result="已清理" if n % 6 else ""),
            "verify": lambda: actions.verify_case(**common),
            "rework": lambda: actions.rework_case(**common, reason="没好"),
            "close": lambda: actions.close_case(**common, reply="已经清理干净,谢谢。"),
            "urge": lambda: actions.urge_case(**common, note="请抓紧"),
            "reply": lambda: actions.set_reply(**common, reply="正在清理,三天内完成。" if n % 4 else ""),
            "call_back": lambda: actions.call_back(**common, reached=n % 3 > 0, solved=n % 2 > 0 if n % 3 else None),
            "reopen": lambda: actions.reopen_case(**common, reason="又堆了"),
            "rate": lambda: actions.rate_case(**common, score=n % 6, solved=True),
            "resume": lambda: actions.resume_case(**common),
            "review": lambda: actions.review_parked(**common, until=now + dt.timedelta(days=n), note="在谈"),
            "reveal": lambda: actions.reveal_reporter(**common, reason="核实情况"),
        }
        self.life.attempt(verb, do[verb])


@pytest.fixture
def lives() -> type[Lives]:
    cast = make_cast("A")
    make_category("0701", tier="B")
    make_category("0801", tier="C")
    cast.deputy = make_user(Role.STREET, username="deputy")  # type: ignore[attr-defined]
    give(cast.deputy, PostKind.STREET_STAFF, cast.place.street)  # type: ignore[attr-defined]
    cast.other_unit = make_unit()  # type: ignore[attr-defined]
    cast.other_staff = make_user(Role.UNIT_STAFF, username="other_staff")  # type: ignore[attr-defined]
    give(cast.other_staff, PostKind.UNIT_STAFF, cast.other_unit)  # type: ignore[attr-defined]
    load_official_year(year=2026, by=system(), at=at("2026-01-01 00:00"))
    return type("LivesHere", (Lives,), {"cast": cast, "done": Counter()})


def test_random_lives_keep_the_clocks_true(lives: type[Lives]) -> None:
    for number in range(ROUNDS):
        run_state_machine_as_test(lives if LONG else seed(number)(lives), settings=BOUNDS)
        if lives.done.keys() >= MUST_HAPPEN:
            return
    pytest.fail(f"never happened: {MUST_HAPPEN - lives.done.keys()}")
