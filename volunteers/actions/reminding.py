"""What the house says by itself about a shift: that it comes, and that its minutes wait to be confirmed. Lines in an inbox follow from
recorded verbs and are none themselves."""

import datetime as dt

from volunteers.actions.telling import tell_about
from volunteers.choices.work import NOTICE_REMIND, NOTICE_TO_CLOSE, SignUpState
from volunteers.models import Shift, SignUp


def remind(*, shift: int, at: dt.datetime) -> None:
    """Remind those who have a place; a shift that was cancelled or has begun needs no reminder."""
    row = Shift.objects.for_list().ahead(at).filter(pk=shift).first()
    if row is None:
        return
    booked = SignUp.objects.filter(shift=row, state=SignUpState.BOOKED).order_by("pk")
    users = booked.values_list("volunteer__user", flat=True)
    tell_about(row, [(user, "remind", NOTICE_REMIND, {}) for user in users], at=at)


def ask_for_minutes(*, shift: int, at: dt.datetime) -> None:
    """Ask the organiser of a shift that is over for its minutes, where anybody had a place."""
    row = Shift.objects.for_list().open().filter(pk=shift, taken__gt=0).first()
    if row is not None:
        tell_about(row, [(row.project.organiser_id, "to-close", NOTICE_TO_CLOSE, {})], at=at)
