"""What the page of a file tells of its agreement and signatures."""

import datetime as dt
from typing import Any

from accounts.models import User
from mediation.choices.files import MOVES
from mediation.models import Mediation, Seat
from mediation.reports.signing import signers
from mediation.rules.signing import is_written


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/agreement.html; items of performance as long as nothing is noted of them."""
    held = getattr(mediation, "agreement", None)
    if held is None:
        return {"agreement": None}
    found, signable = signers(mediation), bool(is_written(held)) and mediation.state in MOVES["agree"]
    return {
        "agreement": held,
        "agreement_signers": found,
        "agreement_tasks": mediation.tasks.all() if held.effective_on is None else [],
        "struck": [one for one in mediation.signatures.all() if one.struck_at],
        "signable": signable,
        "unsigned": sum(one.signature is None for one in found),
        "directs": signable and Seat.objects.directing(user).filter(committee=mediation.committee_id).exists(),
    }
