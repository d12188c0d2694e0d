"""At the edge: refusals become pages, and words are sent packed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _

from gridgov.core.errors import Invalid, Refusal
from gridgov.core.uploads import TooLarge


class RefusalMiddleware:
    """Answers a refusal with a page in the user's words instead of an error 500. The API has its own handler."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No text in PostgreSQL holds it, and no address of ours; forms refuse it by themselves.
        if "%00" in request.META["QUERY_STRING"]:
            return self._page(request, Invalid(_("The address holds a character that can't be.")))
        # Before anything reads it: a form is kept on the disk as it comes in, whoever sends it.
        if _announced(request) > settings.BODY_MAX_BYTES:
            size = settings.BODY_MAX_BYTES // 2**20
            return self._page(request, TooLarge(_("At most %(size)s MB can be sent at once.") % {"size": size}))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._page(request, exception) if isinstance(exception, Refusal) else None

    def _page(self, request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def _announced(request: HttpRequest) -> int:
    """How many bytes the body has; without a number nothing is read of it (WSGI)."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else 0


class PackingMiddleware(GZipMiddleware):
    """Sends words packed, to whoever can unpack them; pictures and sheets are packed already."""

    WORDS = (
        "text/",
        "application/json",
        "application/x-ndjson",
        "application/geo+json",
        "application/javascript",
        "image/svg+xml",
    )

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(self.WORDS):
            return response
        return super().process_response(request, response)
