"""Who speaks without a name: a device, known by a token of its own; and how much one network may say and look at.

The token stands signed in a cookie of the browser's own. The house keeps a digest of it for each matter apart, so that nothing
tells which words came from the same device.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.codes import digest
from gridgov.core.counts import hit, visitor_of
from gridgov.core.errors import Conflict
from gridgov.core.pacing import seconds_to_wait

COOKIE, SALT, PATH, KEPT_SECONDS = "v_voice", "volunteers.voice", "/v/", 400 * 86400
DAY = dt.timedelta(days=1)


def token_of(request: HttpRequest) -> str:
    """The device's own, or a new one."""
    try:
        return str(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS))
    except signing.BadSignature:
        return secrets.token_urlsafe(18)


def remember(answer: HttpResponse, token: str) -> HttpResponse:
    answer.set_cookie(
        COOKIE, signing.dumps(token, salt=SALT), max_age=KEPT_SECONDS, path=PATH, httponly=True, samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip
    return answer


def voice_of(token: str, what: str) -> str:
    """The digest of a device for WHAT alone: `feedback:12`."""
    return digest(f"volunteers.voice:{what}:{token}")


def insist_on_room(request: HttpRequest, what: str, most: int) -> None:
    """Raise Conflict where the network of REQUEST has said MOST of WHAT today already."""
    if hit("volunteers.said", f"{what} {visitor_of(request)}", within=DAY, at=timezone.now()) > most:
        raise Conflict(
            _("So much was said from your network today that no more is taken. Please call us."), code="busy"
        )


def paced(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for everybody that takes something, or shows what may have to vanish: so many a minute, and kept by nobody."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if wait := seconds_to_wait("public", request):
            found = render(request, "grids/public_busy.html", status=429)
            found["Retry-After"] = wait
        else:
            found = view(request, *args, **kwargs)
        found["Cache-Control"], found["X-Robots-Tag"] = "no-store", "noindex"
        return found

    return answer
