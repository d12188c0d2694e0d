"""Hours of service, in minutes: written down when the organiser confirms them, put right by lines that take others back."""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from volunteers.actions.points import settle_points
from volunteers.actions.telling import tell
from volunteers.choices.ledger import NOTICE_HOURS_CORRECTED, HoursKind
from volunteers.choices.work import SignUpState
from volunteers.models import Balance, HoursEntry, HoursLook, SignUp
from volunteers.rules import ledger as rules


def book_hours(*, sign_up: SignUp, minutes: int, by: User, at: dt.datetime) -> HoursEntry | None:
    """Write down MINUTES of service for SIGN_UP, which the caller holds locked in its transaction: as many as its day still
    holds, on the day its shift began. None where nothing is left to write. Whoever books for several people takes the
    latest volunteer first (`-volunteer_id`), as all do, so that nobody waits in a circle.
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


@transaction.atomic
def correct_hours(*, sign_up: SignUp | int, minutes: int, reason: str, by: User, at: dt.datetime) -> SignUp:
    """MINUTES stand for SIGN_UP from now on: what stood is taken back, and its points follow. The volunteer is told.

    Raises Forbidden, Conflict before the hours are confirmed or a year after, Invalid.
    """
    row: SignUp = SignUp.objects.visible_to(by).for_list().locked(sign_up)
    rules.can_correct(by, row).insist()
    rules.check_words(reason, "reason").insist()
    put_right(row, minutes, reason.strip(), by, at)
    words = {"day": str(localdate(row.shift.starts_at)), "count": minutes, "reason": reason.strip()}
    tell(row.volunteer.user_id, NOTICE_HOURS_CORRECTED, f"hours:{row.pk}:{at.timestamp():.0f}", row, at, **words)
    return row


def put_right(row: SignUp, minutes: int, reason: str, by: User, at: dt.datetime) -> None:
    """Let MINUTES stand for the locked ROW. Raises Conflict a year after, Invalid for what no day holds."""
    day = localdate(row.shift.starts_at)
    rules.can_still_correct(day, at).insist()
    Balance.objects.locked(row.volunteer_id)
    stood = HoursEntry.objects.standing().filter(sign_up=row).first()
    before = stood.minutes if stood else 0
    others = HoursEntry.objects.minutes_on(row.volunteer_id, day) - before
    rules.check_minutes(minutes, before, others).insist()
    line = {"volunteer_id": row.volunteer_id, "sign_up": row, "day": day, "reason": reason, "by": by, "at": at}
    if stood:
        HoursEntry.objects.create(kind=HoursKind.REVERSAL, minutes=-before, reverses=stood, **line)
    if minutes:
        long = rules.is_long(others + minutes)
        HoursEntry.objects.create(kind=HoursKind.CORRECTION, minutes=minutes, is_flagged=long, **line)
        if row.state == SignUpState.NO_SHOW:
            row.change(state=SignUpState.SERVED)
    record("volunteers.hours_corrected", row, by=by, at=at, data={"minutes": [before, minutes], "reason": reason})
    settle_points(row, minutes, reason, by, at)


@transaction.atomic
def look_over_hours(*, entry: HoursEntry | int, reason: str, by: User, at: dt.datetime) -> HoursLook:
    """Find a flagged line right, and say why. Raises Forbidden, Conflict where nothing is to be looked at."""
    row: HoursEntry = HoursEntry.objects.visible_to(by).for_list().locked(entry)
    rules.can_look_over(by, row).insist()
    rules.check_words(reason, "reason").insist()
    look = HoursLook.objects.create(entry=row, by=by, at=at, reason=reason.strip())
    record("volunteers.hours_looked_over", row, by=by, at=at, data={"reason": look.reason})
    return look
