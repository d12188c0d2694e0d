"""Who looked at the contact of a report, as whoever holds its slip reads it: which office, in which role, when and why. Not which
colleague: the office answers for its people, and a name would set residents on one of them; the auditor reads the name."""

import datetime as dt
from dataclasses import dataclass

from accounts.choices import Role
from cases.models import Case
from door.models import Slip
from gridgov.core.looking import looks_at
from gridgov.core.masking import mask_text

MOST = 50
# Looks at the case's reporter, and at those who joined.
_VERBS = ("cases.revealed", "cases.printed", "cases.photo_revealed")


@dataclass(frozen=True)
class Looked:
    """One look: `office` is the street's name, `role` whose work it is."""

    at: dt.datetime
    verb: str
    office: str
    role: str
    why: str


def looked_at(slip: Slip) -> list[Looked]:
    """The latest looks, the newest first; one query. CASE's street is the slip's."""
    case: Case = slip.case
    rows = looks_at("cases.case", [case.pk]).filter(verb__in=_VERBS).select_related("actor")
    office = case.street.name if case.street else ""
    return [
        Looked(row.at, row.verb, office, str(Role(row.actor.role).label), mask_text(str(row.data.get("note", ""))))
        for row in rows[:MOST]
    ]
