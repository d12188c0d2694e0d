"""A contact card's page: who has the card calls, saves the number, or reports something."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from grids.choices import HOTLINE
from grids.forms.codes import origin_of
from grids.forms.vcard import write_vcard
from grids.reports import Card, card_of
from grids.views.open_page import open_page

TOKEN_CHARS = 32


@open_page(kept=0)
def show_card(request: HttpRequest, token: str) -> HttpResponse:
    card = _card_or_404(token)
    return render(request, "grids/card.html", {"card": card, "hotline": HOTLINE})


@open_page(kept=0)
def save_contact(request: HttpRequest, token: str) -> HttpResponse:
    """The card as phones keep contacts."""
    card = _card_or_404(token)
    address = f"{origin_of(request)}{reverse('contact-card', args=[token])}"
    answer = HttpResponse(write_vcard(card, address), content_type="text/vcard; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{card.grid.code}.vcf"'
    return answer


def _card_or_404(token: str) -> Card:
    fits = token.isascii() and token.isprintable() and len(token) <= TOKEN_CHARS
    card = card_of(token, timezone.localdate()) if fits else None
    if card is None:
        raise Http404
    return card
