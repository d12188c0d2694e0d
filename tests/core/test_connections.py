"""Connections that notice a dead end, and what changes behind a pool."""

from typing import Any

import pytest
from django.db import connection
from redis import Redis

from gridgov.connections import database
from gridgov.core.locks import take_seat

URL = "postgres://u:p@db:5433/g"


def test_a_connection_asks_to_be_ended_when_nobody_is_there() -> None:
    direct = database(URL, {"GRIDGOV_ROLE": "web", "GRIDGOV_IDLE_TRANSACTION_SECONDS": "7"}, pooled=False)
    assert "idle_in_transaction_session_timeout=7s" in direct["OPTIONS"]["options"]
    assert (direct["OPTIONS"]["application_name"], direct["CONN_HEALTH_CHECKS"]) == ("web", True)
    assert not direct.get("DISABLE_SERVER_SIDE_CURSORS")
    own = database(f"{URL}?options=-c%20search_path%3Dx", {}, pooled=False)
    assert own["OPTIONS"]["options"].endswith("-c search_path=x")


def test_behind_a_pool_nothing_outlives_a_transaction() -> None:
    pooled = database(URL, {}, pooled=True)
    assert pooled["DISABLE_SERVER_SIDE_CURSORS"]
    assert "options" not in pooled["OPTIONS"]


@pytest.mark.django_db
def test_the_server_knows_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('idle_in_transaction_session_timeout')")
        assert cursor.fetchone() == ("0",)  # a command by hand may think in the middle
    by_hand = database(URL, {}, pooled=False)["OPTIONS"]["options"]
    assert "tcp_keepalives_idle=30" in by_hand
    assert "idle_in" not in by_hand


@pytest.mark.django_db
@pytest.mark.parametrize("pooled", [False, True])
def test_seats_are_few_and_come_back(settings: Any, valkey: Redis, pooled: bool) -> None:
    settings.POOLED = pooled
    first = take_seat("test.seat", 1, seats=1)
    assert first is not None
    if pooled:
        assert take_seat("test.seat", 1, seats=1) is None
        assert len(valkey.keys("gridgov.seat:*")) == 1
    first.give_back()
    first.give_back()
    again = take_seat("test.seat", 1, seats=1)
    assert again is not None
    again.give_back()


@pytest.mark.usefixtures("without_valkey")
def test_behind_a_pool_without_valkey_nobody_sits(settings: Any) -> None:
    settings.POOLED = True
    assert take_seat("test.seat", 2, seats=3) is None
