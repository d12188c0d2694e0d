"""What the page of a file tells of its agreement and signatures."""

import datetime as dt
from typing import Any

from accounts.models import User
from mediation.models import Agreement, Mediation
from mediation.reports.signing import signers


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/agreement.html. Four queries at most."""
    held = Agreement.objects.filter(mediation=mediation).first()
    found = signers(mediation) if held else []
    return {"agreement": held, "agreement_signers": found, "unsigned": sum(one.signature is None for one in found)}
