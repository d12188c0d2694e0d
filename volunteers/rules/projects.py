"""What a need, a project and a shift may look like, and how each may go on."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from gridgov.core.masking import names_somebody
from volunteers.choices.people import OLDEST, Skill
from volunteers.choices.work import (
    FARTHEST,
    LONGEST_SHIFT,
    MOST_PLACES,
    MOST_WEEKS,
    NEED_MOVES,
    PROJECT_MOVES,
    ProjectState,
    ShiftState,
)
from volunteers.rules.organising import can_organise, organises

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from volunteers.models import Need, Project, Shift


def fit_words(words: str, field: str) -> Verdict:
    """Words that everybody may come to read: there are some, and no number of anybody in them."""
    if not words.strip():
        return Verdict.reject(_("Say it in a few words."), field=field)
    if names_somebody(words):
        return Verdict.reject(_("No phone or identity numbers, please: others read this."), field=field)
    return YES


def fit_skills(skills: Collection[str]) -> Verdict:
    if set(skills) <= set(Skill.values):
        return YES
    return Verdict.reject(_("There is no such skill."), field="skills")


def fit_age(least_age: int) -> Verdict:
    if 0 <= least_age <= OLDEST:
        return YES
    return Verdict.reject(_("This age can't be meant."), field="least_age")


def fit_time(starts_at: dt.datetime, ends_at: dt.datetime, break_minutes: int, at: dt.datetime) -> Verdict:
    """A shift is ahead, no further than a year, and of a length that somebody can stand."""
    length = ends_at - starts_at
    if length <= dt.timedelta():
        return Verdict.reject(_("A shift ends after it begins."), field="ends_at")
    if length > LONGEST_SHIFT:
        hours = int(LONGEST_SHIFT.total_seconds()) // 3600
        return Verdict.reject(_("A shift is %(count)s hours long at most.") % {"count": hours}, field="ends_at")
    if not 0 <= break_minutes * 60 < length.total_seconds():
        return Verdict.reject(_("The break is longer than the shift."), field="break_minutes")
    if starts_at <= at:
        return Verdict.reject(_("This time is over."), field="starts_at")
    if starts_at > at + FARTHEST:
        return Verdict.reject(_("Shifts are planned for a year at most."), field="starts_at")
    return YES


def fit_places(capacity: int, taken: int = 0) -> Verdict:
    if not 1 <= capacity <= MOST_PLACES:
        return Verdict.reject(_("Between 1 and %(count)s places.") % {"count": MOST_PLACES}, field="capacity")
    if capacity < taken:
        return Verdict.reject(_("%(count)s places are taken already.") % {"count": taken}, field="capacity")
    return YES


def fit_weeks(weeks: int) -> Verdict:
    if 1 <= weeks <= MOST_WEEKS:
        return YES
    return Verdict.reject(_("Between 1 and %(count)s weeks.") % {"count": MOST_WEEKS}, field="weeks")


def can_answer_for(organiser: "User", grid: "Grid") -> Verdict:
    """Who is named as organiser looks after volunteers there."""
    if organises(organiser, grid):
        return YES
    return Verdict.reject(_("This person does not look after volunteers here."), field="organiser")


def can_move_need(by: "User", need: "Need", state: str) -> Verdict:
    if not (may := can_organise(by, need.grid)):
        return may
    if state in NEED_MOVES[need.state]:
        return YES
    return Verdict.clash(_("This need is “%(state)s” already.") % {"state": need.get_state_display()}, "need_moved")


def can_take_up(by: "User", need: "Need", project: "Project") -> Verdict:
    """Whether PROJECT may answer NEED: both in one street, and the project is not over."""
    if not (may := can_organise(by, project.grid)):
        return may
    if project.state not in {ProjectState.DRAFT, ProjectState.OPEN}:
        return Verdict.clash(_("This project is over."), "project_over")
    if project.grid.tree_id != need.grid.tree_id:
        return Verdict.reject(_("The need and the project lie in different streets."), field="project")
    return YES


def can_change_project(by: "User", project: "Project") -> Verdict:
    if not (may := can_organise(by, project.grid)):
        return may
    if PROJECT_MOVES[project.state]:
        return YES
    return Verdict.clash(_("This project is over."), "project_over")


def can_move_project(by: "User", project: "Project", state: str) -> Verdict:
    if not (may := can_organise(by, project.grid)):
        return may
    if state in PROJECT_MOVES[project.state]:
        return YES
    words = {"state": project.get_state_display()}
    return Verdict.clash(_("This project is “%(state)s” already.") % words, "project_moved")


def can_end_project(open_shifts: int) -> Verdict:
    """A project ends when its shifts are closed or cancelled, so that nobody's hours are left out."""
    if not open_shifts:
        return YES
    words = _("%(count)s shifts of it are open: close or cancel them first.") % {"count": open_shifts}
    return Verdict.clash(words, "shifts_open")


def can_change_shift(by: "User", shift: "Shift") -> Verdict:
    if not (may := can_organise(by, shift.grid)):
        return may
    if shift.state == ShiftState.OPEN:
        return YES
    return Verdict.clash(_("This shift is “%(state)s” already.") % {"state": shift.get_state_display()}, "shift_moved")


def can_move_times(signed_up: int) -> Verdict:
    """Whoever signed up did so for that time."""
    if not signed_up:
        return YES
    return Verdict.clash(_("Somebody has signed up for this time: cancel the shift and plan another."), "signed_up")


def can_cancel_shift(shift: "Shift", present: int, at: dt.datetime) -> Verdict:
    if not present and at < shift.ends_at:
        return YES
    return Verdict.clash(_("People were there: confirm their hours and close it."), "people_were_there")
