"""What goes into the two ledgers: how much at most, by whom, and until when a line may be put right."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from volunteers.choices.ledger import (
    BY_THE_HOUR,
    CORRECT_WITHIN,
    DAY_FLAG,
    DAY_MOST,
    REASON_CHARS,
    AppealState,
    PointsKind,
)
from volunteers.choices.work import SignUpState
from volunteers.rules.organising import organises

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from volunteers.models import Appeal, HoursEntry, PointsEntry, PointsRule, SignUp, Volunteer

# Those of which it is decided how many minutes they were.
SETTLED = frozenset({SignUpState.SERVED, SignUpState.NO_SHOW})


# --- how much


def minutes_to_book(minutes: int, served: int) -> int:
    """As many of MINUTES as a day still holds of which SERVED are written down already."""
    return max(min(minutes, DAY_MOST - served), 0)


def is_long(minutes: int) -> bool:
    """Whether a day of MINUTES is to be looked at."""
    return minutes > DAY_FLAG


def points_by(rule: "PointsRule", units: int, given: int) -> int:
    """What RULE gives for UNITS where it has GIVEN that much on the day already."""
    points = rule.points * (units if rule.what in BY_THE_HOUR else 1)
    return points if rule.day_most is None else max(min(points, rule.day_most - given), 0)


def good_until(rule: "PointsRule", day: dt.date) -> dt.date | None:
    """The last day of what RULE gives on DAY; None: for ever."""
    return None if rule.expire_days is None else day + dt.timedelta(days=rule.expire_days)


# --- who


def _organises(by: "User", volunteer: "Volunteer", *grids: "Grid") -> Verdict:
    """BY looks after one of GRIDS, and is not VOLUNTEER."""
    if not any(organises(by, grid) for grid in grids):
        return Verdict.forbid(_("Only who looks after volunteers here may do this."))
    if volunteer.user_id == by.pk:
        return Verdict.forbid(_("Nobody decides about the own hours and points."))
    return YES


def can_correct(by: "User", sign_up: "SignUp") -> Verdict:
    """Whether BY may say what the hours of SIGN_UP were."""
    allowed = _organises(by, sign_up.volunteer, sign_up.shift.grid)
    if allowed and sign_up.state not in SETTLED:
        return Verdict.clash(_("The hours of this shift are not confirmed yet."), code="unconfirmed")
    return allowed


def can_look_over(by: "User", entry: "HoursEntry") -> Verdict:
    """Whether BY may find flagged hours right."""
    served = [entry.sign_up.shift.grid] if entry.sign_up else []
    allowed = _organises(by, entry.volunteer, entry.volunteer.grid, *served)
    if allowed and not entry.is_to_look_at:
        return Verdict.clash(_("There is nothing to look at here any more."), code="looked_at")
    return allowed


def can_appeal(by: "User", sign_up: "SignUp") -> Verdict:
    """Whether BY may ask for the hours of SIGN_UP to be corrected."""
    if sign_up.volunteer.user_id != by.pk:
        return Verdict.forbid(_("Only the volunteer whose hours they are can ask for that."))
    if sign_up.state not in SETTLED:
        return Verdict.clash(_("The hours of this shift are not confirmed yet."), code="unconfirmed")
    return YES


def can_still_correct(day: dt.date, at: dt.datetime) -> Verdict:
    """Whether the hours of DAY may still be put right."""
    if localdate(at) - CORRECT_WITHIN <= day:
        return YES
    return Verdict.clash(_("Hours can be put right within a year."), code="late")


def has_no_appeal(waits: bool) -> Verdict:
    if waits:
        return Verdict.clash(_("You have asked for that already; the answer is on its way."), code="waiting")
    return YES


def can_answer_appeal(by: "User", appeal: "Appeal") -> Verdict:
    allowed = _organises(by, appeal.volunteer, appeal.sign_up.shift.grid)
    if allowed and appeal.state != AppealState.OPEN:
        return Verdict.clash(_("This is answered already."), code="answered")
    return allowed


def can_take_back(by: "User", entry: "PointsEntry") -> Verdict:
    """Whether BY may take back points that were given by mistake."""
    allowed = _organises(by, entry.volunteer, entry.volunteer.grid)
    if allowed and (entry.kind != PointsKind.EARNED or entry.is_taken_back):
        return Verdict.clash(
            _("Only points that were earned, and not taken back yet, can be taken back."), code="reversed"
        )
    return allowed


# --- what was typed


def check_minutes(minutes: int, standing: int, others: int) -> Verdict:
    """Whether MINUTES can stand in place of STANDING, beside OTHERS of the same day."""
    if minutes < 0 or minutes + others > DAY_MOST:
        return Verdict.reject(_("A day has no more than 24 hours."), field="minutes")
    if minutes == standing:
        return Verdict.reject(_("These minutes stand there already."), field="minutes")
    return YES


def check_words(words: str, field: str) -> Verdict:
    if not words.strip():
        return Verdict.reject(_("Say it in a few words."), field=field)
    if len(words) > REASON_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": REASON_CHARS}, field=field)
    return YES


def anything_left(points: int) -> Verdict:
    """POINTS can be taken back."""
    if points > 0:
        return YES
    return Verdict.clash(
        _("These points are spent or have run out; a balance is never less than nothing."), code="spent"
    )
