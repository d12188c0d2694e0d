"""What the page of a file tells of its sessions: when and where, who was there, and what was written down."""

import datetime as dt
from typing import Any

from accounts.models import User
from mediation.choices.files import SessionState
from mediation.models import Mediation


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/sessions.html: planned ones first, then those that were held, the newest first."""
    return {"sessions": sorted(mediation.sessions.all(), key=lambda one: one.state != SessionState.PLANNED)}
