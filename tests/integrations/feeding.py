"""What the tests of the feed share: reading it as a warehouse does."""

import json
import time
from typing import Any

from django.db import connection

from accounts.models import User
from tests.openapi import client_of

FEED = "/api/v1/feed/"
# Seconds; the longest test of another worker is shorter.
PATIENCE = 120
# What was committed here lies below the oldest transaction of the cluster; of numbers that a restore brought along nothing is waited for.
_SETTLED = """
    SELECT coalesce(bool_and(txid < pg_snapshot_xmin(pg_current_snapshot())), true) FROM core_record
    WHERE txid < pg_snapshot_xmax(pg_current_snapshot())
"""


def settle() -> None:
    """Wait until the feed can tell of what was committed here: the transactions of other tests, in databases of their own but in
    the same cluster, hold its horizon."""
    until = time.monotonic() + PATIENCE
    with connection.cursor() as sql:
        while time.monotonic() < until:
            sql.execute(_SETTLED)
            if sql.fetchone() == (True,):
                return
            time.sleep(0.02)
    raise AssertionError("somebody keeps a transaction open")


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def lines(user: User, path: str, *, settled: bool = True, **asked: Any) -> list[dict[str, Any]]:
    """The lines of an NDJSON answer to USER, once all is SETTLED."""
    if settled:
        settle()
    answer = client_of(user).get(f"{FEED}{path}.ndjson", asked)
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in body(answer).splitlines()]


def load(user: User, resource: str, *, settled: bool = True, **asked: Any) -> tuple[list[dict[str, Any]], str]:
    """All rows of a list, and the cursor from which its changes are read."""
    *rows, last = lines(user, resource, settled=settled, **asked)
    assert last["end"] is True
    assert last["rows"] == len(rows)
    return rows, last["cursor"]


def page(user: User, path: str, *, settled: bool = True, **asked: Any) -> tuple[list[dict[str, Any]], str]:
    """The results of one page, which must be the last, and the cursor after it."""
    if settled:
        settle()
    answer = client_of(user).get(f"{FEED}{path}/", asked)
    assert answer.status_code == 200, answer.content
    assert answer.json()["more"] is False
    return answer.json()["results"], answer.json()["cursor"]


def refused(user: User, path: str, **asked: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    answer = client_of(user).get(f"{FEED}{path}", asked)
    return answer.status_code, answer.json()["errors"][0]["code"]
