"""Many hands in one ledger: what is left is taken once, and balances are what their lines add up to."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from gridgov.core.errors import Conflict, Refusal
from tests.factories import MONDAY, make_cast
from tests.races.test_cases import at_once
from tests.races.test_taking import one_waits
from tests.volunteers.people import earn, make_good, make_sign_up, make_volunteer
from volunteers.actions import cancel_exchange, correct_hours, exchange_points, expire_points, give_points
from volunteers.choices.ledger import PointsFor
from volunteers.models import Balance, Good, HoursEntry, PointsEntry, Redemption, Volunteer
from volunteers.reports.checking import ledger_faults

pytestmark = pytest.mark.django_db(transaction=True)


def answers_of(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each of ACTS answers, or its refusal; all begin together."""

    def answer(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except Refusal as refusal:
            return refusal

    return at_once([partial(answer, act) for act in acts])


def test_the_last_three_of_a_good_go_to_three_of_twelve() -> None:
    cast = make_cast()
    good = make_good(cast.place.totals[0], stock=3)
    people = [make_volunteer(cast.place.micros[0]) for _ in range(12)]
    for person in people:
        earn(person, 5, cast.street)
    answers = answers_of([lambda p=p: exchange_points(good=good.pk, by=p.user, at=MONDAY) for p in people])  # type: ignore[misc]
    assert sum(isinstance(answer, Redemption) for answer in answers) == 3
    assert sorted({type(answer) for answer in answers}, key=str) == [Conflict, Redemption]
    assert (Good.objects.get().stock, Redemption.objects.count(), ledger_faults()) == (0, 3, [])
    assert sorted(Balance.objects.values_list("points", flat=True)) == [0] * 3 + [5] * 9


def test_one_purse_pays_once_however_many_phones_pay_with_it() -> None:
    cast = make_cast()
    good = make_good(cast.place.totals[0])
    person = make_volunteer(cast.place.micros[0])
    earn(person, 9, cast.street)
    acts = [lambda: exchange_points(good=good.pk, by=person.user, at=MONDAY)] * 6
    answers = answers_of(acts)
    assert sum(isinstance(answer, Redemption) for answer in answers) == 1
    assert Balance.objects.get().points == 4 and Good.objects.get().stock == 9 and ledger_faults() == []
    row = Redemption.objects.get()
    again = one_waits(
        lambda: cancel_exchange(redemption=row.pk, by=person.user, at=MONDAY),
        lambda: cancel_exchange(redemption=row.pk, reason="缺货", by=cast.street, at=MONDAY),
    )
    assert isinstance(again, Conflict)
    assert Balance.objects.get().points == 9 and Good.objects.get().stock == 10 and ledger_faults() == []


def test_both_ledgers_add_up_while_everybody_writes() -> None:
    """Hours corrected, points given, spent, given back and run out, all at once and for the same few people."""
    cast = make_cast()
    good = make_good(cast.place.totals[0], stock=50, points=1)
    people = [make_volunteer(cast.place.micros[0]) for _ in range(2)]
    sign_ups = [make_sign_up(person, cast.street) for person in people]
    for person in people:
        earn(person, 8, cast.street)
        earn(person, 4, cast.street, expires_on=MONDAY.date() - dt.timedelta(days=1))

    def reports(person: Volunteer, first: int) -> Callable[[], Any]:
        given = {"what": PointsFor.REPORT_ADOPTED, "day": MONDAY.date(), "by": cast.street, "at": MONDAY}
        return lambda: [give_points(volunteer=person, source=f"case:{first + n}", **given) for n in range(4)]

    def corrects(n: int, minutes: int) -> Callable[[], Any]:
        given = {"reason": "核对", "by": cast.street, "at": MONDAY + dt.timedelta(days=1)}
        return lambda: [correct_hours(sign_up=sign_ups[n].pk, minutes=minutes + m, **given) for m in (60, 0)]

    def spends(person: Volunteer) -> Callable[[], Any]:
        def act() -> None:
            for n in range(4):
                row = exchange_points(good=good.pk, by=person.user, at=MONDAY)  # type: ignore[arg-type]
                if n % 2:
                    cancel_exchange(redemption=row.pk, by=person.user, at=MONDAY)  # type: ignore[arg-type]

        return act

    acts = [act for n, person in enumerate(people) for act in (
        reports(person, 0), reports(person, 2), corrects(n, 61), corrects(n, 200), spends(person), spends(person),
    )]  # fmt: skip
    answers = answers_of([*acts, lambda: expire_points(by=cast.street, at=MONDAY)])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert ledger_faults() == []
    for person, sign_up in zip(people, sign_ups, strict=True):
        assert HoursEntry.objects.standing().get(sign_up=sign_up).minutes in {61, 200}
        # Six different cases of two points each, and a day's most of ten.
        assert PointsEntry.objects.filter(volunteer=person, source__startswith="case:").total() == 10
    assert Good.objects.get().stock == 50 - Redemption.objects.waiting().count() == 42
