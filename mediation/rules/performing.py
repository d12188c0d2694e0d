"""What comes after the agreement: performance, follow-ups and the court (人民调解法 31, 33)."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from mediation.choices.deeds import COURT_CHARS, WORDS_CHARS, Confirmation, Performance, Satisfaction
from mediation.choices.files import AGREED

if TYPE_CHECKING:
    from mediation.models import Agreement, Mediation


def has_agreement(mediation: "Mediation") -> Verdict:
    """Only after an agreement is there something to perform, and to ask the court for."""
    if mediation.outcome in AGREED:
        return YES
    return Verdict.clash(_("There is no agreement in this file."), "no_agreement")


def check_performance(state: str, done_on: dt.date | None, note: str, *, effective: dt.date, today: dt.date) -> Verdict:
    """How an item stands: the day belongs to what was done, and a reason to what was not."""
    if state not in Performance.values:
        return Verdict.reject(_("Performed, in part, or not."), field="state")
    done = state in {Performance.DONE, Performance.PARTIAL}
    if done and (done_on is None or not effective <= done_on <= today):
        words = _("Done between the day on which the agreement took effect and today.")
        return Verdict.reject(words, field="done_on")
    if state == Performance.NONE and not note.strip():
        return Verdict.reject(_("Say why it was not performed."), field="note")
    return _check_note(note)


def check_follow_up(
    on: dt.date, performance: str, satisfaction: str, note: str, *, ended: dt.date, today: dt.date
) -> Verdict:
    if not ended <= on <= today:
        return Verdict.reject(_("Asked between the day on which mediation was over and today."), field="on")
    if performance not in Performance.values:
        return Verdict.reject(_("Performed, in part, or not."), field="performance")
    if satisfaction and satisfaction not in Satisfaction.values:
        return Verdict.reject(_("Satisfied, fairly satisfied, or dissatisfied."), field="satisfaction")
    return _check_note(note)


def can_note(*, has_items: bool) -> Verdict:
    if has_items:
        return YES
    return Verdict.clash(_("The agreement names no items of performance."), "no_items")


def can_ask(agreement: "Agreement | None") -> Verdict:
    if agreement is None or agreement.effective_on is None:
        return Verdict.clash(_("There is no agreement in this file."), "no_agreement")
    if agreement.confirmation in {Confirmation.NONE, Confirmation.REJECTED}:
        return YES
    return Verdict.clash(_("The court was asked already."), "asked")


def can_rule(agreement: "Agreement | None") -> Verdict:
    if agreement is not None and agreement.confirmation == Confirmation.ASKED:
        return YES
    return Verdict.clash(_("No court is asked at present."), "not_asked")


def check_asked(on: dt.date, court: str, agreement: "Agreement", today: dt.date) -> Verdict:
    """Both parties together, within thirty days from the day on which the agreement took effect (人民调解法 33)."""
    verdict = can_ask(agreement)
    if not verdict:
        return verdict
    if not 0 < len(court.strip()) <= COURT_CHARS:
        return Verdict.reject(_("Which court was asked?"), field="court")
    if agreement.effective_on is None or agreement.confirm_by is None or on < agreement.effective_on or on > today:
        words = _("Asked between the day on which the agreement took effect and today.")
        return Verdict.reject(words, field="on")
    if on > agreement.confirm_by:
        words = _("The court could be asked until %(day)s (People's Mediation Law, art. 33).")
        return Verdict.reject(words % {"day": agreement.confirm_by.isoformat()}, field="on")
    return YES


def check_ruling(on: dt.date, court_no: str, agreement: "Agreement", today: dt.date) -> Verdict:
    verdict = can_rule(agreement)
    if not verdict:
        return verdict
    if agreement.confirmation_on is None or not agreement.confirmation_on <= on <= today:
        return Verdict.reject(_("The court answered between the day on which it was asked and today."), field="on")
    if len(court_no.strip()) > COURT_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": COURT_CHARS}, field="court_no")
    return YES


def _check_note(note: str) -> Verdict:
    if len(note.strip()) > WORDS_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": WORDS_CHARS}, field="note")
    return YES
