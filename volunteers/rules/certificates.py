"""Stars by hours; who asks for papers, who honours, issues and withdraws, and when."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from volunteers.choices.honours import (
    LONGEST_RECORD,
    STARS,
    STEP,
    TITLE_CHARS,
    CertificateKind,
    CertificateState,
    ObjectionState,
    PanelState,
)
from volunteers.choices.people import VolunteerState
from volunteers.rules.feedback import check_words
from volunteers.rules.organising import can_organise

if TYPE_CHECKING:
    from accounts.models import User
    from volunteers.models import Candidate, Certificate, Objection, Panel, Volunteer

SERVED = frozenset({VolunteerState.ACTIVE, VolunteerState.PAUSED, VolunteerState.LEFT})


def hours_of(minutes: int) -> float:
    """MINUTES in hours, in steps of a half, rounded down."""
    return minutes // STEP * STEP / 60


def stars_of(minutes: int) -> int:
    """How many stars so many minutes of service are."""
    return sum(minutes >= hours * 60 for hours in STARS)


def next_star(minutes: int) -> int | None:
    """The hours of the next star; None where all are reached."""
    return next((hours for hours in STARS if minutes < hours * 60), None)


def can_ask(by: "User", volunteer: "Volunteer") -> Verdict:
    """Free, on request: by the volunteer, or by an organiser in scope for who has no phone."""
    if volunteer.user_id != by.pk:
        verdict = can_organise(by, volunteer.grid)
        if not verdict:
            return verdict
    if volunteer.state not in SERVED or volunteer.forgotten_at is not None:
        return Verdict.clash(_("There is no record of this volunteer's service any more, or none yet."), "no_record")
    return YES


def check_record(first: dt.date, last: dt.date, today: dt.date) -> Verdict:
    if first <= last <= today and last - first <= LONGEST_RECORD:
        return YES
    return Verdict.reject(_("From a day to a day, not in the future; the first day first."), field="last")


def has_hours(minutes: int) -> Verdict:
    if minutes >= STEP:
        return YES
    return Verdict.clash(_("There are no hours of service in this time."), "no_hours")


def check_issuer(said: dict[str, str]) -> Verdict:
    lacking = next((name for name, words in said.items() if not words.strip()), None)
    if lacking is None:
        return YES
    return Verdict.reject(_("All of it stands on the papers: nothing may be left out."), field=lacking)


def can_honour(by: "User", panel: "Panel") -> Verdict:
    verdict = can_organise(by, panel.grid)
    if verdict and panel.state != PanelState.CLOSED:
        return Verdict.clash(_("The panel is scoring still: honours follow its result."), "scoring")
    return verdict


def check_honour(title: str, words: str) -> Verdict:
    if not 0 < len(title.strip()) <= TITLE_CHARS:
        return Verdict.reject(_("A title, with at most %(count)s characters.") % {"count": TITLE_CHARS}, field="title")
    return check_words(words)


def can_be_honoured(candidate: "Candidate", *, already: bool) -> Verdict:
    if already:
        return Verdict.clash(_("This volunteer is honoured by this panel already."), "honoured")
    if candidate.volunteer.state not in SERVED or candidate.volunteer.forgotten_at is not None:
        return Verdict.clash(_("There is no record of this volunteer's service any more, or none yet."), "no_record")
    return YES


def can_issue(certificate: "Certificate", *, objected: bool, today: dt.date) -> Verdict:
    """After the publicity period, and not while an objection waits."""
    if certificate.state != CertificateState.PUBLICITY:
        return Verdict.clash(_("This certificate is not in its publicity period."), "not_public")
    if certificate.public_until is None or today <= certificate.public_until:
        return Verdict.clash(_("The publicity period is not over."), "too_early")
    if objected:
        return Verdict.clash(_("An objection waits for its answer."), "objected")
    return YES


def can_withdraw(by: "User", certificate: "Certificate") -> Verdict:
    verdict = can_organise(by, certificate.volunteer.grid)
    if verdict and CertificateState.WITHDRAWN not in certificate.moves:
        return Verdict.clash(_("This certificate was withdrawn already."), "withdrawn")
    return verdict


def can_print(by: "User", certificate: "Certificate") -> Verdict:
    """Only a paper that holds, by the volunteer or an organiser in scope."""
    if certificate.volunteer.user_id != by.pk:
        verdict = can_organise(by, certificate.volunteer.grid)
        if not verdict:
            return verdict
    if certificate.state != CertificateState.ISSUED:
        return Verdict.clash(_("Only an issued certificate is printed."), "not_issued")
    if certificate.volunteer.forgotten_at is not None:
        return Verdict.clash(_("The name on it is kept no longer."), "forgotten")
    return YES


def can_object(certificate: "Certificate", *, spoken: bool, today: dt.date) -> Verdict:
    open_until = certificate.public_until
    if certificate.kind != CertificateKind.HONOUR or certificate.state != CertificateState.PUBLICITY:
        return Verdict.clash(_("This honour is not in its publicity period."), "not_public")
    if open_until is None or open_until < today:
        return Verdict.clash(_("The publicity period is over. Please call the street office."), "over")
    if spoken:
        return Verdict.clash(_("An objection was made from this device already; it will be answered."), "said")
    return YES


def can_answer(by: "User", objection: "Objection") -> Verdict:
    verdict = can_organise(by, objection.certificate.volunteer.grid)
    if verdict and objection.state != ObjectionState.OPEN:
        return Verdict.clash(_("This objection was answered already."), "answered")
    return verdict
