"""What the page of a file tells of its agreement and signatures."""

import datetime as dt
from typing import Any

from accounts.models import User
from mediation.models import Mediation


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/agreement.html."""
    return {}
