"""The ladder under several hands at once: each rung stands once, and nobody waits for each other for ever."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Notice, User
from cases import actions
from cases.models import Card, Case, Deadline, Supervision
from gridgov.core import jobs
from gridgov.core.errors import Conflict
from gridgov.core.models import Record
from gridgov.core.records import verify
from tests.factories import MONDAY, Cast, at, make_cast
from tests.races.test_cases import at_once, handling

pytestmark = pytest.mark.django_db(transaction=True)
DUE, RED = MONDAY + dt.timedelta(days=3), at("2026-09-15 18:00")


def sweep(when: dt.datetime, limit: int = 20) -> None:
    while jobs.run_due(at=when, limit=limit):
        pass


def overdue(cast: Cast) -> Case:
    case = handling(cast)
    sweep(DUE)
    return case


def test_the_red_card_and_the_completion_meet() -> None:
    """Whoever comes first: red with its supervision, or completed before anybody swept; the card stands either way, for
    it was deserved by then."""
    cast = make_cast("B")
    case = overdue(cast)
    late = RED + dt.timedelta(seconds=1)

    def complete() -> None:
        actions.complete_case(case=case.pk, result="好了", by=User.objects.get(pk=cast.unit_staff.pk), at=late)

    at_once([complete, lambda: sweep(late), lambda: sweep(late)])
    sweep(late + dt.timedelta(hours=1))
    clock = Deadline.objects.get(clock="case")
    assert (clock.met_at, clock.breached_at, clock.told) == (late, DUE, 200)
    assert list(Card.objects.order_by("level").values_list("level", flat=True)) == [1, 2]
    assert Supervision.objects.count() == Deadline.objects.filter(clock="reply").count() <= 1
    assert Record.objects.filter(verb="cases.carded").count() == 2
    assert verify().faults == []


def test_four_sweepers_give_each_of_twenty_red_cards_once() -> None:
    cast = make_cast("B")
    for _ in range(20):
        handling(cast)
    sweep(DUE)
    at_once([lambda: sweep(RED, limit=3)] * 4)
    assert (Card.objects.filter(level=2).count(), Supervision.objects.count()) == (20, 20)
    assert Deadline.objects.filter(clock="reply").count() == 20
    assert Record.objects.filter(verb="cases.supervised").count() == 20
    assert Notice.objects.filter(kind="supervision").count() == 20
    assert verify().faults == []


def test_supervision_by_hand_and_by_rule_meet() -> None:
    cast = make_cast("B")
    case = overdue(cast)

    def by_hand() -> Any:
        try:
            street = User.objects.get(pk=cast.street.pk)
            actions.supervise_case(case=case.pk, level=2, text="请说明", by=street, at=RED)
        except Conflict as refusal:
            return refusal.code
        return "done"

    answers = at_once([by_hand, by_hand, lambda: sweep(RED)])
    assert sorted(answers[:2]) in (["done", "supervised"], ["supervised", "supervised"])
    assert Supervision.objects.open().count() == Supervision.objects.count() == 1
    assert Card.objects.filter(level=2).count() == 1
    assert verify().faults == []


def test_five_urge_at_once_and_one_does() -> None:
    cast = make_cast("B")
    case = handling(cast)

    def urge() -> str:
        try:
            actions.urge_case(case=case.pk, by=User.objects.get(pk=cast.lead.pk), at=MONDAY)
        except Conflict as refusal:
            return refusal.code
        return "done"

    assert sorted(at_once([urge] * 5)) == ["done", *["urged"] * 4]
    assert Case.objects.get(pk=case.pk).urged == 1
