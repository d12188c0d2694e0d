"""When residents may say how an activity was, and what can be said."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from gridgov.core.masking import names_somebody
from volunteers.choices.honours import SPEAK_WITHIN, STARRED, WORDS_CHARS
from volunteers.choices.work import ProjectState

if TYPE_CHECKING:
    from volunteers.models import Project


def can_hear(project: "Project", *, begun: bool, at: dt.datetime) -> Verdict:
    """Whether residents may speak of PROJECT, whose first shift has BEGUN or not."""
    if project.state == ProjectState.OPEN and begun:
        return YES
    if project.state == ProjectState.ENDED and project.ended_at is not None and at <= project.ended_at + SPEAK_WITHIN:
        return YES
    if project.state in {ProjectState.DRAFT, ProjectState.OPEN}:
        return Verdict.clash(_("This activity has not begun yet. Please come back afterwards."), "not_begun")
    return Verdict.clash(_("It is too late to say how this activity was."), "over")


def is_first_word(spoken: bool) -> Verdict:
    """A device speaks once."""
    message = _("Something was said from this device already, and counts. Each device speaks once.")
    return Verdict.clash(message, "said") if spoken else YES


def check_stars(stars: int) -> Verdict:
    if STARRED[0] <= stars <= STARRED[1]:
        return YES
    return Verdict.reject(_("Choose one to five stars."), field="stars")


def check_words(words: str, *, least: int = 0) -> Verdict:
    """Whether WORDS are short enough, and about nobody's phone or identity number."""
    if len(words.strip()) < least:
        return Verdict.reject(_("Please say why, in a few words."), field="words")
    if len(words.strip()) > WORDS_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": WORDS_CHARS}, field="words")
    if names_somebody(words):
        return Verdict.reject(_("Please leave phone and identity numbers out."), "names_somebody", "words")
    return YES
