"""Other systems as tests send their requests."""

from typing import Any

from tests.openapi import CheckedClient

CASES, CALLER = "/api/v1/cases/", "/api/v1/client/"


def asker(raw: str, **headers: Any) -> CheckedClient:
    """Another system with the key RAW."""
    found = CheckedClient(headers=headers)
    found.credentials(HTTP_AUTHORIZATION=f"Api-Key {raw}")
    return found


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]
