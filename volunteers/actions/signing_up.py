"""Signing up for a shift, the waiting list, and cancelling.

The row of the shift is the lock under which its places are given out; then comes the volunteer's, under which nobody is in two
places at once. Whoever waits for a place counts as taken for that time: so a place that becomes free can be given out under the lock
of its shift alone.
"""

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.records import record
from volunteers.actions.telling import tell_about
from volunteers.choices.work import (
    NOTICE_ADDED,
    NOTICE_LATE,
    NOTICE_MOVED_UP,
    ShiftState,
    SignUpState,
)
from volunteers.models import Shift, SignUp, Volunteer
from volunteers.rules import signing_up as rules


@transaction.atomic
def sign_up(*, shift: Shift | int, volunteer: Volunteer | int, by: User, at: dt.datetime) -> SignUp:
    """Give VOLUNTEER a place in SHIFT, or one on its waiting list where all are taken.

    Raises Forbidden for another's sign-up, Conflict where the shift is not open, where it overlaps with another one, or where the
    project asks for what this volunteer is not.
    """
    held: Shift = Shift.objects.for_list().locked(shift)
    who: Volunteer = Volunteer.objects.for_list().locked(volunteer)
    rules.can_sign_up(by, held, who, at).insist()
    row = SignUp.objects.for_list().filter(shift=held, volunteer=who).first()
    if row is not None:
        rules.can_come_back(by, row).insist()
    rules.overlaps_nothing(_at_the_time_of(held, who)).insist()
    state = SignUpState.BOOKED if held.taken < held.capacity else SignUpState.WAITING
    if row is None:
        row = SignUp.objects.create(shift=held, volunteer=who, state=state, queued_at=at)
    else:
        row.shift, row.volunteer = held, who
        row.change(state=state, queued_at=at, cancelled_at=None, cancelled_late=False, reason="")
    if state == SignUpState.BOOKED:
        held.change(taken=held.taken + 1)
    record("volunteers.signed_up", row, by=by, at=at, data={"shift": held.pk, "state": state})
    if not rules.is_own(by, who) and state == SignUpState.BOOKED:
        tell_about(held, [(who.user_id, f"added:{at.isoformat()}", NOTICE_ADDED, {})], at=at)
    return row


def _at_the_time_of(shift: Shift, volunteer: Volunteer) -> Shift | None:
    """Another open shift at the time of SHIFT for which VOLUNTEER signed up or waits."""
    counts = rules.WAITS_OR_COMES | rules.CAME
    others = Shift.objects.for_list().open().exclude(pk=shift.pk)
    others = others.filter(starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at)
    return others.filter(sign_ups__volunteer=volunteer, sign_ups__state__in=counts).first()


@transaction.atomic
def cancel_sign_up(*, sign_up: SignUp | int, reason: str = "", by: User, at: dt.datetime) -> SignUp:
    """Give the place back, to whoever waits first; or leave the waiting list. Late, the organiser is told.

    Raises Forbidden for another's sign-up, Conflict after the beginning of the shift.
    """
    shift, row = hold(sign_up)
    rules.can_cancel(by, row, at).insist()
    late = _give_back(shift, row, reason, by=by, at=at)
    if late and rules.is_own(by, row.volunteer):
        words = {"who": row.volunteer.public_name}
        tell_about(shift, [(shift.project.organiser_id, f"late:{row.pk}:{at.isoformat()}", NOTICE_LATE, words)], at=at)
    return row


def _give_back(shift: Shift, row: SignUp, reason: str, *, by: User, at: dt.datetime) -> bool:
    """Cancel ROW of SHIFT, both locked, and move up whoever waits; whether it was late."""
    had_place, late = row.state == SignUpState.BOOKED, rules.is_late(row, at)
    row.change(state=SignUpState.CANCELLED, cancelled_at=at, cancelled_late=late, reason=reason.strip())
    record("volunteers.sign_up_cancelled", row, by=by, at=at, data={"shift": shift.pk, "late": late})
    if had_place:
        shift.change(taken=shift.taken - 1)
        move_up(shift, by=by, at=at)
    return late


@transaction.atomic
def step_back(*, volunteer: int, by: User, at: dt.datetime) -> int:
    """Give back all places of VOLUNTEER in shifts that are still to come; how many. Shift after shift, in the order of their keys."""
    ahead = SignUp.objects.filter(volunteer=volunteer, state__in=rules.WAITS_OR_COMES, shift__starts_at__gt=at)
    given = 0
    for pk in ahead.order_by("shift_id").values_list("pk", flat=True):
        shift, row = hold(pk)
        if row.state in rules.WAITS_OR_COMES:
            _give_back(shift, row, "", by=by, at=at)
            given += 1
    return given


def hold(sign_up: SignUp | int) -> tuple[Shift, SignUp]:
    """The shift of SIGN_UP, locked, and the row as it is by then. Raises SignUp.DoesNotExist."""
    pk = sign_up if isinstance(sign_up, int) else sign_up.pk
    shift: Shift = Shift.objects.for_list().locked(SignUp.objects.values_list("shift", flat=True).get(pk=pk))
    row: SignUp = SignUp.objects.for_list().locked(pk)
    row.shift = shift
    return shift, row


def move_up(shift: Shift, *, by: User, at: dt.datetime) -> list[SignUp]:
    """Give the free places of SHIFT, which is locked, to the first of its waiting list who may still come; tell them. Nobody is
    moved up into a shift that has begun."""
    if shift.state != ShiftState.OPEN or at >= shift.starts_at:
        return []
    day, free = localdate(shift.starts_at), shift.capacity - shift.taken
    moved: list[SignUp] = []
    for row in SignUp.objects.for_list().filter(shift=shift).waiting().select_related("volunteer__grid"):
        if len(moved) == free:
            break
        if rules.fits_project(row.volunteer, shift.project, day):
            row.shift = shift
            row.change(state=SignUpState.BOOKED)
            record("volunteers.moved_up", row, by=by, at=at, data={"shift": shift.pk})
            moved.append(row)
    if moved:
        shift.change(taken=shift.taken + len(moved))
        key = f"up:{at.isoformat()}"
        tell_about(shift, [(row.volunteer.user_id, key, NOTICE_MOVED_UP, {}) for row in moved], at=at)
    return moved
