"""What comes between the password and the house, a page for each: the code, a password of one's own, the second factor."""

import datetime as dt
from base64 import b32decode
from typing import Any

import segno
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.actions.factors import secret_begun
from accounts.api.door import MUST, go_on, half_in
from accounts.api.tries import too_many
from accounts.choices.signing import Must
from accounts.forms import ChosenPassword
from accounts.models import User
from accounts.rules.passwords import HousePassword
from accounts.rules.signing import app_address
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.signing.around import Around

# In the session: when it began to set up a second factor.
BEGUN, NEVER = "factor_begun", "1970-01-01T00:00:00+00:00"


def _door(desk: bool) -> str:
    return Around(desk).url("login")


def _whose(request: HttpRequest, must: Must) -> User | None:
    """Who is at the step MUST."""
    user = half_in(request)
    return user if user is not None and request.session[MUST][0] == must else None


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def show_code(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """The code of the app, or one for recovery."""
    user, around = _whose(request, Must.CODE), Around(desk, inside=False)
    if user is None:
        return HttpResponseRedirect(_door(desk))
    fault = None
    if request.method == "POST":
        if busy := too_many(request):
            return busy
        try:
            actions.check_code(user=user, code=said(request), at=timezone.now())
            return HttpResponseRedirect(go_on(request, Must.CODE))
        except Refusal as refusal:
            fault = refusal
    leave = around.url("in-leave")
    return around.page(
        request, "code", Must.CODE.label, status=fault.status if fault else 200, fault=fault, leave=leave
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """A new password instead of one that somebody else has given, or that is too old."""
    user, around = _whose(request, Must.PASSWORD), Around(desk, inside=False)
    if user is None:
        return HttpResponseRedirect(_door(desk))
    form = ChosenPassword(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.set_password(
                user=user, password=form.cleaned_data["new_password1"], by=user, at=timezone.now()
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            request.user = changed  # who is nobody until all steps are done; Django asks whose hash it is
            update_session_auth_hash(request, changed)
            return HttpResponseRedirect(go_on(request, Must.PASSWORD))
    status, rule = 400 if form.errors else 200, HousePassword().get_help_text()
    given, leave = user.password_given, around.url("in-leave")
    return around.page(
        request, "password", Must.PASSWORD.label, status=status, form=form, rule=rule, given=given, leave=leave
    )


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_factor(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """An administrator has none yet: it is set up before anything else."""
    user, around = _whose(request, Must.FACTOR), Around(desk, inside=False)
    if user is None:
        return HttpResponseRedirect(_door(desk))
    if request.method == "POST" and (busy := too_many(request)):
        return busy
    shown, fault = confirmed(request, user)
    if shown:
        return codes_page(request, around, shown, onward=go_on(request, Must.FACTOR))
    return factor_page(request, around, user, fault, leave=around.url("in-leave"))


@never_cache
@require_POST
def leave(request: HttpRequest, *, desk: bool) -> HttpResponse:
    """Somebody else wants to come in."""
    logout(request)
    return HttpResponseRedirect(_door(desk))


def said(request: HttpRequest) -> str:
    """The code that was typed; no text in PostgreSQL holds a NUL."""
    return request.POST.get("code", "").replace("\0", "")[:40]


def confirmed(request: HttpRequest, user: User) -> tuple[list[str], Refusal | None]:
    """The recovery codes, once the code that was sent is that of the app; else what is wrong with it."""
    if request.method != "POST":
        return [], None
    try:
        secret_here(request, user)
        return actions.confirm_factor(user=user, code=said(request), by=user, at=timezone.now()), None
    except Refusal as refusal:
        return [], refusal


def begin_here(request: HttpRequest, user: User) -> str:
    """A new secret for USER's app, shown and confirmed in this session and in no other: who knows the password alone could
    begin a set-up and wait until its owner confirms it."""
    now = timezone.now()
    secret = actions.begin_factor(user=user, by=user, at=now)
    request.session[BEGUN] = now.isoformat()
    return secret


def secret_here(request: HttpRequest, user: User) -> str:
    """The secret that this session has begun. Raises Conflict where it is good no more."""
    now = timezone.now()
    return secret_begun(user, begun=dt.datetime.fromisoformat(request.session.get(BEGUN, NEVER)), at=now)


def factor_page(request: HttpRequest, around: Around, user: User, fault: Refusal | None, **more: Any) -> HttpResponse:
    """The secret as a picture and as text, and the field for the app's first code."""
    try:
        secret = secret_here(request, user)
    except Refusal:
        secret = begin_here(request, user)
    address = app_address(b32decode(secret), user.username, _("Grid governance"))
    picture = segno.make(address, micro=False).svg_data_uri(scale=5, border=4, light="#fff")
    typed = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    context = {"picture": picture, "secret": typed, "account": user.username, "fault": fault, **more}
    return around.page(request, "factor", Must.FACTOR.label, status=fault.status if fault else 200, **context)


def codes_page(request: HttpRequest, around: Around, shown: list[str], *, onward: str) -> HttpResponse:
    """The recovery codes, this once."""
    return around.page(request, "codes", _("Recovery codes"), codes=shown, onward=onward)
