"""The way in from another app: a signed link, or a code that its server has asked for (accounts.choices.entry).

Mail scanners, link previews and browsers that fetch ahead look at every address they see. Looking signs nobody in and uses
nothing up: GET is a page with one button, and only its POST is judged.
"""

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.actions.entry import Entrance
from accounts.api.door import way_on
from accounts.api.tries import too_many
from accounts.choices.entry import EntryLink, kept_code
from accounts.models import EntryApp, User
from gridgov.core.errors import Refusal
from gridgov.phone.framing import frame_for, remember_app

SAYS = ("app", "account", "at", "nonce", "to", "signature")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """POST signs in whom the link or the code names, in place of whoever was signed in here; 403 in one sentence for all
    reasons."""
    said = _said(request.POST if request.method == "POST" else request.GET)
    frame_for(request, _app_of(said))
    return _come_in(request, said) if request.method == "POST" else render(request, "m/entry.html", {"said": said})


def _said(given: QueryDict) -> dict[str, str]:
    """The words of a code, or of a link. No text in PostgreSQL holds a NUL."""
    names = ("code",) if "code" in given else SAYS
    return {name: given.get(name, "").replace("\0", "") for name in names}


def _app_of(said: dict[str, str]) -> EntryApp | None:
    """Whose frame may ask: it is told by the link's own word, for the page with the button says nothing about anybody."""
    if "code" in said:
        return EntryApp.objects.filter(passes__nonce=kept_code(said["code"])).first()
    return EntryApp.objects.filter(key=said["app"]).first()


def _come_in(request: HttpRequest, said: dict[str, str]) -> HttpResponse:
    now = timezone.now()
    try:
        came: Entrance = (
            actions.enter_by_code(code=said["code"], at=now)
            if "code" in said
            else actions.enter_by_link(link=EntryLink(**said), at=now)
        )
    except Refusal as refusal:
        if busy := too_many(request):
            return busy
        key, account, by = said.get("app", ""), said.get("account", ""), User.objects.system()
        actions.note_refused_entry(key=key, account=account, refusal=refusal, by=by, at=now)
        return render(request, "m/entry_refused.html", {"refusal": refusal}, status=refusal.status)
    login(request, came.user)
    remember_app(request, came.app)
    return HttpResponseRedirect(way_on(request, came.to))
