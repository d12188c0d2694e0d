"""What the page of a file tells of its mediators."""

import datetime as dt
from typing import Any

from accounts.models import User
from mediation.choices.files import MOVES
from mediation.models import Mediation
from mediation.reports.choosing import suggest
from mediation.rules.people import is_director

SUGGESTED = 3


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/mediators.html: who mediates, who did, ties, and to the director who would fit."""
    rows = mediation.assignments.all()
    asks = mediation.state in MOVES["assign"] and is_director(user, mediation.committee)
    return {
        "mediating": [one for one in rows if one.until is None],
        "mediated": [one for one in rows if one.until is not None],
        "ties": mediation.conflicts.select_related("mediator", "party").order_by("pk"),
        "suggestions": suggest(mediation, at, SUGGESTED) if asks else [],
    }
