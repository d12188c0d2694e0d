"""Who may sign what, when, and how (人民调解法 29): never twice, never for another, and the seal last."""

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from mediation.choices.deeds import AgreementForm, SignedHow
from mediation.choices.files import SessionState

if TYPE_CHECKING:
    from accounts.models import User
    from mediation.models import Agreement, Mediator, Party, PartyLink, Session


def can_link(link: "PartyLink", party: "Party | None", at: dt.datetime) -> Verdict:
    """A link is the hand of its own party, while it holds."""
    if party is None or link.party_id != party.pk:
        words = _("This link is another party's: each party signs with its own (People's Mediation Law, art. 29).")
        return Verdict.forbid(words, "wrong_party")
    if link.revoked_at is not None or link.ends_at <= at:
        return Verdict.forbid(_("This link holds no more."), "link_over")
    return YES


def can_hand_in(by: "User", mediator: "Mediator", how: str) -> Verdict:
    """On the screen a mediator signs with the own account; what was signed on paper may be handed in by others."""
    if how == SignedHow.SCAN or mediator.user_id in {None, by.pk}:
        return YES
    words = _("A mediator signs with the own account (People's Mediation Law, art. 29).")
    return Verdict.forbid(words, "wrong_mediator")


def can_seal(*, directs: bool, unsigned: Collection[str]) -> Verdict:
    """The seal is the director's to put, when everybody has signed; UNSIGNED are those who haven't."""
    if not directs:
        words = _("The director of the committee puts the seal (People's Mediation Law, art. 29).")
        return Verdict.forbid(words, "not_director")
    if unsigned:
        words = _("The seal is put last. Not signed yet: %(names)s (People's Mediation Law, art. 29).")
        return Verdict.clash(words % {"names": ", ".join(unsigned)}, "unsigned")
    return YES


def is_written(agreement: "Agreement | None") -> Verdict:
    """Whether there is a text to sign: in writing, and not given up."""
    if agreement is not None and agreement.form == AgreementForm.WRITTEN and agreement.withdrawn_at is None:
        return YES
    words = _("There is no written agreement to sign yet (People's Mediation Law, art. 28).")
    return Verdict.clash(words, "no_agreement")


def can_sign_record(session: "Session") -> Verdict:
    if session.state == SessionState.HELD and session.record.strip():
        return YES
    return Verdict.clash(_("This session has no record to sign yet (People's Mediation Law, art. 27)."), "no_record")


def was_there(session: "Session", party: "Party") -> Verdict:
    """A record is signed by those whom it tells of."""
    if session.attendances.filter(party=party, came=True).exists():
        return YES
    words = _("Only whoever was there signs the record of a session (People's Mediation Law, art. 27).")
    return Verdict.reject(words, "not_there", field="party")


def check_signed(how: str, signed_on: dt.date, *, begun: dt.date, today: dt.date) -> Verdict:
    """On the screen and by link it is today; on paper it was on some day since the dispute was accepted."""
    if how not in SignedHow.values:
        return Verdict.reject(_("On the screen, by the own link, or on paper."), field="how")
    if how != SignedHow.SCAN and signed_on != today:
        return Verdict.reject(_("Who signs on the screen signs today."), field="signed_on")
    if not begun <= signed_on <= today:
        words = _("Signed between the day on which the dispute was accepted and today.")
        return Verdict.reject(words, field="signed_on")
    return YES


def check_picture(how: str, *, picture: bool, seal: bool, scanned: bool) -> Verdict:
    """A name that was drawn, or the scan of the paper: with this signature, or among the file's papers."""
    if picture or (seal and how == SignedHow.SCREEN) or (how == SignedHow.SCAN and scanned):
        return YES
    if how == SignedHow.SCAN:
        return Verdict.reject(_("Add a scan of the signed paper first."), field="picture")
    return Verdict.reject(_("The signature is missing."), field="picture")
