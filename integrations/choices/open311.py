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
# What a client may write; the first is the standard's own limit, the second as much as a case's place holds.
DESCRIPTION_CHARS, ADDRESS_CHARS, URL_CHARS = 4000, 200, 2000
# The scope of the key of whoever reports (accounts.choices.clients).
SCOPE = "open311:report"
# The same report of the same client within so long is a client that tries again.
SAME_WITHIN = dt.timedelta(minutes=10)
# The errand that fetches a picture; seconds it may take, and how often it is tried.
FETCH, FETCH_SECONDS, FETCH_TRIES = "integrations.open311_media", 20, 5


class Status(models.TextChoices):
    """The two states that the standard knows."""

    OPEN = "open"
    CLOSED = "closed"


STATES = {Status.OPEN: OPEN_STATES, Status.CLOSED: ENDED_STATES}
