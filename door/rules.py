"""What a resident may do with a slip, and what contact data may look like."""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cases.choices import OPEN_STATES
from door.choices import MOST_WORDS, WORDS_CHARS, SlipKind
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from cases.models import Case
    from door.models import Slip

_PHONE = re.compile(r"[0-9+][0-9() -]{4,19}")


def can_join(case: "Case") -> Verdict:
    """Me too is said of what is open, and of matters that may be told to everybody."""
    if case.state in OPEN_STATES and may_be_told(case):
        return YES
    return Verdict.clash(_("This is not open any more. Please report what you see."), "not_open")


def can_join_once(joined: bool) -> Verdict:
    """A browser adds one to a report, and none to its own."""
    message = _("You are counted here already: each person counts once. The office knows that you have it, too.")
    return Verdict.clash(message, "joined") if joined else YES


def can_join_from_here(often: bool) -> Verdict:
    """A network adds so many to a report in a day."""
    message = _(
        "So many have joined this report from your network today that no more are counted. The office knows of it."
    )
    return Verdict.clash(message, "joined") if often else YES


def may_be_told(case: "Case") -> bool:
    """Whether other residents may know that there is such a case at all: never what touches a person's own affairs."""
    return case.category.public and not case.category.sensitive


def fit_contact(name: str, phone: str, consent: str) -> Verdict:
    """Contact data is kept with consent or not at all."""
    if phone and not _PHONE.fullmatch(phone):
        return Verdict.reject(
            _("This is no phone number. Leave it empty if you don't want to be called."), field="phone"
        )
    if (name or phone) and not consent:
        message = _("Please tick that we may keep your contact, or leave name and phone empty.")
        return Verdict.reject(message, "consent_needed", "consent")
    return YES


def is_own(slip: "Slip") -> Verdict:
    """Rating, reopening and adding belong to whoever reported; who only joined in follows."""
    if slip.kind == SlipKind.REPORT and slip.stands():
        return YES
    return Verdict.forbid(_("Only whoever reported it can do this."))


def can_say_more(slip: "Slip", text: str, said: int) -> Verdict:
    verdict = is_own(slip)
    if verdict and not text.strip():
        return Verdict.reject(_("Write what you want to add."), field="text")
    if verdict and len(text.strip()) > WORDS_CHARS:
        return Verdict.reject(_("At most %(count)s characters.") % {"count": WORDS_CHARS}, field="text")
    if verdict and said >= MOST_WORDS:
        return Verdict.clash(_("You have added a lot already. Please call the street office."), "too_many")
    return verdict


def can_forget(slip: "Slip") -> Verdict:
    """Consent to the contact is taken back at any time (PIPL 15)."""
    return YES if slip.stands() else Verdict.clash(_("This was withdrawn already."), "withdrawn")


def can_withdraw(slip: "Slip") -> Verdict:
    """As long as it, or the one that leads it, is open: what is over can't be called off, and its slip leads to the answer."""
    verdict = can_forget(slip)
    if verdict and (slip.case.leading or slip.case).state not in OPEN_STATES:
        return Verdict.clash(
            _("This is over, there is nothing to withdraw. You can still delete your name and phone."), "over"
        )
    return verdict
