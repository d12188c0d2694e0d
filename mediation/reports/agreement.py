"""What the page of a file tells of its agreement and signatures."""

import datetime as dt
from typing import Any

from accounts.models import User
from mediation.choices.files import MOVES
from mediation.models import Agreement, Mediation, Seat
from mediation.reports.signing import signers
from mediation.rules.signing import is_written


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/agreement.html; items of performance as long as nothing is noted of them. Seven queries
    at most."""
    held = Agreement.objects.filter(mediation=mediation).first()
    if held is None:
        return {"agreement": None}
    found = signers(mediation)
    return {
        "agreement": held,
        "agreement_signers": found,
        "agreement_tasks": held.items if held.effective_on is None else [],
        "struck": mediation.signatures.exclude(struck_at=None).select_related("party", "mediator"),
        "signable": bool(is_written(held)) and mediation.state in MOVES["agree"],
        "unsigned": sum(one.signature is None for one in found),
        "directs": Seat.objects.directing(user).filter(committee=mediation.committee_id).exists(),
    }
