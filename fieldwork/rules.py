"""Who may walk, write and look, and when. Nobody is tracked outside the hours, and no trail is anybody else's."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.choices import CASE_ROLES, FIELD_ROLES, Role
from fieldwork.choices import (
    AHEAD,
    MOST_WALKED,
    NOTE_CHARS,
    OVERSEERS,
    PAGE_CHARS,
    PATROL_FROM,
    PATROL_UNTIL,
    PLACE_CHARS,
    REASON_CHARS,
    REPORT_LATE,
    SILENCE,
    TRAIL_KEPT,
    VISIT_LATE,
    WALK_LATE,
    DailyKind,
    Diligence,
)
from gridgov.core.errors import YES, Verdict
from gridgov.core.masking import names_somebody
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from fieldwork.models import NeedlessWork, Patrol, Visit
    from grids.models import Grid


def can_walk(by: "User", grid: "Grid") -> Verdict:
    """Whether GRID is where BY's day is spent: at or below an own post."""
    if by.role not in FIELD_ROLES:
        return Verdict.forbid(_("Only those who work in a grid keep a log of it."))
    if scope_of(by).covers(grid):
        return YES
    return Verdict.reject(_("This is not one of your grids."), field="grid")


def can_patrol(at: dt.datetime) -> Verdict:
    """Whether a patrol may run at this time of the day."""
    local = localtime(at)
    if PATROL_FROM <= local.time() < PATROL_UNTIL:
        return YES
    words = {"first": f"{PATROL_FROM:%H:%M}", "last": f"{PATROL_UNTIL:%H:%M}"}
    return Verdict.clash(_("Patrols run from %(first)s to %(last)s. Nobody is tracked outside these hours.") % words)


def can_begin_late(since: dt.datetime, at: dt.datetime) -> Verdict:
    """Whether a patrol may be told of that began SINCE then, without a network."""
    if at - WALK_LATE <= since <= at + AHEAD:
        return can_patrol(since)
    return Verdict.reject(_("A patrol without a network began within the last 48 hours."), field="since")


def can_have_ended(patrol: "Patrol", until: dt.datetime, at: dt.datetime) -> Verdict:
    """Whether PATROL may be told of that ended UNTIL then."""
    if patrol.started_at <= until <= at + AHEAD:
        return YES
    return Verdict.reject(_("A patrol can't have ended then."), field="until")


def can_tell_of(points: int) -> Verdict:
    if points <= MOST_WALKED:
        return YES
    return Verdict.reject(_("At most %(count)s points.") % {"count": MOST_WALKED}, field="points")


def walked_nothing_else(other: "Patrol | None") -> Verdict:
    """OTHER is a patrol of the same person at the same time."""
    if other is None:
        return YES
    if other.ended_at is None:
        return Verdict.clash(_("A patrol of yours is running already."), "running")
    return Verdict.clash(_("You walked another patrol at that time."), "walked")


def night_of(patrol: "Patrol") -> dt.datetime:
    """The end of the hours on the day of a patrol."""
    return localtime(patrol.started_at).replace(
        hour=PATROL_UNTIL.hour, minute=PATROL_UNTIL.minute, second=0, microsecond=0
    )


def end_of(patrol: "Patrol") -> dt.datetime:
    """When the house ends it: at the end of the hours of its day, or after a long silence."""
    return min((patrol.seen_at or patrol.started_at) + SILENCE, night_of(patrol))


def can_stop(by: "User", patrol: "Patrol") -> Verdict:
    if patrol.user_id != by.pk:
        return Verdict.forbid(_("Only whoever walks it stops a patrol."))
    if patrol.ended_at is not None:
        return Verdict.clash(_("This patrol has ended already."), code="ended")
    return YES


def can_add_points(by: "User", patrol: "Patrol") -> Verdict:
    if patrol.user_id != by.pk:
        return Verdict.forbid(_("Only whoever walks it adds to a trail."))
    return YES


def within(patrol: "Patrol", moment: dt.datetime, at: dt.datetime) -> bool:
    """Whether a point taken at MOMENT belongs to the patrol, received AT."""
    return patrol.started_at <= moment <= min(patrol.ended_at or end_of(patrol), at + AHEAD)


def can_see_trail(by: "User", patrol: "Patrol") -> Verdict:
    """The worker's own, and nobody else's; the street office looks with a reason (`can_look`)."""
    if patrol.user_id == by.pk:
        return YES
    return Verdict.forbid(_("A trail is seen by whoever walked it, and by nobody else."))


def can_look(by: "User", patrol: "Patrol") -> Verdict:
    """Verifying a duty: the street office of the place, for a patrol that is over. Nobody is watched while walking."""
    if by.role != Role.STREET or not scope_of(by).covers(patrol.grid):
        return Verdict.forbid(_("Only the street office verifies a duty, and gives a reason."))
    if patrol.ended_at is None:
        return Verdict.clash(_("This patrol is running. Nobody is watched while walking."), code="running")
    return YES


def can_still_look(patrol: "Patrol", at: dt.datetime) -> Verdict:
    """Whether there is a trail left."""
    if patrol.ended_at is not None and patrol.ended_at + TRAIL_KEPT < at:
        return Verdict.clash(_("The trail of this patrol has been deleted: they are kept for 90 days."), code="deleted")
    return YES


def can_oversee(by: "User") -> Verdict:
    """Whether BY looks after others' days, in the own scope."""
    if by.role in OVERSEERS:
        return YES
    return Verdict.forbid(_("Only leads and the street office see who has given the daily report."))


def check_reason(reason: str) -> Verdict:
    return _words(reason, REASON_CHARS, "reason", _("Say why the trail is needed; the worker reads it."), least=4)


def check_kind(kind: str) -> Verdict:
    if kind in Diligence.values:
        return YES
    return Verdict.reject(_("There is no such diligence."), field="kind")


def check_visit(kind: str, place: str, note: str, moment: dt.datetime, at: dt.datetime) -> Verdict:
    """Whether this can be a line of the log: somewhere, lately, and about nobody in particular."""
    if not at - VISIT_LATE <= moment <= at + AHEAD:
        return Verdict.reject(_("A visit lies within the last seven days."), field="at")
    return (
        check_kind(kind)
        and _words(place, PLACE_CHARS, "place", _("Say which household or place, in a few words."))
        and _about_nobody(place, "place")
        and check_note(note)
    )


def check_note(note: str) -> Verdict:
    if len(note.strip()) > NOTE_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": NOTE_CHARS}, field="note")
    return _about_nobody(note, "note")


def _about_nobody(text: str, field: str) -> Verdict:
    if names_somebody(text):
        message = _("Leave phone and identity numbers out: this is a log of the work, not of the people.")
        return Verdict.reject(message, code="names_somebody", field=field)
    return YES


def _words(text: str, most: int, field: str, missing: str, least: int = 1) -> Verdict:
    if len(text.strip()) < least:
        return Verdict.reject(missing, field=field)
    if len(text.strip()) > most:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": most}, field=field)
    return YES


def can_make_case(by: "User", visit: "Visit") -> Verdict:
    """One visit, one case, by whoever was there."""
    if visit.user_id != by.pk:
        return Verdict.forbid(_("Whoever made the visit reports what was found."))
    if visit.case_id is not None:
        return Verdict.clash(_("A case was made from this visit already."), code="made")
    return YES


def check_daily(kind: str, day: dt.date, today: dt.date) -> Verdict:
    if kind not in DailyKind.values:
        return Verdict.reject(_("There is no such kind of report."), field="kind")
    if not today - REPORT_LATE <= day <= today:
        return Verdict.reject(_("A daily report is for today, or for the day before."), field="day")
    return YES


def can_say_needless(by: "User") -> Verdict:
    if by.role in CASE_ROLES:
        return YES
    return Verdict.forbid(_("This account is asked for no work in a grid."))


def check_needless(words: str, page: str) -> Verdict:
    if len(page) > PAGE_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": PAGE_CHARS}, field="page")
    return _words(words, NOTE_CHARS, "words", _("Say what is needless, in a few words."))


def can_answer(by: "User", said: "NeedlessWork") -> Verdict:
    if by.role != Role.STREET or not scope_of(by).covers(said.street):
        return Verdict.forbid(_("Only the street office answers."))
    if said.answered_at is not None:
        return Verdict.clash(_("This was answered already."), code="answered")
    return YES


def check_answer(answer: str) -> Verdict:
    return _words(answer, NOTE_CHARS, "answer", _("Say what will be done about it, or why it must stay."))
