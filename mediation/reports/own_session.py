"""A session as the phone of its mediator shows it: who was there, and who has signed the record; and what is signed on the spot."""

from collections.abc import Sequence
from dataclasses import dataclass

from mediation.choices.deeds import AgreementForm, SignedBy
from mediation.choices.files import MOVES, SessionState
from mediation.models import Agreement, Attendance, Mediation, Mediator, Session
from mediation.reports.signing import Signer, record_digest, signers


@dataclass(frozen=True)
class OwnSession:
    """`signers` are those who sign the record, none before there is one."""

    session: Session
    there: Sequence[Attendance]
    signers: Sequence[Signer]

    @property
    def is_signed(self) -> bool:
        return any(one.signature for one in self.signers)

    @property
    def may_record(self) -> bool:
        planned = self.session.state != SessionState.CANCELLED
        return planned and self.session.mediation.state in MOVES["record"] and not self.is_signed

    @property
    def may_sign(self) -> bool:
        return self.session.mediation.state in MOVES["sign_record"] and not all(one.signature for one in self.signers)


@dataclass(frozen=True)
class ToSign:
    """A text with those who sign it: the record of `session`, or the agreement. `left` can sign on this phone, now."""

    session: Session | None
    agreement: Agreement | None
    digest: str
    signers: Sequence[Signer]
    left: Sequence[Signer]


def own_session(session: Session) -> OwnSession:
    there = list(session.attendances.select_related("party", "helper").order_by("pk"))
    return OwnSession(session, there, signers(session.mediation, session) if session.record else [])


def to_sign(mediation: Mediation, session: Session | None, mediator: Mediator) -> ToSign | None:
    """The record of SESSION, or without one the written agreement; None where there is nothing to sign. The parties sign on the
    phone of MEDIATOR, who signs too; other mediators sign on their own."""
    agreement = (
        Agreement.objects.filter(mediation=mediation, form=AgreementForm.WRITTEN, withdrawn_at=None).first()
        if not session
        else None
    )
    if not (agreement or (session and session.record)):
        return None
    every = signers(mediation, session)
    left = [
        one
        for one in every
        if one.signature is None and one.by_whom != SignedBy.SEAL and one.mediator in {None, mediator}
    ]
    digest = record_digest(session) if session else agreement.digest if agreement else ""
    return ToSign(session, agreement, digest, every, left)
