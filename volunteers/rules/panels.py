"""Who keeps a panel and who sits on it; who is too near to a candidate to score; how points are weighed."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import CASE_ROLES
from gridgov.core.errors import YES, Verdict
from volunteers.choices.honours import LONGEST_PANEL, SCORES, TITLE_CHARS, WEIGHTS, WORDS_CHARS, PanelState
from volunteers.choices.people import VolunteerState
from volunteers.rules.organising import can_organise

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from volunteers.models import Panel, Seat, Volunteer


class Near(models.TextChoices):
    """Why somebody can't score a candidate."""

    SELF = "self", gettext_lazy("it is oneself")
    LEADS = "leads", gettext_lazy("leads a squad the candidate stands in")
    SHARES = "shares", gettext_lazy("stands in a squad with the candidate")


def can_change(by: "User", panel: "Panel") -> Verdict:
    """Whether seats and candidates of PANEL may change, or it may close."""
    return can_organise(by, panel.grid) and is_open(panel)


def is_open(panel: "Panel") -> Verdict:
    if panel.state == PanelState.OPEN:
        return YES
    return Verdict.clash(_("This panel is closed."), "closed")


def check_panel(title: str, first: dt.date, last: dt.date, today: dt.date) -> Verdict:
    if not 0 < len(title.strip()) <= TITLE_CHARS:
        return Verdict.reject(_("A title, with at most %(count)s characters.") % {"count": TITLE_CHARS}, field="title")
    if not first <= last <= today or last - first > LONGEST_PANEL:
        return Verdict.reject(_("A year at most, and not in the future; the first day first."), field="last")
    return YES


def check_weights(weights: Mapping[str, int]) -> Verdict:
    """In percent, for residents and each part; together a hundred."""
    whole = all(isinstance(weight, int) and 0 <= weight <= 100 for weight in weights.values())
    if set(weights) == set(WEIGHTS) and whole and sum(weights.values()) == 100:
        return YES
    return Verdict.reject(_("The weights are percent and make a hundred together."), field="residents")


def can_sit(user: "User") -> Verdict:
    """Social workers and committee are people with an account at the desk."""
    if user.is_active and user.role in CASE_ROLES and not user.is_client:
        return YES
    return Verdict.reject(_("This account can't sit on a panel."), field="user")


def can_stand(volunteer: "Volunteer", grid: "Grid") -> Verdict:
    """Whether VOLUNTEER may be a candidate of a panel on GRID."""
    own = volunteer.grid
    inside = own.tree_id == grid.tree_id and grid.lft <= own.lft and own.rght <= grid.rght
    if volunteer.state == VolunteerState.ACTIVE and inside:
        return YES
    return Verdict.reject(_("Only active volunteers of this grid are put forward."), field="volunteers")


def can_score(by: "User", panel: "Panel", seat: "Seat | None") -> Verdict:
    if seat is None or seat.user_id != by.pk:
        return Verdict.forbid(_("Only those who sit on this panel score."))
    return is_open(panel)


def is_not_near(near: Near | None) -> Verdict:
    """Whoever is partial may step back, and not score."""
    if near is None:
        return YES
    told = {
        Near.SELF: _("Nobody scores themselves."),
        Near.LEADS: _("You lead a squad this volunteer stands in. Somebody else scores."),
        Near.SHARES: _("You stand in a squad with this volunteer. Somebody else scores."),
    }
    return Verdict.clash(told[near], "partial")


def check_score(points: int | None, words: str) -> Verdict:
    if points is not None and not SCORES[0] <= points <= SCORES[1]:
        return Verdict.reject(_("From 0 to 100 points."), field="points")
    if len(words.strip()) > WORDS_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": WORDS_CHARS}, field="words")
    return YES


def can_leave_out(given: int) -> Verdict:
    """A seat that has scored stays: nobody's points are thrown away by whoever keeps the panel."""
    if given == 0:
        return YES
    return Verdict.clash(_("This seat has scored already. Its points count."), "scored")


def can_close(by: "User", panel: "Panel", *, candidates: int, missing: int, silent: int) -> Verdict:
    """MISSING: scores not given yet. SILENT: candidates of whom nobody said anything."""
    verdict = can_change(by, panel)
    if verdict and candidates == 0:
        return Verdict.clash(_("Nobody is put forward yet."), "empty")
    if verdict and missing:
        return Verdict.clash(_("%(count)s scores are still missing.") % {"count": missing}, "missing")
    if verdict and silent:
        return Verdict.clash(_("%(count)s candidates have no score at all.") % {"count": silent}, "silent")
    return verdict
