"""What every page of the phone under /m/ has in common: who may open it, how it says no, and whether the device may keep it."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from rest_framework.exceptions import NotAuthenticated

from gridgov.core.errors import Refusal, exception_handler

# Of an answer that holds nothing about anybody: the service worker may keep it for when there is no network.
SHELL_HEADER = "X-Offline"

View = Callable[..., HttpResponse]


def wants_json(request: HttpRequest) -> bool:
    """Asked by a script of ours, which reads words and not pages."""
    return "application/json" in request.headers.get("Accept", "")


def error_as_json(request: HttpRequest, error: Exception, **more: Any) -> JsonResponse:
    """ERROR in the API's one shape (gridgov.core.errors), with MORE beside it; 401, 403, 404 or what the refusal says."""
    told: Any = exception_handler(error, {"request": request, "view": None})
    return JsonResponse({**told.data, **more}, status=told.status_code)


def phone_page(roles: Collection[str] | None = None, *, offline: bool = False) -> Callable[[View], View]:
    """For whoever is signed in and has one of ROLES (all of them without): `@phone_page(roles=CASE_ROLES)`.

    Others go to the sign-in page and back (401 as JSON), or are told that it isn't theirs (403). Nothing is kept by a browser,
    but for OFFLINE: such a page is a form without a word about anybody (`request.phone_shell` is true, so the frame leaves out
    the inbox and messages too), and the service worker gives it out where there is no network.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.phone_shell = offline and request.method == "GET"  # type: ignore[attr-defined]
            try:
                answer = _answered(view, roles, request, *args, **kwargs)
            except (Refusal, PermissionDenied, Http404, NotAuthenticated) as error:
                if not wants_json(request):
                    raise
                answer = error_as_json(request, error)
            answer.headers.setdefault("Cache-Control", "no-store")
            if request.phone_shell and answer.status_code == 200:  # type: ignore[attr-defined]
                answer.headers[SHELL_HEADER] = "shell"
            return answer

        return guarded

    return guard


def _answered(
    view: View, roles: Collection[str] | None, request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponse:
    user: Any = request.user
    if not user.is_authenticated:
        if wants_json(request):
            raise NotAuthenticated
        return HttpResponseRedirect(f"{reverse('m-login')}?{urlencode({'next': request.get_full_path()})}")
    if roles is not None and user.role not in roles:
        raise PermissionDenied
    return view(request, *args, **kwargs)


def phone_view(roles: Collection[str] | None = None, *, offline: bool = False) -> Callable[[type], type]:
    """`phone_page` for a class of views."""
    return method_decorator(phone_page(roles, offline=offline), name="dispatch")
