"""/t/<key>/: how a party's own link opens: by the last digits of the phone, in the browser that did so first.

Two signed cookies of that link's address alone: one says which browser this is, for as long as a link lasts; one that the digits
were given lately."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.pacing import seconds_to_wait
from mediation.actions.links import digest_of, open_link
from mediation.choices.links import LINK_KEPT, OPEN_SECONDS
from mediation.forms.links import DigitsForm
from mediation.models import PartyLink
from mediation.rules.links import is_own_browser, opens

BROWSER, OPEN, SALT = "t_browser", "t_open", "mediation.link"
BROWSER_SECONDS = int(LINK_KEPT.total_seconds())
Page = Callable[..., HttpResponse]


def paced(view: Page) -> Page:
    """So many looks a minute from one address; kept by no browser and found by no search."""

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


def _cookie(request: HttpRequest, name: str, seconds: int) -> uuid.UUID | None:
    said = request.get_signed_cookie(name, default="", salt=SALT, max_age=seconds)
    return uuid.UUID(said) if said else None


def _keep(answer: HttpResponse, key: str, name: str, browser: uuid.UUID, seconds: int) -> None:
    answer.set_signed_cookie(
        name, str(browser), salt=SALT, max_age=seconds, path=reverse("t-party", args=[key]), httponly=True, samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )  # fmt: skip


def _link(key: str) -> PartyLink:
    found = PartyLink.objects.for_detail().filter(digest=digest_of(key)).first()
    if found is None:
        raise Http404
    return found


def party_page(view: Page) -> Page:
    """Call VIEW with the open link of the address; whoever has not opened it here and lately is asked for the digits."""

    @paced
    @wraps(view)
    def answer(request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        link, browser = _link(key), _cookie(request, OPEN, OPEN_SECONDS)
        if link.browser is None or browser != link.browser or not opens(link, timezone.now()):
            return HttpResponseRedirect(reverse("t-open", args=[key]))
        return view(request, key, link, *args, **kwargs)

    return answer


@paced
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, key: str) -> HttpResponse:
    """Asks for the digits; what can't open any more says so."""
    link, browser, at = _link(key), _cookie(request, BROWSER, BROWSER_SECONDS), timezone.now()
    shut = opens(link, at).refusal or is_own_browser(link, browser).refusal
    if shut is not None:
        return render(request, "mediation/public/shut.html", {"refusal": shut}, status=shut.status)
    form = DigitsForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, form, 400 if request.method == "POST" else 200)
    browser = browser or uuid.uuid4()
    try:
        open_link(key=key, digits=form.cleaned_data["digits"], browser=browser, by=User.objects.door(), at=at)
    except Refusal as refusal:
        refuse(form, refusal)
        return _ask(request, form, refusal.status)
    answer = HttpResponseRedirect(reverse("t-party", args=[key]))
    _keep(answer, key, BROWSER, browser, BROWSER_SECONDS)
    _keep(answer, key, OPEN, browser, OPEN_SECONDS)
    return answer


def _ask(request: HttpRequest, form: DigitsForm, status: int) -> HttpResponse:
    return render(request, "mediation/public/open.html", {"form": form}, status=status)


@paced
@require_POST
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """For a phone that others use too: the digits are asked for again, and still in this browser alone."""
    answer = HttpResponseRedirect(reverse("t-open", args=[key]))
    answer.delete_cookie(OPEN, path=reverse("t-party", args=[key]))
    return answer
