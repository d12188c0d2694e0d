"""Putting several volunteers down for a shift, or a whole squad; whoever can't come is left out, and it is said why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction

from accounts.models import User
from gridgov.core.errors import Conflict, Forbidden, Refusal
from volunteers.actions.signing_up import sign_up
from volunteers.models import Shift, SignUp, Volunteer


class LeftOut(NamedTuple):
    volunteer: Volunteer
    reason: str


@dataclass(frozen=True)
class PutDown:
    """Who has a place or waits for one, and who could not be put down, with why."""

    signed_up: list[SignUp]
    left_out: list[LeftOut]


@transaction.atomic
def put_down(*, shift: Shift, volunteers: Sequence[int], by: User, at: dt.datetime) -> PutDown:
    """Sign VOLUNTEERS (keys) up for SHIFT one after the other. Each is told and may cancel: nobody is made to help.

    Raises Forbidden for whoever may not, and Conflict where nobody could be put down.
    """
    signed_up: list[SignUp] = []
    left_out: list[LeftOut] = []
    rows = Volunteer.objects.for_list().in_bulk(list(volunteers))
    for one in (rows[key] for key in volunteers if key in rows):
        try:
            signed_up.append(sign_up(shift=shift, volunteer=one, by=by, at=at))
        except Forbidden:
            raise
        except Refusal as refusal:
            left_out.append(LeftOut(one, str(refusal)))
    if not signed_up and left_out:
        raise Conflict(left_out[0].reason, code="nobody_put_down")
    return PutDown(signed_up, left_out)
