"""What the page of a file tells of the links of its parties."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from accounts.models import User
from mediation.models import Mediation, PartyLink


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/links.html: the links that still open."""
    return {"open_links": open_links(mediation, at)}


def open_links(mediation: Mediation, at: dt.datetime) -> Sequence[PartyLink]:
    """The links of MEDIATION's parties that lead somewhere, one a party at most, each with its party."""
    rows = PartyLink.objects.filter(mediation=mediation, revoked_at=None, ends_at__gt=at)
    return list(rows.select_related("party").order_by("pk"))
