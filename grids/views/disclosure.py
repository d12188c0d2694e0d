"""A grid's public page: who scans the QR code at the door reads it on a phone, without an account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from gridgov.core.questions import offers_at, results_of
from grids.choices import HOTLINE
from grids.forms.outline import draw_outline
from grids.models import GroupLink
from grids.reports import disclosure
from grids.views.open_page import open_page


@open_page()
def show_disclosure(request: HttpRequest, code: str) -> HttpResponse:
    """The four disclosures of the grid CODE; 404 where its street has released no pages."""
    found = disclosure(code, timezone.localdate()) if code.isascii() and code.isdigit() else None
    if found is None:
        raise Http404
    grid, told = found.grid, not found.ended
    context = {
        "found": found, "grid": grid, "page": found.page, "hotline": HOTLINE,
        "outline": draw_outline(found.border, found.beside) if found.border else None,
        "way": " · ".join(grid.name for grid in found.path),
        "offers": [one for several in offers_at.ask(grid) for one in several] if told else [],
        "results": [one for several in results_of.ask(grid.code) for one in several] if told else [],
    }  # fmt: skip
    return render(request, "grids/public.html", context)


@open_page()
def show_group_code(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The picture of a group's QR code, for as long as the page of the grid CODE shows that group."""
    today = timezone.localdate()
    found = disclosure(code, today) if code.isascii() and code.isdigit() else None
    if found is None or pk not in {group.pk for group in found.groups if not group.url}:
        raise Http404
    picture = GroupLink.objects.usable(today).public().values_list("picture", flat=True).get(pk=pk)
    return HttpResponse(bytes(picture), content_type="image/png")
