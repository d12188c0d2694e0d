"""/m/mediation/<pk>/: a file, and the links of its parties."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gridgov.core.errors import Refusal
from grids.forms.codes import draw_code, origin_of
from mediation.actions.links import make_link, withdraw_link
from mediation.reports.own_file import own_file
from mediation.views.phone.own import file_or_404, mediator_page, party_or_404


@mediator_page
@require_safe
def show_file(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, pk)


def page_of(request: HttpRequest, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    """The file, with the word why something was REFUSED."""
    seen = own_file(file_or_404(request, pk), request.mediator, timezone.now())  # type: ignore[attr-defined]
    context = {"seen": seen, "refusal": refusal}
    return render(request, "mediation/m/file.html", context, status=refusal.status if refusal else 200)


@mediator_page
@require_POST
def give_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for a party, shown this once: as a code to scan, and to copy."""
    party = party_or_404(request, pk)
    try:
        link, key = make_link(party=party, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return page_of(request, party.mediation_id, refusal)
    address = f"{origin_of(request)}{reverse('t-party', args=[key])}"
    context = {"party": party, "link": link, "address": address, "code": draw_code(address)}
    return render(request, "mediation/m/link.html", context)


@mediator_page
@require_POST
def end_link(request: HttpRequest, pk: int) -> HttpResponse:
    """What was given opens no more."""
    party = party_or_404(request, pk)
    withdraw_link(party=party, by=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("m-mediation-file", args=[party.mediation_id]))
