"""There and back: who comes in by the word of somebody outside, and the form that says once whose account it is."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions
from accounts.api.door import way_on
from accounts.api.tries import first_page, too_many
from accounts.choices.outside import BIND_WITHIN
from accounts.forms import SignInForm
from accounts.models import Identity, User
from gridgov.core.errors import Refusal, Unavailable
from gridgov.core.onward import safe_next
from gridgov.core.phone import phone_page
from gridgov.sso.ways import Way, ways

ONWARD, PENDING = "sso_next", "sso_pending"


@never_cache
@require_GET
def start(request: HttpRequest, way: str) -> HttpResponse:
    """Off to the provider; `next` is where to go afterwards."""
    found = _way(way)
    request.session[ONWARD] = safe_next(request)
    try:
        return found.start(request, _back(request, found))
    except Refusal as refusal:
        return _refused(request, refusal)


@never_cache
@require_GET
def come_back(request: HttpRequest, way: str) -> HttpResponse:
    """From the provider: in, or to the form that asks whose account it is."""
    found, now = _way(way), timezone.now()
    try:
        somebody = found.finish(request, _back(request, found))
        user = actions.enter_from_outside(way=found.key, subject=somebody.subject, account=somebody.account, at=now)
    except Refusal as refusal:
        if not isinstance(refusal, Unavailable):
            if busy := too_many(request):
                return busy
            actions.note_refused_outsider(way=found.key, reason=refusal.code, by=User.objects.system(), at=now)
        return _refused(request, refusal)
    if user is not None:
        return _in(request, user)
    request.session[PENDING] = {"way": found.key, "subject": somebody.subject, "at": now.timestamp()}
    return HttpResponseRedirect(reverse("sso-bind"))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: HttpRequest) -> HttpResponse:
    """The own user name and password, once; from then on the provider's word is enough."""
    pending = _pending(request)
    if pending is None:
        return HttpResponseRedirect(reverse("m-login"))
    found = _way(pending["way"])
    form = SignInForm(request, request.POST or None)
    if request.method == "POST":
        if busy := too_many(request):
            return busy
        if form.is_valid():
            user: Any = form.get_user()
            now = timezone.now()
            try:
                actions.bind_identity(way=found.key, subject=pending["subject"], user=user, at=now)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                del request.session[PENDING]
                return _in(request, user)
    status = 400 if form.errors else 200
    return render(request, "m/sso_bind.html", {"form": form, "way": found}, status=status)


@phone_page()
def show_mine(request: HttpRequest) -> HttpResponse:
    """The ways in from outside, and which of them open the own account."""
    rows = {row.way: row for row in Identity.objects.visible_to(request.user).filter(user=request.user)}
    known = [(way, rows.pop(way.key, None)) for way in ways().values()]
    return render(request, "m/sso_mine.html", {"known": known, "others": list(rows.values())})


@phone_page()
@require_POST
def unbind(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Identity.objects.visible_to(request.user), pk=pk, user=request.user)
    actions.unbind_identity(row=row, by=request.user, at=timezone.now())
    messages.success(request, _("From now on it doesn't open your account any more."))
    return HttpResponseRedirect(reverse("sso-mine"))


def _way(key: str) -> Way:
    found = ways().get(key)
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, way: Way) -> str:
    return request.build_absolute_uri(reverse("sso-back", args=[way.key]))


def _pending(request: HttpRequest) -> dict[str, Any] | None:
    """Who came back and has no account here yet, as long as that may wait."""
    pending = request.session.get(PENDING)
    if pending is None:
        return None
    fresh = timezone.now().timestamp() - pending["at"] < BIND_WITHIN.total_seconds()
    if not fresh or pending["way"] not in ways():
        del request.session[PENDING]
        return None
    return dict(pending)


def _in(request: HttpRequest, user: User) -> HttpResponse:
    onward = safe_next(request, request.session.pop(ONWARD, ""))
    login(request, user)
    return HttpResponseRedirect(way_on(request, onward or first_page(user)))


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "m/sso_refused.html", {"refusal": refusal}, status=refusal.status)
