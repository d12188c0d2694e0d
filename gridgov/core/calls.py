"""What other systems ask for: counted by day, operation and answer, and told with each answer how much is left.

Whoever lets a system in marks the request (`mark`). In the hot path stands one command to Valkey; a job adds up what it
holds (accounts.jobs).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from gridgov.core.counts import take_tallies, tally

_KIND = "client.calls"
# In a route: (?P<pk>\d+) or <int:pk>.
_PLACE = re.compile(r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>")
_ANCHOR = re.compile(r"[\^$]|\\Z")
LONGEST = 96


@dataclass(frozen=True)
class Rate:
    """How many requests a minute a system may send, how many of this minute are left, and when it ends (Unix seconds)."""

    limit: int
    left: int
    reset: int


@dataclass(frozen=True)
class Caller:
    """The system that sent a request; `rate` where it was counted against its limit."""

    client: int
    rate: Rate | None = None


def mark(request: HttpRequest, caller: Caller) -> None:
    """Say that REQUEST comes from CALLER."""
    request.api_caller = caller  # type: ignore[attr-defined]


def operation_of(request: HttpRequest) -> str:
    """`GET /api/v1/cases/{pk}/`: what REQUEST asks for, without naming the row."""
    return f"{request.method} {route_of(request)}"[:LONGEST]


def route_of(request: HttpRequest) -> str:
    """`/api/v1/cases/{pk}/`: the pattern that the address of REQUEST fits, without naming the row; `/?` where none does."""
    match = request.resolver_match
    return _pattern(match.route) if match else "/?"


@cache
def _pattern(route: str) -> str:
    return "/" + _ANCHOR.sub("", _PLACE.sub(lambda place: f"{{{place[1] or place[2]}}}", route))


class CallsMiddleware:
    """Counts what a system asked for, and tells it its limit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        caller: Caller | None = getattr(request, "api_caller", None)
        if caller is None:
            return answer
        parts = (caller.client, timezone.localdate(), operation_of(request), answer.status_code, _code_of(answer))
        tally(_KIND, "|".join(str(part) for part in parts))
        if caller.rate is not None:
            answer["X-RateLimit-Limit"] = str(caller.rate.limit)
            answer["X-RateLimit-Remaining"] = str(caller.rate.left)
            answer["X-RateLimit-Reset"] = str(caller.rate.reset)
        return answer


def _code_of(answer: HttpResponseBase) -> str:
    """The machine code of a refusal in the house's shape; '' for anything else."""
    data: Any = getattr(answer, "data", None)
    errors = data.get("errors") if answer.status_code >= 400 and isinstance(data, dict) else None
    return str(errors[0]["code"])[:32].replace("|", " ") if errors else ""


def taken() -> list[tuple[str, str, int, str, int, int]]:
    """Rows of (day, operation, status, code, count, client) since this was asked last."""
    found = []
    for field, count in take_tallies(_KIND).items():
        client, day, operation, status, code = field.split("|")
        found.append((day, operation, int(status), code, count, int(client)))
    return found
