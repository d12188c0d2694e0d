"""What lies under /open311/ and is no address of the standard."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from integrations.rules.open311 import Missing
from integrations.views.open311.entrance import open_to_all


@open_to_all("POST", "PUT", "PATCH", "DELETE")
def show_nothing(request: HttpRequest, spelling: str, path: str = "") -> HttpResponse:
    raise Missing(_("There is no such address. Append .xml or .json to services, requests or discovery."))
