"""Asking: one request as one hand, what came of it in one letter, and what it changed."""

import copy
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from django.contrib.auth.backends import ModelBackend
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils.safestring import mark_safe
from rest_framework.authtoken.models import Token

from gridgov.admin_site import HouseSite
from gridgov.core.errors import Refusal
from tests.access.places import Place
from tests.access.world import Hand

# What a cell says.
OPENS, REFUSED, UNKNOWN, DOOR, METHOD, LED, WRONG = "o", "x", "0", "s", "m", "l", "!"
DOORS = ("/admin/login/", "/m/login/")
HOST = "testserver"
_factory = RequestFactory()
_handler = ClientHandler(enforce_csrf_checks=False)
# Written whoever asks and whatever comes of it: counts of calls, and that somebody is there.
BESIDE = frozenset({"accounts_apikey", "accounts_clientcalls", "accounts_session", "django_session"})
# What a page was to be drawn with: its template and context, the last one last.
drawn: list[tuple[str, Any]] = []


@contextmanager
def quick() -> Iterator[None]:
    """What decides about access runs as ever, what takes the time doesn't: pages say only which they are (what they would be
    drawn with is kept in `drawn`), the desk's sidebar is left out, and an account is read once."""
    accounts: dict[Any, Any] = {}
    fetch = ModelBackend.get_user

    def keep(self: Any, context: Any = None, request: Any = None) -> str:
        drawn.append((str(self.template.name), context))
        return mark_safe(f"[{self.template.name}]")

    def fetch_once(self: Any, user_id: Any) -> Any:
        if user_id not in accounts:
            accounts[user_id] = fetch(self, user_id)
        return copy.copy(accounts[user_id])

    with (
        patch.object(Template, "render", keep),
        patch.object(HouseSite, "each_context", lambda site, request: {"site_url": "/"}),
        patch.object(ModelBackend, "get_user", fetch_once),
    ):
        yield


@dataclass
class Asker:
    """Requests as HAND. Whoever comes in as a person is signed in here, and nowhere else in these tests."""

    hand: Hand

    def __post_init__(self) -> None:
        self.cookie, self.word = "", ""
        if self.hand.user is not None:
            client = Client()
            client.force_login(self.hand.user)
            self.cookie = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
            self.word = f"Token {Token.objects.get_or_create(user=self.hand.user)[0].key}"
        elif self.hand.key:
            self.word = f"Api-Key {self.hand.key}"

    def ask(self, method: str, url: str, body: dict[str, Any] | None = None, kind: str = "", **headers: str) -> Any:
        """The answer; what it changed is taken back. `changed` names the tables in which a row was written."""
        given: dict[str, Any] = {"HTTP_COOKIE": self.cookie} if self.cookie and not url.startswith("/api/") else {}
        if url.startswith("/api/") and self.word:
            given["HTTP_AUTHORIZATION"] = self.word
        given |= headers
        request = self._request(method, url, body or {}, kind, given)
        drawn.clear()
        with transaction.atomic():
            before = _written() if method not in {"get", "head", "options"} else {}
            try:
                answer = _handler(request.environ)
            except Refusal as refusal:  # as the middleware of a whole client would say it
                raise AssertionError(f"{method} {url} raised {refusal!r}") from refusal
            answer.changed = _more(before) if before or method not in {"get", "head", "options"} else set()
            answer.drawn = list(drawn)
            if answer.streaming:
                answer.whole = b"".join(answer.streaming_content)  # to its end, which closes it
            transaction.set_rollback(True)
        return answer

    @staticmethod
    def _request(method: str, url: str, body: dict[str, Any], kind: str, given: dict[str, Any]) -> Any:
        if method in {"get", "head", "options"}:
            return getattr(_factory, method)(url, **given)
        if kind == "application/json":
            return _factory.generic(method.upper(), url, json.dumps(body, default=str), kind, **given)
        if method == "post":
            return _factory.post(url, body, **given)
        return _factory.generic(method.upper(), url, b"", kind or "application/octet-stream", **given)


_COUNTS = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
"""


def _written() -> dict[str, int]:
    """Rows written in this transaction by table, those that were taken back included."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        return dict(cursor.fetchall())


def _more(before: dict[str, int]) -> set[str]:
    if connection.needs_rollback:
        return set()
    return {name for name, count in _written().items() if count != before.get(name, 0)} - BESIDE


def letter(place: Place, method: str, answer: Any) -> str:
    """What came of it. A form that comes back with what is wrong in it was open to whoever sent it."""
    status = answer.status_code
    if status in {401, 403, 404, 405}:
        return {401: DOOR, 403: REFUSED, 404: UNKNOWN, 405: METHOD}[status]
    if status in {301, 302, 303}:
        return _led(place, method, answer["Location"])
    return OPENS if status < 429 or status in {502, 503} else WRONG


def _led(place: Place, method: str, to: str) -> str:
    if to.startswith(DOORS) and not place.template.startswith(DOORS):
        return DOOR
    # The desk's way of saying that there is no such row.
    if to == "/admin/" and re.search(r"{\w+}", place.template):
        return UNKNOWN
    # Pages of helpers and of who mediates, which lead all others home; a verb that comes too late leads to its row, and was open.
    return (
        LED
        if method == "get" and place.template.startswith(("/m/volunteer/", "/m/mediation/", "/m/station/"))
        else OPENS
    )
