"""Other systems: who they are, what their keys let them do, and what they never are: people."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import ApiKey, User
from tests.factories import Cast, make_cast, make_client, make_user
from tests.openapi import CheckedClient

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


def asker(raw: str, **more: Any) -> CheckedClient:
    """Another system with the key RAW."""
    found = CheckedClient(**more)
    found.credentials(HTTP_AUTHORIZATION=f"Api-Key {raw}")
    return found


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def admin() -> User:
    return make_user("system_admin")


def test_a_key_lets_its_client_in_and_says_who_it_is(cast: Cast) -> None:
    client, raw = make_client(["cases:read"], grid=cast.place.street)
    said = asker(raw).get("/api/v1/client/").json()
    assert said == {
        "name": client.name, "role": "street", "scopes": ["cases:read"], "purposes": [], "per_minute": 6000,
        "expires_on": None, "key": raw.partition(".")[0], "key_expires_at": None,
    }  # fmt: skip
    assert asker(raw).get("/api/v1/me/").json()["id"] == client.pk
    assert asker(raw).get(CASES).json()["results"] == []
    assert ApiKey.objects.get().last_used == timezone.now().replace(second=0, microsecond=0)
