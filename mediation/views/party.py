"""/t/<key>/: what a party reads and does on the own page, in the name of the door's account."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from gridgov.core.errors import Refusal
from gridgov.core.forms import insist
from mediation.actions.choosing import accept_mediator
from mediation.actions.inviting import agree_to_helper
from mediation.actions.parties import say_consent, tell_rights, want_more_time
from mediation.actions.signing import sign
from mediation.choices.deeds import SignedHow
from mediation.forms.links import AnswerForm, PartySignForm, RowForm
from mediation.models import PartyLink
from mediation.reports.party_page import party_page as page_of
from mediation.views.link import party_page


def _sign(*, party: int, session: int | None, via: PartyLink, at: Any, **given: Any) -> None:
    given |= {"how": SignedHow.LINK, "signed_on": timezone.localdate(at)}
    sign(mediation=via.mediation_id, party=party, session=session, **given, via=via, at=at)


# Each verb: its form, and the action that is given what the form says.
VERBS: dict[str, tuple[type[forms.Form], Callable[..., Any]]] = {
    "rights": (forms.Form, tell_rights),
    "consent": (AnswerForm, say_consent),
    "mediator": (RowForm, lambda row, **given: accept_mediator(assignment=row, **given)),
    "helper": (RowForm, lambda row, **given: agree_to_helper(helper=row, **given)),
    "extend": (forms.Form, want_more_time),
    "sign": (PartySignForm, _sign),
}


@party_page
@require_safe
def show_party(request: HttpRequest, key: str, link: PartyLink) -> HttpResponse:
    """The page, with what waits for a word of the party."""
    return _page(request, key, link)


@party_page
@require_POST
def do_for_party(request: HttpRequest, key: str, link: PartyLink, verb: str) -> HttpResponse:
    """One of the verbs; a refusal is told on top of the page."""
    if verb not in VERBS:
        raise Http404
    form, act = VERBS[verb]
    try:
        act(party=link.party_id, **insist(form(request.POST)), via=link, by=User.objects.door(), at=timezone.now())
    except Refusal as refusal:
        return _page(request, key, link, refusal=refusal, status=refusal.status)
    except ObjectDoesNotExist:
        raise Http404 from None
    return HttpResponseRedirect(f"{reverse('t-party', args=[key])}?done")


def _page(request: HttpRequest, key: str, link: PartyLink, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "key": key,
        "seen": page_of(link),
        "sign_form": PartySignForm(auto_id=False),
        "done": "done" in request.GET,
        **more,
    }
    return render(request, "mediation/public/party.html", context, status=status)
