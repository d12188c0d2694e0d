"""What all addresses of Open311 have in common: formats, refusals in the standard's shape, limits, other sites' scripts."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from gridgov.core.counts import hit, visitor_of
from gridgov.core.errors import Invalid, Refusal
from integrations.forms.open311 import first_of
from integrations.models import Jurisdiction
from integrations.rules.open311 import can_be_asked
from integrations.views.open311.answers import refused

MINUTE = dt.timedelta(minutes=1)
_UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)
View = Callable[..., HttpResponse]


class TooMany(Refusal):
    """More than one address, or one key, may ask in a minute."""

    status = HTTPStatus.TOO_MANY_REQUESTS


def slow_down(what: str, who: str, most: int) -> None:
    """Count one more of WHAT by WHO; raises TooMany beyond MOST a minute."""
    if hit(f"open311.{what}", who, within=MINUTE, at=timezone.now()) > most:
        raise TooMany(_("Too many requests. Please wait a minute."))


def open_to_all(*methods: str, kept: int = 0) -> Callable[[View], View]:
    """An address that METHODS are for besides GET, kept by clients for KEPT seconds. Reading is open to everybody and to
    scripts of every site; writing needs a key, so that it is no matter of cookies."""

    def dress(view: View) -> View:
        @wraps(view)
        @csrf_exempt
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            spelling = kwargs.pop("format", "xml")
            if request.method == "OPTIONS":
                return _shared(HttpResponse(status=HTTPStatus.NO_CONTENT))
            try:
                found = _asked(view, request, spelling=spelling, **kwargs)
            except Refusal as refusal:
                found = refused(spelling, refusal)
            except _UNREADABLE:
                found = refused(spelling, Invalid(_("The request can't be read.")))
            if found.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                found["Retry-After"] = int(MINUTE.total_seconds())
            found["Cache-Control"] = f"public, max-age={kept}" if kept and found.status_code == 200 else "no-store"
            return _shared(found) if request.method in {"GET", "HEAD"} else found

        def _asked(view: View, request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if request.method not in {"GET", "HEAD", *methods}:
                raise Invalid(_("%(method)s is not possible here.") % {"method": request.method})
            if request.method != "POST":
                slow_down("reads", visitor_of(request), settings.OPEN311_LIMITS["reads"])
            return view(request, **kwargs)

        return answer

    return dress


def _shared(answer: HttpResponse) -> HttpResponse:
    """Scripts of other sites may read it; no cookie plays a part."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def asked_for(given: QueryDict) -> Sequence[Jurisdiction]:
    """The jurisdictions that GIVEN is about: the one it names, or the only one. Raises Missing or Invalid."""
    code, open_ones = first_of(given, "jurisdiction_id"), list(Jurisdiction.objects.open())
    can_be_asked(code, open_ones).insist()
    return [one for one in open_ones if code in {"", one.code}]
