"""Checking in and out of a shift, and who did not come."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from gridgov.core.records import record
from volunteers.actions.signing_up import hold
from volunteers.choices.work import CameBy, SignUpState
from volunteers.models import SignUp
from volunteers.rules import signing_up as rules


@transaction.atomic
def check_in(*, sign_up: SignUp | int, key: uuid.UUID | None = None, by: User, at: dt.datetime) -> SignUp:
    """Somebody is there: by KEY, the code of the shift, or by the organiser's word.

    Raises Forbidden for another's sign-up, Invalid without the code, Conflict outside the time and for whoever has no place.
    """
    shift, row = hold(sign_up)
    rules.can_check_in(by, row, at).insist()
    rules.knows_code(by, row, key).insist()
    way = CameBy.CODE if key == shift.key else CameBy.ORGANISER
    row.change(state=SignUpState.PRESENT, arrived_at=at, arrived_by=way)
    record("volunteers.checked_in", row, by=by, at=at, data={"way": way})
    return row


@transaction.atomic
def check_in_all(*, sign_ups: Sequence[int], by: User, at: dt.datetime) -> list[SignUp]:
    """These are there by the organiser's word: all of them, or none where one can't be. Raises what `check_in` raises."""
    return [check_in(sign_up=pk, by=by, at=at) for pk in sign_ups]


@transaction.atomic
def check_out(*, sign_up: SignUp | int, by: User, at: dt.datetime) -> SignUp:
    """Somebody goes. Raises Forbidden for another's sign-up, Conflict where nobody checked in or it is too late."""
    _shift, row = hold(sign_up)
    rules.can_check_out(by, row, at).insist()
    row.change(state=SignUpState.GONE, left_at=at)
    record("volunteers.checked_out", row, by=by, at=at)
    return row


@transaction.atomic
def miss_shift(*, sign_up: SignUp | int, by: User, at: dt.datetime) -> SignUp:
    """Note that somebody who had signed up did not come; checking in takes it back. Raises Forbidden, Conflict."""
    _shift, row = hold(sign_up)
    rules.can_miss(by, row, at).insist()
    row.change(state=SignUpState.NO_SHOW)
    record("volunteers.missed", row, by=by, at=at)
    return row
