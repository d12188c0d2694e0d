"""Which grid a phone stands in; where it stands gets into no address and no log."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from door.forms import PointForm
from door.reports import streets
from door.views.pages import private, show
from gridgov.core.errors import Refusal
from gridgov.core.geodesy import to_wgs84
from grids.queries import locate


@require_POST
@private
def locate_grid(request: HttpRequest) -> HttpResponse:
    """On to the report in the grid around the point; or the choice, with a word that it lies in none."""
    form = PointForm(request.POST)
    found = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            point = to_wgs84(said["lng"], said["lat"], said["crs"] or "WGS84")
            found = locate(*point, timezone.localdate())
        except Refusal:
            found = None
    if found is None:
        return show(request, "place.html", around=None, streets=streets(), outside=True, status=404)
    return HttpResponseRedirect(f"{reverse('door-report')}?{urlencode({'g': found.code})}")
