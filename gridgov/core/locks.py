"""Advisory locks: one writer at a time for things that no single row stands for."""

from hashlib import blake2b

from django.db import connection
from django.db.transaction import TransactionManagementError


def advisory_lock(*name: str | int) -> None:
    """Hold the lock NAME until the current transaction ends; waits for whoever holds it.

    Must be taken before the rows it guards are read, or what was read may be stale.
    Raises TransactionManagementError outside a transaction, where the lock would be gone at once.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("advisory_lock needs a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(*name)])


def _number(*name: str | int) -> int:
    digest = blake2b(":".join(map(str, name)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class Seat:
    """One of a few seats that all processes share: held across transactions, until it is given back or the connection
    ends. Taken and given back on the same connection, that is in one thread."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._held = True

    def give_back(self) -> None:
        if self._held:
            self._held = False
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [self._number])


def take_seat(*name: str | int, seats: int) -> Seat | None:
    """One of the SEATS that go by NAME; None where all are taken."""
    with connection.cursor() as cursor:
        for seat in range(seats):
            number = _number(*name, seat)
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
            if cursor.fetchone()[0]:
                return Seat(number)
    return None
