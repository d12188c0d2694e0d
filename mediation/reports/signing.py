"""What is to be signed, and who has signed it."""

from collections.abc import Sequence
from dataclasses import dataclass

from mediation.choices.deeds import SignedBy
from mediation.models import Agreement, Mediation, Mediator, Party, Session, Signature
from mediation.rules.agreements import AgreementData, TaskData, digest_of


def said_by(agreement: Agreement) -> AgreementData:
    """The words of AGREEMENT, with its items of performance. One query."""
    tasks = agreement.mediation.tasks.order_by("pk").values_list("party", "what", "due_on")
    return AgreementData(
        form=agreement.form, facts=agreement.facts, points=agreement.points, duties=agreement.duties,
        content=agreement.content, manner=agreement.manner, deadline=agreement.deadline,
        tasks=tuple(TaskData(*task) for task in tasks),
    )  # fmt: skip


def record_digest(session: Session) -> str:
    """SHA-256 of the record of SESSION as it stands: what signatures of it are below."""
    return digest_of((str(session.pk), session.record, session.opinion))


@dataclass(frozen=True)
class Signer:
    """Somebody whose hand is needed, and the signature where it is there."""

    by_whom: str
    party: Party | None = None
    mediator: Mediator | None = None
    signature: Signature | None = None

    @property
    def label(self) -> str:
        return str(SignedBy(self.by_whom).label)

    @property
    def key(self) -> str:
        """What a form calls it: `party:12`, `mediator:3`, `seal`."""
        one = self.party or self.mediator
        return f"{self.by_whom}:{one.pk}" if one else self.by_whom

    @property
    def name(self) -> str:
        return str(self.party or self.mediator or SignedBy.SEAL.label)


def signers(mediation: Mediation, session: Session | None = None) -> list[Signer]:
    """Who signs the agreement of MEDIATION, its parties, its mediators of today and the seal; or the record of SESSION: the
    parties who were there, and its mediators. Three queries, one for the agreement of a
    file that was read `whole`."""
    of = session.pk if session else None
    there = {
        (row.by_whom, row.party_id or row.mediator_id): row
        for row in mediation.signatures.all()
        if row.struck_at is None and row.session_id == of
    }
    parties: Sequence[Party] = list(mediation.parties.all())
    if session is None:
        mediators = list(Mediator.objects.filter(assignments__in=mediation.assignments.current()).order_by("pk"))
    else:
        came = set(session.attendances.filter(came=True, party__isnull=False).values_list("party", flat=True))
        parties = [party for party in parties if party.pk in came]
        mediators = list(session.mediators.order_by("pk"))
    found = [Signer(SignedBy.PARTY, party=one, signature=there.get((SignedBy.PARTY, one.pk))) for one in parties]
    found += [
        Signer(SignedBy.MEDIATOR, mediator=one, signature=there.get((SignedBy.MEDIATOR, one.pk))) for one in mediators
    ]
    if session is None:
        found.append(Signer(SignedBy.SEAL, signature=there.get((SignedBy.SEAL, None))))
    return found
