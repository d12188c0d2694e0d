"""The way in from another app: a signed link, or a code that its server has asked for (accounts.choices.entry)."""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import actions
from accounts.actions.entry import Entrance
from accounts.api.tries import too_many
from accounts.choices.entry import EntryLink
from accounts.models import User
from gridgov.core.errors import Refusal
from gridgov.phone.framing import remember_app

SAYS = ("app", "account", "at", "nonce", "to", "signature")


@never_cache
@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in whom the link or the code names, in place of whoever was signed in here; 403 in one sentence for all reasons."""
    link = EntryLink(**{name: request.GET.get(name, "") for name in SAYS})
    now = timezone.now()
    try:
        came: Entrance = (
            actions.enter_by_code(code=request.GET["code"], at=now)
            if "code" in request.GET
            else actions.enter_by_link(link=link, at=now)
        )
    except Refusal as refusal:
        if busy := too_many(request):
            return busy
        by = User.objects.system()
        actions.note_refused_entry(key=link.app, account=link.account, refusal=refusal, by=by, at=now)
        return render(request, "m/entry_refused.html", {"refusal": refusal}, status=refusal.status)
    login(request, came.user)
    remember_app(request, came.app)
    return HttpResponseRedirect(came.to)
