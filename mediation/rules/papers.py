"""What may come into a file, be struck out of it, and be carried away from it."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict
from mediation.choices.deeds import MOST_PAPERS, PaperKind
from mediation.choices.papers import MOST_VOLUMES

if TYPE_CHECKING:
    from mediation.models import Paper, Volume


def can_add_paper(kind: str, title: str, there: int) -> Verdict:
    """THERE are so many papers in the file already."""
    if kind not in PaperKind.values:
        return Verdict.reject(_("Choose what kind of paper it is."), "kind", "kind")
    if not title.strip():
        return Verdict.reject(_("Give the paper a title; it stands in the list of contents."), "title", "title")
    if there >= MOST_PAPERS:
        return Verdict.clash(_("A file holds at most %(most)s papers.") % {"most": MOST_PAPERS}, "too_many")
    return YES


def can_strike_paper(paper: "Paper", reason: str) -> Verdict:
    if paper.struck_at is not None:
        return Verdict.clash(_("This paper is struck out already."), "struck")
    if not reason.strip():
        return Verdict.reject(_("Say why: the reason stays in the volume."), "reason", "reason")
    return YES


def can_ask_volume(under_way: int) -> Verdict:
    if under_way >= MOST_VOLUMES:
        return Verdict.clash(_("Wait until the volumes that you asked for are printed."), "under_way")
    return YES


def can_take_volume(volume: "Volume", at: dt.datetime) -> Verdict:
    if volume.finished_at is None:
        return Verdict.clash(_("The volume is being printed."), "not_ready")
    if volume.expires_at <= at:
        return Verdict.clash(_("This volume is no longer kept. Ask for it again."), "expired")
    return YES
