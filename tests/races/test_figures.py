"""Figures while others write: never half a transaction, never two folds of one delta. Real threads, real transactions."""

import datetime as dt
import random
import threading
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F

from cases.actions.folding import fold, rebuild_figures
from cases.models import Case, Rating, TallyDelta
from cases.reports import recount
from tests.cases.counting import NOW, put, rate, see
from tests.factories import at, make_cast, make_unit
from tests.races.test_cases import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class _Unwanted(Exception):
    pass


def test_readers_see_whole_transactions_while_others_write_and_fold() -> None:
    """Each transaction makes, moves or takes back pairs: one on time, one late. Whoever reads sees halves that are equal."""
    cast, other, done = make_cast("B"), make_unit(), threading.Event()
    seen: list[tuple[int, int]] = []

    def write(number: int) -> None:
        chance = random.Random(number)
        for turn in range(25):
            try:
                with transaction.atomic():
                    pair = [
                        put(cast, unit=cast.unit, accepted_at="09-01 09:00", due_at="09-04 09:00", completed_at=when)
                        for when in ("09-02 09:00", "09-05 09:00")
                    ]
                    rate(pair[0], cast.street, 4, "09-06 09:00")
                    keys = [case.pk for case in pair]
                    Case.objects.filter(pk__in=keys).update(state="closed", closed_at=at("2026-09-06 09:00"))
                    Case.objects.filter(pk__in=keys).update(tier=chance.choice("ABC"), excluded=turn % 5 == 0)
                    if turn % 7 == 0:
                        raise _Unwanted
            except _Unwanted:
                continue

    def read() -> None:
        while not done.is_set():
            figures = see(cast.street).whole
            on_time, due = figures["on_time_rate"].numerator, figures["on_time_rate"].denominator
            seen.append((on_time, due))
            assert (figures["close_rate"].numerator, figures["satisfaction_rate"].denominator) == (due, on_time)

    def folding() -> None:
        while not done.is_set():
            fold(most=17)

    def writers() -> None:
        at_once([lambda n=n: write(n) for n in range(3)])  # type: ignore[misc]
        done.set()

    at_once([writers, read, folding, folding])
    assert len(seen) > 3
    assert [pair for pair in seen if pair[0] * 2 != pair[1]] == []
    assert recount() == []
    # 3 writers × 25 turns, but for the turns 0 7 14 21 taken back and 5 10 15 20 excluded: 17 pairs each.
    assert see(cast.street).shares("on_time_rate") == [(3 * 17, 3 * 17 * 2)]
    while fold():
        pass
    assert TallyDelta.objects.count() == 0
    assert see(cast.street).shares("on_time_rate") == [(3 * 17, 3 * 17 * 2)]
    assert other.pk


def test_many_hands_on_the_same_cases_and_what_hangs_on_them() -> None:
    """Some file the cases elsewhere while others rate them: each rating counts where its case is in the end."""
    cast = make_cast("B")
    cases = [put(cast, accepted_at="09-01 09:00", due_at="09-04 09:00") for _ in range(8)]

    def file(tier: str) -> None:
        for case in cases * 3:
            Case.objects.filter(pk=case.pk).update(tier=tier, version=F("version") + 1)

    def judge(score: int) -> None:
        for case in cases:
            Rating.objects.update_or_create(
                case=case,
                defaults={"score": score, "solved": True, "by": cast.street, "at": NOW - dt.timedelta(days=1)},
            )

    calls: list[Any] = [lambda: file("A"), lambda: file("C"), lambda: judge(4), lambda: judge(2), lambda: fold(most=3)]
    at_once(calls)
    assert recount() == []
    assert see(cast.street).shares("satisfaction_rate") == [(8, 8)]


def test_counting_anew_meets_writers_and_folders() -> None:
    cast = make_cast("B")

    def write() -> None:
        for _ in range(15):
            put(cast, unit=cast.unit, accepted_at="09-01 09:00", due_at="09-04 09:00")

    def anew() -> None:
        for _ in range(3):
            rebuild_figures(by=cast.street, at=NOW)

    at_once([write, write, anew, lambda: fold(most=5), lambda: fold(most=5)])
    assert recount() == []
    assert see(cast.street).shares("on_time_rate") == [(0, 30)]
