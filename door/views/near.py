"""While somebody writes: what sounds like it and is known already, and words of danger; a part of the form's page."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from cases.actions.intake import TEXT_CHARS
from cases.reports.wording import danger
from door.reports import near_reports, place_at
from door.views.join import ticket_for
from door.views.pages import private, show
from gridgov.core.counts import hit, visitor_of

SPAN, MOST = dt.timedelta(minutes=10), 120


@require_POST
@private
def near(request: HttpRequest) -> HttpResponse:
    """What lies near `g` in the matters `m` and sounds like `text`. Who asks too often is shown nothing."""
    at, text = timezone.now(), request.POST.get("text", "")[:TEXT_CHARS].replace("\0", "")
    place = place_at(request.POST.get("g", ""), timezone.localdate(at))
    if place is None:
        raise Http404
    often = hit("door.near", visitor_of(request), within=SPAN, at=at) > MOST
    group = request.POST.get("m", "")
    found = [] if often else near_reports(place, group=_group(group), text=text, by=User.objects.door(), at=at)
    shown = [(one, ticket_for(one.pk)) for one in found]
    return show(request, "near.html", place=place, near=shown, danger=list(danger(text)))


def _group(code: str) -> str:
    return code if code.isascii() and code.isdigit() and len(code) <= 4 else ""
