"""Two hands make a key for the same system at the same moment: never more than two hold."""

from functools import partial

import pytest

from accounts import actions
from accounts.choices import Role
from accounts.models import ApiClient, ApiKey
from gridgov.core.errors import Conflict
from gridgov.core.records import verify
from tests.factories import MONDAY, make_cast, make_client, make_user
from tests.races.test_cases import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def test_the_third_live_key_is_never_made() -> None:
    cast, hands = make_cast(), [make_user(Role.SYSTEM_ADMIN) for _hand in range(2)]
    for number in range(ROUNDS):
        client, _raw = make_client(["cases:read"], grid=cast.place.street, name=f"系统{number}")

        def make(hand: int, client: ApiClient = client) -> object:
            try:
                return actions.issue_key(client=client, name=str(hand), ends=None, by=hands[hand], at=MONDAY)
            except Conflict as refusal:
                return refusal.code

        made = at_once([partial(make, 0), partial(make, 1)])
        assert made.count("two_keys") == 1
        assert ApiKey.objects.live(MONDAY).filter(client=client).count() == 2
    assert verify().faults == []
