"""/t/<key>/: what a party reads and does on the own page, in the name of the door's account."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mediation.models import PartyLink
from mediation.reports.party_page import party_page as page_of
from mediation.views.link import party_page


@party_page
@require_safe
def show_party(request: HttpRequest, key: str, link: PartyLink) -> HttpResponse:
    """The page, with what waits for a word of the party."""
    return _page(request, key, link, done="done" in request.GET)


def _page(request: HttpRequest, key: str, link: PartyLink, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"key": key, "seen": page_of(link, timezone.now()), "verbs": (), **more}
    return render(request, "mediation/public/party.html", context, status=status)
