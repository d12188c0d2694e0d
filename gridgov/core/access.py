"""One line for each request, and its numbers for the monitor: which route, how long, how many queries, whose account.

Never the address itself: it may hold a code, and its query string what somebody looked for. The request's name goes with all it
logs and into the jobs it promises, and comes back in `X-Request-ID`, so that who asks for help can say it.
"""

import logging
import os
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import LazyObject, empty

from gridgov.core import meters
from gridgov.core.about import REQUEST_ID, working_for
from gridgov.core.calls import route_of

log = logging.getLogger("gridgov.access")
slow = logging.getLogger("gridgov.slow")
HEADER = "X-Request-ID"
# Asked every few seconds by machines; a line for each would hide all others.
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_SQL_SHOWN = 600


_untold: set[str] = set()


def untold(*names: str) -> None:
    """Addresses by NAMES of whose requests no line is written: who asks there is promised that nobody notes it."""
    _untold.update(names)


class Queries:
    """Counts queries while it is wrapped around a connection, and tells the slow ones: their text, which has places where
    the values were."""

    def __init__(self, patience: float) -> None:
        self.count = 0
        self._patience = patience

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - began
            if took >= self._patience:
                meters.add(meters.SLOW, (os.environ.get("GRIDGOV_ROLE", "gridgov"),))
                slow.warning(
                    "slow query: %s",
                    " ".join(str(sql).split())[:_SQL_SHOWN],
                    extra={"fields": {"ms": round(took * 1000)}},
                )


def queries_watched() -> tuple[Queries, Any]:
    """A counter, and the context in which it counts this thread's queries."""
    queries = Queries(settings.SLOW_QUERY_MS / 1000)
    return queries, connection.execute_wrapper(queries)


class AccessMiddleware:
    """Stands before all others, so that whatever they answer has a line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = name_of(request)
        began = time.perf_counter()
        queries, watched = queries_watched()
        with working_for(request=name):
            with watched:
                answer = self.get_response(request)
            answer[HEADER] = name
            _note(request, answer, time.perf_counter() - began, queries.count)
        return answer


def name_of(request: HttpRequest) -> str:
    """The name of REQUEST: what our own proxy calls it, or a new one. Behind none of ours anybody could write there."""
    given = request.headers.get(HEADER, "")
    return given if settings.PROXIES and REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _note(request: HttpRequest, answer: HttpResponseBase, seconds: float, queries: int) -> None:
    route, method = _route(request), request.method if request.method in _METHODS else "OTHER"
    meters.observe(meters.DURATIONS, (route,), seconds)
    meters.add(meters.REQUESTS, (method, route, str(answer.status_code)))
    if queries:
        meters.add(meters.QUERIES, (route,), queries)
    if not log.isEnabledFor(logging.INFO) or (answer.status_code < 400 and (route == "static" or route in _QUIET)):
        return
    if request.resolver_match is not None and request.resolver_match.url_name in _untold:
        return
    fields: dict[str, Any] = {"method": method, "route": route, "status": answer.status_code}
    fields |= {"ms": round(seconds * 1000, 1), "queries": queries, **_who(request)}
    log.info("request", extra={"fields": fields})


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _route(request: HttpRequest) -> str:
    """The pattern of the address; `static` for a file of ours, `none` for what nobody serves."""
    if request.resolver_match is not None:
        return route_of(request)
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"


def _who(request: HttpRequest) -> dict[str, int]:
    """The account and the connected system behind REQUEST by their numbers, where somebody asked who it is: looking it up for
    the line would cost a query."""
    user = getattr(request, "user", None)
    known = not (isinstance(user, LazyObject) and user._wrapped is empty)
    found: dict[str, int] = {}
    if known and getattr(user, "pk", None) is not None:
        found["user"] = user.pk  # type: ignore[union-attr]
    if caller := getattr(request, "api_caller", None):
        found["client"] = caller.client
    return found
