"""Which reports this browser has made or joined, so that nobody adds to one again and again.

Their keys stand signed in a cookie of the browser's own: the house keeps no list of who said what, and nothing in the cookie
opens anything. Whoever deletes it meets the count of the network and the day (door.views.wall.joins).
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

COOKIE, SALT = "door_joined", "door.joined"
KEPT_SECONDS = 180 * 86400
MOST = 60


def has_joined(request: HttpRequest, case: int) -> bool:
    return case in _joined(request)


def remember(request: HttpRequest, answer: HttpResponse, case: int) -> None:
    _write(answer, [*(one for one in _joined(request) if one != case), case][-MOST:])


def forget(request: HttpRequest, answer: HttpResponse, case: int) -> None:
    """It was taken back, and may be said anew."""
    _write(answer, [one for one in _joined(request) if one != case])


def _joined(request: HttpRequest) -> list[int]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    return [int(one) for one in found]


def _write(answer: HttpResponse, cases: list[int]) -> None:
    answer.set_cookie(
        COOKIE, signing.dumps(cases, salt=SALT), max_age=KEPT_SECONDS, path=reverse("door-home"), httponly=True, samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip
