"""What the page of a file tells of the dispute, its parties, and whoever is invited to help."""

import datetime as dt
from typing import Any

from accounts.models import User
from mediation.choices.files import OPEN
from mediation.models import Mediation
from mediation.rules.files import nobody_refuses


def about(mediation: Mediation, user: User, at: dt.datetime) -> dict[str, Any]:
    """For templates/mediation/file/parties.html: parties, helpers with who is yet to agree, and what the law asks next."""
    parties = list(mediation.parties.all())
    helpers = []
    for helper in mediation.helpers.all():
        agreed = {party.pk for party in helper.agreed_by.all()}
        helpers.append((helper, [party for party in parties if party.pk not in agreed]))
    refusal = nobody_refuses(parties).refusal if mediation.state in OPEN else None
    return {"parties": parties, "helpers": helpers, "refusal": refusal}
