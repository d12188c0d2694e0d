"""Series of wrong codes: written down, for somebody tries to read what others have reported."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record

GUESSED = "door.guessing"


@transaction.atomic
def note_guessing(*, number: str, tries: int, by: User, at: dt.datetime) -> None:
    """Write down that so many wrong codes were tried, for the NUMBER of a case or ("") from one address for several."""
    advisory_lock(GUESSED)
    data = {"number": number, "tries": tries}
    record("door.guessed", Subject(GUESSED, 0), by=by, at=at, data={k: v for k, v in data.items() if v})
