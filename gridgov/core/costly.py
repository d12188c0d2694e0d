"""Sheets and printed pages are what a person can ask for that costs most: each gets so many a minute, and no more.

Nobody keeps a list of such addresses: whatever answered with a file once is counted from then on, in each process by itself.
"""

import math
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled

from gridgov.core.counts import hit, visitor_of
from gridgov.core.pacing import MINUTE
from gridgov.core.phone import error_as_json

API = "/api/"
# Long lists for machines have seats of their own (integrations.api.streams).
ELSEWHERE = ("/api/v1/feed/",)
MADE = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument",
    "application/zip",
    "text/calendar",
    "text/csv",
)
# The endings that some address answers by. Any other makes no difference, and no way of its own past the count.
ENDINGS = frozenset({"csv", "docx", "ics", "json", "pdf", "xlsx", "zip"})
Way = tuple[str, str, str]


class CostlyMiddleware:
    """Stands behind the sign-in, and looks at what goes out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._ways: set[Way] = set()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        way = _way(request)
        if answer.status_code == 200 and way and answer.headers.get("Content-Type", "").startswith(MADE):
            self._ways.add(way)
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if _way(request) not in self._ways:
            return None
        at = timezone.now()
        if hit("minute.costly", _who(request), within=MINUTE, at=at) <= settings.MINUTE_LIMITS["costly"]:
            return None
        wait = math.ceil(60 - at.timestamp() % 60)
        if request.path.startswith(API):
            answer: HttpResponse = error_as_json(request, Throttled(wait))
        else:
            told = _("So many files at once are too many. Please come again in %(seconds)d seconds.") % {
                "seconds": wait
            }
            answer = render(request, "refused.html", {"refusal": told}, status=429)
        answer["Retry-After"] = wait
        return answer


def _way(request: HttpRequest) -> Way | None:
    """What is asked for, whoever's it is: the pattern of the address, the method, the ending that is wished for."""
    match = request.resolver_match
    if match is None or request.path.startswith(ELSEWHERE):
        return None
    asked = request.GET.get("format", "")
    return match.route, request.method or "", asked if asked in ENDINGS else ""


def _who(request: HttpRequest) -> str:
    """The account; at the API the key, without which nothing is made there; or the address: on open pages nobody looks at a
    key, and whoever sends another one each time is one visitor all the same."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    key = request.headers.get("Authorization", "") if request.path.startswith(API) else ""
    return key or visitor_of(request)
