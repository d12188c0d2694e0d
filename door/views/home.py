"""The residents' first page, and what is done with their data."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from door.choices import CONSENT
from door.reports import place_at, streets
from door.views.pages import show
from gridgov.core import keeping
from gridgov.core.keeping import days_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Report, follow, and the grids of the streets that have opened their pages."""
    return show(request, "home.html", streets=streets())


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Purpose, ground, time and rights; with the street's own contact where a grid is named."""
    place = place_at(request.GET.get("g", ""), timezone.localdate())
    kinds = [(kind, days_of(kind.name) if kind.term.days else None) for kind in keeping.kinds() if kind.public]
    return show(request, "privacy.html", place=place, version=CONSENT, kinds=kinds)
