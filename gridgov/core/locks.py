"""Advisory locks: one writer at a time for things that no single row stands for."""

import uuid
from hashlib import blake2b

from django.conf import settings
from django.db import connection
from django.db.transaction import TransactionManagementError
from redis.exceptions import RedisError

from gridgov.core.counts import shared

# Behind a pool a seat stands in Valkey, and whoever was killed on it keeps it for so long, in seconds.
POOLED_SEAT_SECONDS = 960


def advisory_lock(*name: str | int) -> None:
    """Hold the lock NAME until the current transaction ends; waits for whoever holds it.

    Must be taken before the rows it guards are read, or what was read may be stale.
    Raises TransactionManagementError outside a transaction, where the lock would be gone at once.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("advisory_lock needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(*name)])


def try_advisory_lock(*name: str | int) -> bool:
    """`advisory_lock`, unless somebody else holds NAME; whether it is held now."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("try_advisory_lock needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(*name)])
        return bool(cursor.fetchone()[0])


def _number(*name: str | int) -> int:
    digest = blake2b(":".join(map(str, name)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class Seat:
    """One of a few seats that all processes share: held across transactions, until it is given back or the connection
    ends. Taken and given back on the same connection, that is in one thread. Behind a pool (settings.POOLED) connections are
    nobody's, and KEY in Valkey with the holder's TOKEN is the seat."""

    def __init__(self, number: int, key: str = "", token: str = "") -> None:
        self._number = number
        self._key, self._token = key, token
        self._held = True

    def give_back(self) -> None:
        if self._held:
            self._held = False
            if self._key:
                _give_back_in_valkey(self._key, self._token)
                return
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [self._number])


def take_seat(*name: str | int, seats: int) -> Seat | None:
    """One of the SEATS that go by NAME; None where all are taken."""
    if settings.POOLED:
        return _take_in_valkey(name, seats)
    with connection.cursor() as cursor:
        for seat in range(seats):
            number = _number(*name, seat)
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            if cursor.fetchone()[0]:
                return Seat(number)
    return None


def _take_in_valkey(name: tuple[str | int, ...], seats: int) -> Seat | None:
    """While Valkey is away nobody takes a seat: too few at once is better than too many."""
    token = uuid.uuid4().hex
    try:
        for seat in range(seats):
            key = f"gridgov.seat:{_number(*name, seat)}"
            if shared().set(key, token, nx=True, ex=POOLED_SEAT_SECONDS):
                return Seat(0, key, token)
    except RedisError:
        return None
    return None


def _give_back_in_valkey(key: str, token: str) -> None:
    """Whoever sat too long has lost the seat, and must not take it from the next."""
    try:
        if (shared().get(key) or b"").decode() == token:
            shared().delete(key)
    except RedisError:
        return
