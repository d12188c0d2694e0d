"""At the edge: refusals become pages, and words are sent packed."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotFound, ParseError, PermissionDenied

from gridgov.core.errors import Invalid, Refusal
from gridgov.core.phone import error_as_json
from gridgov.core.uploads import TooLarge

API = "/api/"


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
        if request.path.startswith(API):
            return error_as_json(request, refusal)
        return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)


class HeadersMiddleware:
    """What every answer tells a browser besides the content policy: what of the device the page may use; and that what was made
    for somebody is not kept, unless the view has said how. Static files are answered before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers:
            answer.headers.setdefault("Cache-Control", "private, no-store")
        return answer


class ApiWordsMiddleware:
    """Under /api/ nobody reads pages: whatever Django itself answers there (no such address, a host that isn't ours, a
    body too large, a fault) is said in the API's one shape."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        page = answer.headers.get("Content-Type", "").startswith("text/html")
        if not (page and answer.status_code >= 400 and request.path.startswith(API)):
            return answer
        told = JsonResponse(_as_errors(answer.status_code), status=answer.status_code)
        for name, value in answer.headers.items():
            if name not in _OF_THE_PAGE:
                told[name] = value
        return told


_OF_THE_PAGE = frozenset({"Content-Type", "Content-Length"})


def _as_errors(status: int) -> dict[str, Any]:
    if status >= 500:
        return {
            "type": "server_error",
            "errors": [{"code": "error", "detail": str(APIException.default_detail), "attr": None}],
        }
    known = {403: PermissionDenied, 404: NotFound}.get(status, ParseError)
    return {
        "type": "client_error",
        "errors": [{"code": known.default_code, "detail": str(known.default_detail), "attr": None}],
    }


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
