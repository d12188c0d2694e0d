"""GET Service List and GET Service Definition."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cases.models import Category
from integrations.reports.open311 import definition, public_services, services
from integrations.rules.open311 import Missing
from integrations.views.open311.answers import told
from integrations.views.open311.entrance import asked_for, open_to_all


@open_to_all(kept=300)
def show_services(request: HttpRequest, spelling: str) -> HttpResponse:
    asked_for(request.GET)
    return told(spelling, "services", services())


@open_to_all(kept=300)
def show_service(request: HttpRequest, code: str, spelling: str) -> HttpResponse:
    asked_for(request.GET)
    return told(spelling, "service_definition", definition(service_of(code)))


def service_of(code: str) -> Category:
    """The public service CODE; raises Missing."""
    row: Category | None = public_services().filter(code=code).first() if code.isascii() and code.isalnum() else None
    if row is None:
        raise Missing(_("service_code %(given)s was not found.") % {"given": code[:20]}, field="service_code")
    return row
