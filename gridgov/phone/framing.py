"""The phone's pages in a frame of another app: only for who came in from it, or is about to, only from where the office allows it."""

from collections.abc import Callable
from http.cookies import Morsel
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import EntryApp
from accounts.rules import can_use_entry_app
from gridgov.phone.look import COOKIE

SESSION_KEY = "entry_app"
# Browsers that refuse cookies of a frame keep those that are its own within the page around it (CHIPS). Python says the word
# from 3.14 on; before, it is taught it, as Django taught it SameSite.
Morsel._reserved.setdefault("partitioned", "Partitioned")  # type: ignore[attr-defined]
Morsel._flags.add("partitioned")  # type: ignore[attr-defined]
# Where answers are shown in a frame, or change what is remembered of one.
FRAMED = ("/m/", "/i18n/")


def remember_app(request: HttpRequest, app: EntryApp) -> None:
    """For as long as this session lasts; an app that is switched off is asked about on each page."""
    request.session[SESSION_KEY] = app.pk


def frame_for(request: HttpRequest, app: EntryApp | None) -> None:
    """This one answer may be shown in a frame of APP: the page on which somebody comes in has no session yet."""
    request.entry_app = app  # type: ignore[attr-defined]


class FramingMiddleware:
    """Stands outside the session, whose cookie it may have to change, and inside the content policy, to which it adds.

    A browser sends a cookie into a foreign frame only if it is SameSite=None and Secure, so frames work over https alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        app = _app_of(request) if request.path.startswith(FRAMED) else None
        if app is None or not app.origins or not can_use_entry_app(app, timezone.now()):
            return answer
        answer._csp_update = {"frame-ancestors": app.origins}  # type: ignore[attr-defined]
        del answer["X-Frame-Options"]
        for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, COOKIE):
            if request.is_secure() and name in answer.cookies:
                answer.cookies[name].update({"samesite": "None", "secure": True, "partitioned": True})
        return answer


def _app_of(request: HttpRequest) -> EntryApp | None:
    """The app whose frame REQUEST may be answered in: that of the way in, or that of the session."""
    named: EntryApp | None = getattr(request, "entry_app", None)
    session: Any = getattr(request, "session", {})
    if named is None and session.get(SESSION_KEY):
        named = EntryApp.objects.filter(pk=session[SESSION_KEY]).first()
    return named
