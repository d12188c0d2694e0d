"""Parties and mediators sign, the director seals: with the seal, the last of them, an agreement takes effect."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record
from mediation.actions.agreements import take_effect
from mediation.actions.papers import keep_picture
from mediation.actions.taking import take
from mediation.choices.deeds import PaperKind, SignedBy
from mediation.models import Agreement, Mediation, Mediator, Party, PartyLink, Seat, Session, Signature
from mediation.reports.signing import record_digest, signers
from mediation.rules import dates
from mediation.rules import signing as rules


@dataclass(frozen=True)
class _Text:
    """What is signed: the agreement, or the record of a session."""

    digest: str
    agreement: Agreement | None = None
    session: Session | None = None


@transaction.atomic
def sign(
    *,
    mediation: Mediation | int,
    party: int | None = None,
    mediator: int | None = None,
    seal: bool = False,
    session: int | None = None,
    how: str,
    picture: bytes = b"",
    signed_on: dt.date,
    effective_on: dt.date | None = None,
    digest: str,
    via: PartyLink | None = None,
    by: User,
    at: dt.datetime,
) -> Signature:
    """PARTY or MEDIATOR (keys of this file's) signs the agreement, or the record of SESSION; or the SEAL is put to the agreement.
    DIGEST is of the text that was read. VIA is the link by which a party does it; BY is the door's account then. EFFECTIVE_ON
    is what a paper says of it. With the seal the agreement takes effect, on the day of the last signature.

    Raises Forbidden for another's hand, Conflict where the text was changed meanwhile (`changed`), is signed already
    (`signed`) or isn't signed by all before the seal, and Invalid for days and pictures that can't be.
    """
    row = take(mediation, by, "sign_record" if session is not None else "agree", via=via)
    text = _text_of(row, session)
    if text.digest != digest:
        raise Conflict(_("The text was changed meanwhile. Read it again, then sign."), code="changed")
    if seal and session is not None:
        raise Invalid(_("Records are signed, and not sealed."), field="session")
    signer = _signer(row, text, party=party, mediator=mediator, seal=seal, how=how, via=via, by=by, at=at)
    _insist_on_first(row, text, signer)
    days = {"begun": localdate(row.accepted_at), "today": localdate(at)}
    rules.check_signed(how, signed_on, **days).insist()
    _check_picture(row, text, how=how, picture=bool(picture), seal=seal)
    if effective_on is not None and text.session is None:
        dates.check_effective(effective_on, [*_days(row), signed_on]).insist()
    made = Signature.objects.create(
        mediation=row, session=text.session, **signer, how=how, digest=digest, signed_on=signed_on, entered_by=by, at=at,
        file=keep_picture(picture, "signature") if picture else "",
    )  # fmt: skip
    row.change(version=row.version + 1)
    told = {
        "signature": made.pk,
        "by_whom": made.by_whom,
        "how": how,
        "signed_on": signed_on.isoformat(),
        "session": session,
    }
    record("mediation.signed", row, by=by, at=at, data=told)
    if seal and text.agreement is not None:
        take_effect(row, text.agreement, dates.effective_on(_days(row)), by=by, at=at)
    return made


def _days(row: Mediation) -> list[dt.date]:
    """On which days the agreement was signed so far."""
    return list(row.signatures.of_agreement().values_list("signed_on", flat=True))


def _text_of(row: Mediation, session: int | None) -> _Text:
    if session is not None:
        held = Session.objects.filter(mediation=row, pk=session).first()
        if held is None:
            raise Invalid(_("There is no such session in this file."), field="session")
        rules.can_sign_record(held).insist()
        return _Text(record_digest(held), session=held)
    agreement = Agreement.objects.filter(mediation=row).select_related("mediation").first()
    rules.is_written(agreement).insist()
    assert agreement is not None
    return _Text(agreement.digest, agreement=agreement)


def _signer(
    row: Mediation, text: _Text, *, party: int | None, mediator: int | None, seal: bool, how: str, via: PartyLink | None, by: User,
    at: dt.datetime,
) -> dict[str, object]:  # fmt: skip
    """Whose hand it is, as the signature's values."""
    if [party is not None, mediator is not None, seal].count(True) != 1:
        raise Invalid(_("Each signature is one hand's: a party's, a mediator's, or the seal."), field="party")
    if party is not None or via is not None:
        found = Party.objects.filter(mediation=row, pk=party).first() if party is not None else None
        if via is not None:
            rules.can_link(via, found, at).insist()
        if found is None:
            words = _("Only the parties of this file sign its papers (People's Mediation Law, art. 29).")
            raise Invalid(words, field="party", code="wrong_party")
        if text.session is not None:
            rules.was_there(text.session, found).insist()
        return {"by_whom": SignedBy.PARTY, "party": found}
    if mediator is not None:
        assigned = Mediator.objects.filter(assignments__in=row.assignments.current(), pk=mediator).first()
        if assigned is None:
            words = _("Only mediators of this file sign its papers (People's Mediation Law, art. 29).")
            raise Invalid(words, field="mediator", code="wrong_mediator")
        rules.can_hand_in(by, assigned, how).insist()
        return {"by_whom": SignedBy.MEDIATOR, "mediator": assigned}
    unsigned = [one.name for one in signers(row) if one.signature is None and one.by_whom != SignedBy.SEAL]
    directs = Seat.objects.directing(by).filter(committee=row.committee_id).exists()
    rules.can_seal(directs=directs, unsigned=unsigned).insist()
    return {"by_whom": SignedBy.SEAL}


def _insist_on_first(row: Mediation, text: _Text, signer: dict[str, object]) -> None:
    if row.signatures.standing().filter(session=text.session, **signer).exists():
        raise Conflict(_("Signed already: nobody signs twice (People's Mediation Law, art. 29)."), code="signed")


def _check_picture(row: Mediation, text: _Text, *, how: str, picture: bool, seal: bool) -> None:
    kind = PaperKind.AGREEMENT if text.session is None else PaperKind.RECORD
    scanned = not picture and row.papers.filter(kind=kind, struck_at=None).exists()
    rules.check_picture(how, picture=picture, seal=seal, scanned=scanned).insist()
