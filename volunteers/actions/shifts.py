"""Shifts: planned, changed, cancelled, and closed with the minutes that count."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from accounts.models import User
from gridgov.core.jobs import rearm, withdraw
from gridgov.core.records import record, record_many
from volunteers.actions.hours import book_hours
from volunteers.actions.points import give_points
from volunteers.actions.signing_up import move_up
from volunteers.actions.telling import tell_about
from volunteers.choices.ledger import PointsFor
from volunteers.choices.work import (
    CHECK_OUT_AFTER,
    NOTICE_CANCELLED,
    NOTICE_CONFIRMED,
    REMIND_BEFORE,
    CameBy,
    ProjectKind,
    ShiftState,
    SignUpState,
)
from volunteers.models import Project, Shift, SignUp
from volunteers.rules import projects as rules
from volunteers.rules import signing_up as places
from volunteers.rules.signing_up import CAME, WAITS_OR_COMES

REMIND, TO_CLOSE = "volunteers.remind", "volunteers.to_close"


@transaction.atomic
def plan_shifts(
    *,
    project: Project | int,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    capacity: int,
    place: str,
    break_minutes: int = 0,
    weeks: int = 1,
    by: User,
    at: dt.datetime,
) -> list[Shift]:
    """Plan a shift of PROJECT, and the same again in each of WEEKS weeks. Raises Forbidden, Invalid, Conflict."""
    held: Project = Project.objects.for_list().locked(project)
    rules.can_change_project(by, held).insist()
    rules.fit_places(capacity).insist()
    rules.fit_words(place, "place").insist()
    rules.fit_weeks(weeks).insist()
    made = []
    for n in range(weeks):
        first, last = starts_at + n * dt.timedelta(weeks=1), ends_at + n * dt.timedelta(weeks=1)
        rules.fit_time(first, last, break_minutes, at).insist()
        row = Shift.objects.create(
            project=held, grid=held.grid, starts_at=first, ends_at=last, break_minutes=break_minutes, capacity=capacity,
            place=place.strip(),
        )  # fmt: skip
        made.append(row)
        _promise(row)
    said = [(row, {"starts_at": row.starts_at.isoformat(), "capacity": capacity}) for row in made]
    record_many("volunteers.shift_planned", said, by=by, at=at)
    return made


def _promise(shift: Shift) -> None:
    rearm(REMIND, {shift.pk: shift.starts_at - REMIND_BEFORE})
    rearm(TO_CLOSE, {shift.pk: shift.ends_at + CHECK_OUT_AFTER})


@transaction.atomic
def change_shift(*, shift: Shift | int, by: User, at: dt.datetime, **values: Any) -> Shift:
    """Change the place, the number of places, or, while nobody has signed up, the time of a shift (place, capacity, starts_at,
    ends_at, break_minutes). More places go to the waiting list first.

    Raises Forbidden, Invalid, Conflict.
    """
    row: Shift = Shift.objects.for_list().locked(shift)
    rules.can_change_shift(by, row).insist()
    times = {name: values.get(name, getattr(row, name)) for name in ("starts_at", "ends_at", "break_minutes")}
    if any(times[name] != getattr(row, name) for name in times):
        signed_up = SignUp.objects.filter(shift=row).exclude(state=SignUpState.CANCELLED).order_by().count()
        rules.can_move_times(signed_up).insist()
        rules.fit_time(**times, at=at).insist()
    rules.fit_places(values.get("capacity", row.capacity), row.taken).insist()
    rules.fit_words(values.get("place", row.place), "place").insist()
    changed = row.change(**values)
    record("volunteers.shift_changed", row, by=by, at=at, data=changed)
    _promise(row)
    move_up(row, by=by, at=at)
    return row


@transaction.atomic
def cancel_shift(*, shift: Shift | int, reason: str, by: User, at: dt.datetime) -> Shift:
    """It does not take place; whoever signed up or waits is told why.

    Raises Forbidden, Invalid without a reason, Conflict where people were there already.
    """
    row: Shift = Shift.objects.for_list().locked(shift)
    rules.can_change_shift(by, row).insist()
    rules.fit_words(reason, "reason").insist()
    call_off(row, reason, by=by, at=at)
    return row


def call_off(shift: Shift, reason: str, *, by: User, at: dt.datetime) -> None:
    """Cancel SHIFT, which is locked and open, and all that hangs on it. Raises Conflict where people were there."""
    rows = list(SignUp.objects.for_list().filter(shift=shift).order_by("pk"))
    rules.can_cancel_shift(shift, sum(row.state in CAME for row in rows), at).insist()
    off = [row for row in rows if row.state in WAITS_OR_COMES]
    for row in off:
        row.change(state=SignUpState.CANCELLED, cancelled_at=at, reason=reason.strip())
    shift.change(state=ShiftState.CANCELLED, reason=reason.strip(), taken=0)
    record("volunteers.shift_cancelled", shift, by=by, at=at, data={"reason": shift.reason})
    withdraw(REMIND, [shift.pk])
    withdraw(TO_CLOSE, [shift.pk])
    lines = [(row.volunteer.user_id, "cancelled", NOTICE_CANCELLED, {"reason": shift.reason}) for row in off]
    tell_about(shift, lines, at=at)


@transaction.atomic
def close_shift(*, shift: Shift | int, minutes: dict[int, int], by: User, at: dt.datetime) -> Shift:
    """Confirm the hours of a shift that is over, by MINUTES a sign-up; what they leave out is as `proposed_minutes` says. Whoever
    signed up and has no minutes did not come. Hours and points are booked at once.

    Raises Forbidden (also for the own hours), Invalid for minutes that can't be, Conflict where it is closed already.
    """
    row: Shift = Shift.objects.for_list().locked(shift)
    places.can_close(by, row, at).insist()
    # In the order of their volunteers, as the ledgers want it.
    sign_ups = list(SignUp.objects.for_list().select_related("volunteer__grid").filter(shift=row).order_by("volunteer"))
    places.fit_minutes(row, minutes, {one.pk for one in sign_ups if one.state in places.HELD}).insist()
    served = [one for one in sign_ups if one.state in CAME or minutes.get(one.pk)]
    places.confirms_others(by, [one.volunteer for one in served]).insist()
    row.change(state=ShiftState.CLOSED, closed_by=by, closed_at=at)
    record("volunteers.shift_closed", row, by=by, at=at, data={"served": len(served)})
    lines = []
    for one in sign_ups:
        one.shift = row
        if one in served:
            confirmed = _confirm(one, minutes.get(one.pk, places.proposed_minutes(row, one)), by=by, at=at)
            lines.append((one.volunteer.user_id, "confirmed", NOTICE_CONFIRMED, {"count": confirmed}))
        elif one.state == SignUpState.BOOKED:
            one.change(state=SignUpState.NO_SHOW)
        elif one.state == SignUpState.WAITING:
            one.change(state=SignUpState.CANCELLED, cancelled_at=at)
    tell_about(row, lines, at=at)
    withdraw(TO_CLOSE, [row.pk])
    return row


def _confirm(sign_up: SignUp, minutes: int, *, by: User, at: dt.datetime) -> int:
    """Book MINUTES of SIGN_UP and the points for them; how many minutes the ledger took."""
    shift = sign_up.shift
    arrived = {} if sign_up.arrived_at else {"arrived_at": shift.starts_at, "arrived_by": CameBy.ORGANISER}
    sign_up.change(
        state=SignUpState.SERVED,
        left_at=sign_up.left_at or max(shift.ends_at, sign_up.arrived_at or shift.ends_at),
        **arrived,
    )
    entry = book_hours(sign_up=sign_up, minutes=minutes, by=by, at=at)
    record("volunteers.served", sign_up, by=by, at=at, data={"minutes": entry.minutes if entry else 0})
    if entry is None:
        return 0
    is_training = shift.project.kind == ProjectKind.TRAINING
    units = 1 if is_training else entry.minutes // 60
    if units:
        what = PointsFor.TRAINING_DONE if is_training else PointsFor.HELP_GIVEN
        source = f"sign_up:{sign_up.pk}"
        give_points(
            volunteer=sign_up.volunteer,
            what=what,
            source=source,
            day=localdate(shift.starts_at),
            units=units,
            by=by,
            at=at,
        )
    return entry.minutes
