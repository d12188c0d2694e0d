"""Service discovery: which endpoints there are, and whom to ask for a key (wiki.open311.org/Service_Discovery)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from grids.forms.codes import origin_of
from integrations.choices.open311 import FORMATS, SPECIFICATION
from integrations.models import Jurisdiction
from integrations.reports.open311 import changeset
from integrations.rules.open311 import can_be_asked
from integrations.views.open311.answers import told
from integrations.views.open311.entrance import open_to_all


@open_to_all(kept=300)
def show_discovery(request: HttpRequest, spelling: str) -> HttpResponse:
    open_ones = list(Jurisdiction.objects.open())
    can_be_asked(open_ones[0].code if open_ones else "", open_ones).insist()
    changed = changeset(open_ones)
    endpoint = {
        "specification": SPECIFICATION, "url": f"{origin_of(request)}/open311/v2", "changeset": changed,
        "type": "production", "formats": list(FORMATS.values()),
    }  # fmt: skip
    contact = [f"{one.street.name} ({one.code}): {one.contact or _('the street office')}" for one in open_ones]
    keys = dict.fromkeys(one.key_service for one in open_ones if one.key_service)
    return told(spelling, "discovery", {
        "changeset": changed, "contact": "; ".join(contact),
        "key_service": "; ".join(keys) or _("The street office hands out keys."), "endpoints": [endpoint],
    })  # fmt: skip
