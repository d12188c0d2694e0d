"""What the tests of the feed share: reading it as a warehouse does."""

import json
from typing import Any

from accounts.models import User
from tests.openapi import client_of

FEED = "/api/v1/feed/"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def lines(user: User, path: str, **asked: Any) -> list[dict[str, Any]]:
    """The lines of an NDJSON answer to USER."""
    answer = client_of(user).get(f"{FEED}{path}.ndjson", asked)
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in body(answer).splitlines()]


def load(user: User, resource: str, **asked: Any) -> tuple[list[dict[str, Any]], str]:
    """All rows of a list, and the cursor from which its changes are read."""
    *rows, last = lines(user, resource, **asked)
    assert last["end"] is True
    assert last["rows"] == len(rows)
    return rows, last["cursor"]


def page(user: User, path: str, **asked: Any) -> tuple[list[dict[str, Any]], str]:
    """The results of one page, which must be the last, and the cursor after it."""
    answer = client_of(user).get(f"{FEED}{path}/", asked)
    assert answer.status_code == 200, answer.content
    assert answer.json()["more"] is False
    return answer.json()["results"], answer.json()["cursor"]


def refused(user: User, path: str, **asked: Any) -> tuple[int, str]:
    """Status and code of a refusal."""
    answer = client_of(user).get(f"{FEED}{path}", asked)
    return answer.status_code, answer.json()["errors"][0]["code"]
