"""Who may sign up for a shift, cancel, and check in, and what minutes count."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from volunteers.choices.people import ADULT, VolunteerState
from volunteers.choices.work import (
    CANCEL_BEFORE,
    CHECK_IN_BEFORE,
    CHECK_OUT_AFTER,
    ProjectState,
    ShiftState,
    SignUpState,
)
from volunteers.rules.organising import organises
from volunteers.rules.people import age_on

if TYPE_CHECKING:
    from accounts.models import User
    from volunteers.models import Project, Shift, SignUp, Volunteer

CAME = frozenset({SignUpState.PRESENT, SignUpState.GONE})
# Those who can be given minutes when a shift is closed.
HELD = frozenset({SignUpState.BOOKED, SignUpState.NO_SHOW, *CAME})
WAITS_OR_COMES = frozenset({SignUpState.WAITING, SignUpState.BOOKED})


def is_own(by: "User", volunteer: "Volunteer") -> bool:
    return volunteer.user_id == by.pk


def can_act_for(by: "User", volunteer: "Volunteer", shift: "Shift") -> Verdict:
    """Volunteers act for themselves, whoever organises the shift for all of them."""
    if is_own(by, volunteer) or organises(by, shift.grid):
        return YES
    return Verdict.forbid(_("Only the volunteer and who organises the shift may do this."))


def fits_project(volunteer: "Volunteer", project: "Project", day: dt.date) -> Verdict:
    """Whether VOLUNTEER may take part in PROJECT on DAY: enrolled, old enough, insured where that is asked for."""
    if volunteer.state != VolunteerState.ACTIVE:
        return Verdict.clash(_("Only active volunteers sign up."), "not_active")
    if volunteer.grid.tree_id != project.grid.tree_id:
        return Verdict.reject(_("This shift is in another street."), code="other_street")
    age = age_on(volunteer.born_on, day) if volunteer.born_on else ADULT
    if age < ADULT and volunteer.guardian_agreed_at is None:
        return Verdict.clash(_("Below 18, a guardian agrees first."), "guardian_needed")
    if age < project.least_age:
        words = _("This project is for people from the age of %(count)s.") % {"count": project.least_age}
        return Verdict.clash(words, "too_young")
    if project.is_dangerous and (volunteer.insured_until is None or volunteer.insured_until < day):
        return Verdict.clash(_("This project is only for the insured: please ask the organiser."), "not_insured")
    return YES


def can_sign_up(by: "User", shift: "Shift", volunteer: "Volunteer", at: dt.datetime) -> Verdict:
    """Until it begins; who organises it may add somebody until it ends."""
    if not (may := can_act_for(by, volunteer, shift)):
        return may
    if shift.state != ShiftState.OPEN or shift.project.state != ProjectState.OPEN:
        return Verdict.clash(_("This shift is not open."), "shift_not_open")
    if at >= (shift.ends_at if organises(by, shift.grid) else shift.starts_at):
        return Verdict.clash(_("This shift has begun."), "shift_begun")
    return fits_project(volunteer, shift.project, localdate(shift.starts_at))


def can_put_down(by: "User", shift: "Shift", at: dt.datetime) -> Verdict:
    """Whether BY may put somebody down for SHIFT, whoever it is, or say who is there."""
    if not organises(by, shift.grid):
        return Verdict.forbid(_("Only who looks after volunteers here may do this."))
    if shift.state != ShiftState.OPEN or shift.project.state != ProjectState.OPEN:
        return Verdict.clash(_("This shift is not open."), "shift_not_open")
    return YES if at < shift.ends_at else Verdict.clash(_("This shift has begun."), "shift_begun")


def can_come_back(by: "User", sign_up: "SignUp") -> Verdict:
    """Whoever cancelled in time may come back; after a late word the organiser decides."""
    if sign_up.state != SignUpState.CANCELLED:
        return Verdict.clash(_("You have signed up for this shift already."), "signed_up_already")
    if sign_up.cancelled_late and not organises(by, sign_up.shift.grid):
        return Verdict.clash(_("You cancelled late: please ask the organiser."), "cancelled_late")
    return YES


def overlaps_nothing(other: "Shift | None") -> Verdict:
    """OTHER: a shift at the same time that this volunteer signed up for or waits for."""
    if other is None:
        return YES
    words = {"title": other.project.title, "time": f"{localtime(other.starts_at):%m-%d %H:%M}"}
    return Verdict.clash(_("At this time you have signed up for “%(title)s”, %(time)s.") % words, "overlaps")


def can_cancel(by: "User", sign_up: "SignUp", at: dt.datetime) -> Verdict:
    if not (may := can_act_for(by, sign_up.volunteer, sign_up.shift)):
        return may
    if sign_up.state not in WAITS_OR_COMES:
        words = {"state": sign_up.get_state_display()}
        return Verdict.clash(_("This sign-up is “%(state)s” already.") % words, "sign_up_moved")
    if at >= sign_up.shift.starts_at:
        return Verdict.clash(_("This shift has begun."), "shift_begun")
    return YES


def is_late(sign_up: "SignUp", at: dt.datetime) -> bool:
    """Whether a place is given back so late that the organiser must know. Who only waits is never late."""
    return sign_up.state == SignUpState.BOOKED and at > sign_up.shift.starts_at - CANCEL_BEFORE


def can_check_in(by: "User", sign_up: "SignUp", at: dt.datetime) -> Verdict:
    """From half an hour before the beginning to the end; the organiser also corrects that somebody did not come."""
    if not (may := can_act_for(by, sign_up.volunteer, sign_up.shift)):
        return may
    shift = sign_up.shift
    if shift.state != ShiftState.OPEN:
        return Verdict.clash(_("This shift is not open."), "shift_not_open")
    if sign_up.state == SignUpState.WAITING:
        return Verdict.clash(_("You are on the waiting list: please ask the organiser."), "waiting")
    expected = {SignUpState.BOOKED, *({SignUpState.NO_SHOW} if organises(by, shift.grid) else ())}
    if sign_up.state not in expected:
        words = {"state": sign_up.get_state_display()}
        return Verdict.clash(_("This sign-up is “%(state)s” already.") % words, "sign_up_moved")
    first, last = shift.starts_at - CHECK_IN_BEFORE, shift.ends_at
    if not first <= at <= last:
        times = {"first": f"{localtime(first):%m-%d %H:%M}", "last": f"{localtime(last):%H:%M}"}
        return Verdict.clash(_("Checking in is possible from %(first)s to %(last)s.") % times, "outside_the_time")
    return YES


def knows_code(by: "User", sign_up: "SignUp", key: "uuid.UUID | None") -> Verdict:
    """Whoever checks in alone has read the code of the shift, and so is there; the organiser sees who is."""
    if key == sign_up.shift.key or organises(by, sign_up.shift.grid):
        return YES
    return Verdict.reject(_("Check in with the QR code at the place of the shift."), "code_needed", field="key")


def can_check_out(by: "User", sign_up: "SignUp", at: dt.datetime) -> Verdict:
    if not (may := can_act_for(by, sign_up.volunteer, sign_up.shift)):
        return may
    if sign_up.state != SignUpState.PRESENT:
        return Verdict.clash(_("You have not checked in."), "not_checked_in")
    if sign_up.shift.state != ShiftState.OPEN or at > sign_up.shift.ends_at + CHECK_OUT_AFTER:
        return Verdict.clash(_("It is too late to check out: the organiser enters the minutes."), "outside_the_time")
    return YES


def can_miss(by: "User", sign_up: "SignUp", at: dt.datetime) -> Verdict:
    """Whether it may be said that somebody who had signed up did not come."""
    if not organises(by, sign_up.shift.grid):
        return Verdict.forbid(_("Only who looks after volunteers here may do this."))
    if sign_up.state != SignUpState.BOOKED or sign_up.shift.state != ShiftState.OPEN:
        words = {"state": sign_up.get_state_display()}
        return Verdict.clash(_("This sign-up is “%(state)s” already.") % words, "sign_up_moved")
    if at < sign_up.shift.starts_at:
        return Verdict.clash(_("This shift has not begun."), "not_begun")
    return YES


def length_of(shift: "Shift") -> int:
    """The minutes of SHIFT that can count: its length without the break."""
    return int((shift.ends_at - shift.starts_at).total_seconds()) // 60 - shift.break_minutes


def proposed_minutes(shift: "Shift", sign_up: "SignUp") -> int:
    """From check-in to check-out within SHIFT, less the break; the end of the shift where nobody checked out. 0 for who was not
    there. The organiser has the last word."""
    if sign_up.arrived_at is None:
        return 0
    first = max(sign_up.arrived_at, shift.starts_at)
    last = min(sign_up.left_at or shift.ends_at, shift.ends_at)
    minutes = int((last - first).total_seconds()) // 60 - shift.break_minutes
    return max(0, min(minutes, length_of(shift)))


def can_close(by: "User", shift: "Shift", at: dt.datetime) -> Verdict:
    if not organises(by, shift.grid):
        return Verdict.forbid(_("Only who looks after volunteers here may do this."))
    if shift.state != ShiftState.OPEN:
        words = {"state": shift.get_state_display()}
        return Verdict.clash(_("This shift is “%(state)s” already.") % words, "shift_moved")
    if at < shift.ends_at:
        return Verdict.clash(_("Hours are confirmed when the shift is over."), "not_over")
    return YES


def confirms_others(by: "User", volunteers: "list[Volunteer]") -> Verdict:
    """Nobody confirms the own hours."""
    if any(is_own(by, volunteer) for volunteer in volunteers):
        return Verdict.forbid(
            _("Somebody else confirms the hours of a shift in which you helped yourself."), "own_hours"
        )
    return YES


def fit_minutes(shift: "Shift", minutes: Mapping[int, int], known: set[int]) -> Verdict:
    """MINUTES by sign-up: only of those who signed up, none longer than the shift."""
    if not minutes.keys() <= known:
        return Verdict.reject(_("Somebody of these did not sign up for this shift."), field="minutes")
    most = length_of(shift)
    if all(0 <= given <= most for given in minutes.values()):
        return YES
    return Verdict.reject(_("Between 0 and %(count)s minutes.") % {"count": most}, field="minutes")
