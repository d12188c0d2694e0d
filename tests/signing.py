"""Signing in as people do it: by the doors, with password and second factor."""

from base64 import b32decode
from typing import Any

from django.test import Client

from accounts import actions
from accounts.choices import Role
from accounts.models import User
from accounts.rules.signing import code_at, step_of
from tests.factories import MONDAY, make_user

PASSWORD = "Drei-Linden-7-x"


def make_person(role: str = Role.WORKER, **values: Any) -> User:
    """Somebody with the PASSWORD, chosen by themselves on a Monday."""
    user = make_user(role, **{"password_set_at": MONDAY, **values})
    user.set_password(PASSWORD)
    user.save()
    return user


def give_factor(user: User, at: Any = MONDAY) -> tuple[bytes, list[str]]:
    """USER's second factor, set up at a moment: its secret, and the recovery codes."""
    secret = b32decode(actions.begin_factor(user=user, by=user, at=at))
    return secret, actions.confirm_factor(user=user, code=code_now(secret, at), by=user, at=at)


def code_now(secret: bytes, at: Any, later: int = 0) -> str:
    """What the app shows at a moment, or so many steps LATER."""
    return code_at(secret, step_of(at) + later)


def at_door(
    door: str, user: User, client: Client | None = None, password: str = PASSWORD, *, address: str = "", **more: Any
) -> Any:
    """The answer of the DOOR to USER's name and a password, by a CLIENT that keeps what it got."""
    comer = client or (Client(REMOTE_ADDR=address) if address else Client())
    return post(comer, door, {"username": user.username, "password": password, **more})


def post(client: Client, door: str, given: dict[str, str]) -> Any:
    """The API reads JSON alone, pages read forms."""
    return client.post(door, given, **({"content_type": "application/json"} if door.startswith("/api/") else {}))
