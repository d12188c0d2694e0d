"""One's own second factor and sessions, at the desk and on the phone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.authtoken.models import Token

from accounts import actions
from accounts.api.tries import too_many
from accounts.choices.signing import Ended
from accounts.models import Factor, Session
from accounts.rules.signing import is_over, needs_factor, seconds_left
from gridgov.core.errors import Refusal
from gridgov.core.polling import polls
from gridgov.signing.around import Around
from gridgov.signing.steps import begin_here, codes_page, confirmed, factor_page, said, secret_here

LATEST = 10


@require_safe
def show_own(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """The factor and how many recovery codes are left, the sessions that go on, and those before."""
    user, now, around = request.user, timezone.now(), Around(desk)
    rows = Session.objects.visible_to(user).filter(user=user).for_list()
    going_on = list(rows.going_on(now).order_by("-used_at"))
    before = rows.exclude(pk__in=[row.pk for row in going_on]).order_by("-began_at")[:LATEST]
    # One that ended for lack of use has nobody who wrote it down.
    told = [(row, Ended(why).label if (why := is_over(row, now)) else "") for row in before]
    factor = Factor.objects.filter(user=user, confirmed_at__isnull=False).first()
    urls = {name: around.url(f"signing-{name}") for name in ("begin", "codes", "drop", "others")}
    context = {
        "factor": factor, "left": factor.codes.filter(used_at=None).count() if factor else 0, "needs": needs_factor(user),
        "sessions": [(row, around.url("signing-end", row.pk)) for row in going_on], "here": _here(request), "before": told,
        "token": Token.objects.filter(user=user).first(), "urls": urls,
    }  # fmt: skip
    return around.page(request, "own", _("Signing in and sessions"), back=None if desk else around.url("me"), **context)


@sensitive_post_parameters()
@require_POST
def begin(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """Set it up, or anew: whoever sits at an unlocked desk can't, for the password or the present code is asked for."""

    def act(user: Any, now: Any) -> HttpResponse:
        if Factor.objects.filter(user=user, confirmed_at__isnull=False).exists():
            actions.check_code(user=user, code=said(request), at=now)
        else:
            actions.check_own_password(user=user, password=request.POST.get("password", ""), at=now)
        begin_here(request, user)
        return HttpResponseRedirect(Around(desk).url("signing-factor"))

    return _done(request, desk, act)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """The picture, the secret, and the first code."""
    user: Any = request.user
    around = Around(desk)
    try:
        secret_here(request, user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(around.url("signing"))
    if request.method == "POST" and (busy := too_many(request)):
        return busy
    shown, fault = confirmed(request, user)
    if shown:
        return codes_page(request, around, shown, onward=around.url("signing"))
    return factor_page(request, around, user, fault, back=around.url("signing"))


@sensitive_post_parameters("code")
@require_POST
def renew_codes(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """New recovery codes, for a code of the app."""

    def act(user: Any, now: Any) -> HttpResponse:
        actions.check_code(user=user, code=said(request), at=now)
        shown = actions.renew_recovery_codes(user=user, by=user, at=now)
        return codes_page(request, Around(desk), shown, onward=Around(desk).url("signing"))

    return _done(request, desk, act)


@sensitive_post_parameters("code")
@require_POST
def drop(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """Take it off, where one may do without."""

    def act(user: Any, now: Any) -> str:
        actions.check_code(user=user, code=said(request), at=now)
        actions.drop_factor(user=user, by=user, at=now)
        return _("Your second factor is taken off.")

    return _done(request, desk, act)


@require_POST
def end_one(request: HttpRequest, pk: int, *, desk: bool) -> HttpResponse:
    row = get_object_or_404(Session.objects.visible_to(request.user).for_list(), pk=pk, user=request.user)

    def act(user: Any, now: Any) -> str:
        actions.end_session(session=row, by=user, at=now)
        return _("The session is ended.")

    return _done(request, desk, act)


@require_POST
def end_others(request: HttpRequest, *, desk: bool) -> HttpResponse:
    def act(user: Any, now: Any) -> str:
        actions.end_other_sessions(user=user, keep=_here(request), by=user, at=now)
        return _("All other sessions are ended.")

    return _done(request, desk, act)


@polls
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def time_left(request: HttpRequest) -> JsonResponse:
    """In how many seconds this session is over, 0 for whoever has none: asked by a page some minutes before
    (static/accounts/ending.js). POST is a use of it."""
    row: Session | None = request.session.row if request.user.is_authenticated else None
    if row is None:
        return JsonResponse({"left": 0})
    now = timezone.now()
    if request.method == "POST":
        actions.touch_session(session=row, at=now)
        row.refresh_from_db(fields=["used_at"])
    return JsonResponse({"left": seconds_left(row, now)})


def _done(request: HttpRequest, desk: bool, act: Callable[[Any, Any], str | HttpResponse]) -> HttpResponse:
    """ACT, and back to the page with what it said, or why not; or the page it answers."""
    if busy := too_many(request):
        return busy
    try:
        told = act(request.user, timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if isinstance(told, HttpResponse):
            return told
        messages.success(request, told)
    return HttpResponseRedirect(Around(desk).url("signing"))


def _here(request: HttpRequest) -> int | None:
    """The session that this request came with."""
    row: Session | None = request.session.row  # type: ignore[attr-defined]
    return None if row is None else row.pk
