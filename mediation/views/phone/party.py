"""/m/mediation/parties/<pk>/…: what the mediator notes of a party who sits at the table."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gridgov.core.errors import Refusal
from mediation.actions.parties import say_consent, tell_rights, want_more_time
from mediation.views.phone.file import page_of
from mediation.views.phone.own import mediator_page, party_or_404

VERBS: dict[str, Callable[..., Any]] = {
    "rights": tell_rights,
    "agree": partial(say_consent, agreed=True),
    "refuse": partial(say_consent, agreed=False),
    "extend": want_more_time,
}


@mediator_page
@require_POST
def note(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One of the verbs, and back to the file."""
    if verb not in VERBS:
        raise Http404
    party = party_or_404(request, pk)
    try:
        VERBS[verb](party=party, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return page_of(request, party.mediation_id, refusal)
    messages.success(request, _("Noted."))
    return HttpResponseRedirect(reverse("m-mediation-file", args=[party.mediation_id]))
