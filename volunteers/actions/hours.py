"""Hours of service, in minutes: written down when the organiser confirms them."""

import datetime as dt

from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from volunteers.choices.ledger import HoursKind
from volunteers.models import Balance, HoursEntry, SignUp
from volunteers.rules import ledger as rules


def book_hours(*, sign_up: SignUp, minutes: int, by: User, at: dt.datetime) -> HoursEntry | None:
    """Write down MINUTES of service for SIGN_UP, which the caller holds locked in its transaction: as many as its day still
    holds, on the day its shift began. None where nothing is left to write. Whoever books for several people takes them in
    the order of their volunteers' keys, so that nobody waits in a circle.
    """
    day = localdate(sign_up.shift.starts_at)
    Balance.objects.locked(sign_up.volunteer_id)
    served = HoursEntry.objects.minutes_on(sign_up.volunteer_id, day)
    minutes = rules.minutes_to_book(minutes, served)
    if not minutes:
        return None
    row = HoursEntry.objects.create(
        volunteer_id=sign_up.volunteer_id, kind=HoursKind.SERVICE, minutes=minutes, sign_up=sign_up, day=day,
        is_flagged=rules.is_long(served + minutes), by=by, at=at,
    )  # fmt: skip
    data = {"sign_up": sign_up.pk, "minutes": minutes, "flagged": row.is_flagged}
    record("volunteers.hours_booked", row, by=by, at=at, data=data)
    return row
