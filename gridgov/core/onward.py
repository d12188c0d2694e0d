"""Where somebody who has just signed in goes."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, asked: str | None = None) -> str:
    """The address ASKED for (`next` of the request), or '' where it isn't one of this house."""
    said = asked if asked is not None else request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure())
    return said if safe else ""
