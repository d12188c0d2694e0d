"""GET Service Requests, GET Service Request, and the id that goes with a token; reporting stands in `report`."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.forms.codes import origin_of
from integrations.forms.open311 import RequestsForm
from integrations.reports.open311 import Element, request_of, requests
from integrations.rules.open311 import Missing
from integrations.views.open311.answers import told
from integrations.views.open311.entrance import asked_for, open_to_all
from integrations.views.open311.report import take


@open_to_all("POST")
def show_requests(request: HttpRequest, spelling: str) -> HttpResponse:
    if request.method == "POST":
        return take(request, spelling)
    streets = [one.street_id for one in asked_for(request.GET)]
    found = requests(streets, RequestsForm(request.GET).asked(timezone.now()), origin=origin_of(request))
    return told(spelling, "service_requests", found)


@open_to_all()
def show_request(request: HttpRequest, number: str, spelling: str) -> HttpResponse:
    return told(spelling, "service_requests", [_one(request, number, "service_request_id")])


@open_to_all()
def show_token(request: HttpRequest, token: str, spelling: str) -> HttpResponse:
    """Reports get their id at once, and no token: a client that asks all the same is told the id itself."""
    found = _one(request, token, "token")
    return told(spelling, "service_requests", [{"service_request_id": found["service_request_id"], "token": token}])


def _one(request: HttpRequest, number: str, name: str) -> Element:
    streets = [one.street_id for one in asked_for(request.GET)]
    fits = number.isascii() and number.isdigit()
    found = request_of(streets, number, origin=origin_of(request)) if fits else None
    if found is None:
        raise Missing(_("%(name)s %(given)s was not found.") % {"name": name, "given": number[:40]})
    return found
