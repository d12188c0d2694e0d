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
    digest = blake2b(":".join(map(str, name)).encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, "big", signed=True)])
