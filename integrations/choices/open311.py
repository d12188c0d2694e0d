"""The words of Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2), as its clients spell them."""

import datetime as dt

from django.db import models

from cases.choices import ENDED_STATES, OPEN_STATES

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORMATS = {"xml": "text/xml", "json": "application/json"}
# "Default query limit is a span of 90 days or first 1000 requests returned, whichever is smallest."
SPAN, MOST_ROWS, MOST_PAGES = dt.timedelta(days=90), 1000, 1000
# Some eleven metres: enough to find a lamp post, too little to tell a flat.
DECIMALS = 4
ID_CHARS = 64
# The attribute by which a client says that whoever reports has agreed to the notice about name and phone.
CONTACT_CONSENT, EMERGENCY = "contact_consent", "emergency"


class Status(models.TextChoices):
    """The two states that the standard knows."""

    OPEN = "open"
    CLOSED = "closed"


STATES = {Status.OPEN: OPEN_STATES, Status.CLOSED: ENDED_STATES}
