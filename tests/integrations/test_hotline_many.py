"""Orders with repeats, older versions behind newer ones and broken ones: as many cases as distinct good orders.

Five hundred in every session of tests, two thousand with GRIDGOV_LONG=1."""

import os
import random
from typing import Any

import pytest

from cases.models import Case
from gridgov.core.jobs import run_due
from integrations.choices.hotline import InboundState
from integrations.models import Inbound, PartnerOrder
from tests.factories import make_cast, make_client
from tests.integrations.platforms import Platform, make_partner, order

pytestmark = pytest.mark.django_db
TIMES = 4 if os.environ.get("GRIDGOV_LONG") else 1
GOOD, BROKEN, REPEATED, OLDER = 100 * TIMES, 25 * TIMES, 225 * TIMES, 150 * TIMES
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"category_code": "9999"}, "unknown_category"),
    ({"content": ""}, "invalid"),
    ({"deadline": "soon"}, "bad_field"),
    ({"urgency": "特急"}, "unmapped"),
    ({"grid_code": "990101002001001001"}, "outside"),
]


def test_as_many_cases_as_distinct_good_orders() -> None:
    cast = make_cast()
    # In the name of another system's account, which never signs in.
    client, _key = make_client(scopes=["hotline:exchange"], grid=cast.place.street)
    hotline = Platform(make_partner(cast, account=client.user))
    dice = random.Random(6)
    good = [order(f"G{number}", version=5) for number in range(GOOD)]
    broken = [order(f"B{number}", **FAULTS[number % len(FAULTS)][0]) for number in range(BROKEN)]
    again = [dice.choice(good) for _ in range(REPEATED)]
    older = [dice.choice(good) | {"version": dice.randint(1, 4), "content": "早先的说法"} for _ in range(OLDER)]
    sent = [*good, *broken, *again, *older]
    dice.shuffle(sent)
    assert len(sent) == 500 * TIMES
    for count, body in enumerate(sent, 1):
        assert hotline.send("orders", body).status_code == 200
        if count % 125 == 0:
            while run_due():
                pass
    numbers = set(PartnerOrder.objects.exclude(case=None).values_list("number", flat=True))
    assert numbers == {body["order_no"] for body in good}
    assert Case.objects.count() == GOOD
    assert set(PartnerOrder.objects.exclude(case=None).values_list("version", flat=True)) == {5}
    waiting = Inbound.objects.filter(state=InboundState.REVIEW).values_list("order__number", "fault", "reason")
    assert {(number, fault) for number, fault, _reason in waiting} == {
        (f"B{number}", FAULTS[number % len(FAULTS)][1]) for number in range(BROKEN)
    }
    assert all(reason for _number, _fault, reason in waiting)
    assert Inbound.objects.count() == len(sent)
    assert not Inbound.objects.filter(state__in=[InboundState.WAITING, InboundState.HELD]).exists()
    assert set(Case.objects.values_list("reported_by", flat=True)) == {client.user_id}
