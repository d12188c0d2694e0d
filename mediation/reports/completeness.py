"""What the set of a file (handbook 1.6) still lacks, in the order of the volume: what an inspection would ask for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from mediation.choices.deeds import AgreementForm, Confirmation, PaperKind, Performance, SignedBy
from mediation.choices.files import AGREED, INFORMS, SessionState, Source
from mediation.models import Agreement, Mediation, Party, Session


@dataclass(frozen=True)
class Gap:
    """Something that belongs to the paper KIND. WORDS name parties: they are for the file's readers. What isn't `required`
    is added as needed, and stops nobody from filing."""

    kind: str
    words: str
    required: bool = True

    @property
    def label(self) -> str:
        return str(PaperKind(self.kind).label)


def missing(mediation: Mediation) -> list[Gap]:
    """What MEDIATION lacks, required or as needed. Eight queries at most, four for a file that was read `whole`."""
    return list(_Look(mediation).gaps())


class _Look:
    """The file as it stands, read once."""

    def __init__(self, mediation: Mediation) -> None:
        self.file = mediation
        self.parties: list[Party] = list(mediation.parties.all())
        self.papers = {(row.kind, row.party_id) for row in mediation.papers.all() if row.struck_at is None}
        self.agreement = Agreement.objects.filter(mediation=mediation).first()

    @cached_property
    def sessions(self) -> list[Session]:
        rows = self.file.sessions.exclude(state=SessionState.CANCELLED).order_by("starts_at", "pk")
        return list(rows.prefetch_related("attendances", "signatures"))

    def has(self, kind: str, party: Party | None = None) -> bool:
        """Whether a paper of KIND is there: PARTY's own, or one of all parties."""
        return any(found == kind and (party is None or of in {None, party.pk}) for found, of in self.papers)

    def gaps(self) -> Iterator[Gap]:
        yield from self._application()
        yield from self._of_parties()
        yield from self._records()
        yield from self._outcome()
        yield from self._after()

    def _application(self) -> Iterator[Gap]:
        if self.file.source == Source.PARTY and not self.has(PaperKind.APPLICATION):
            words = _("The signed application, if it was made on paper; the registration is written from the file.")
            yield Gap(PaperKind.APPLICATION, words, required=False)

    def _of_parties(self) -> Iterator[Gap]:
        for party in self.parties:
            if party.told_at is None:
                words = _("%(name)s was not told of rights and duties (People's Mediation Law, art. 23 and 24).")
                yield Gap(PaperKind.NOTICE, words % {"name": party.name})
            if not self.has(PaperKind.IDENTITY, party):
                yield Gap(PaperKind.IDENTITY, _("Proof of identity of %(name)s.") % {"name": party.name})
            if party.agent_name and not self.has(PaperKind.AUTHORITY, party):
                words = _("Power of attorney, or proof of office, of whoever speaks for %(name)s.")
                yield Gap(PaperKind.AUTHORITY, words % {"name": party.name})

    def _records(self) -> Iterator[Gap]:
        held = [row for row in self.sessions if row.state == SessionState.HELD and row.record.strip()]
        if self.file.outcome in AGREED and not held and not self.has(PaperKind.RECORD):
            yield Gap(PaperKind.RECORD, _("A record of mediation (People's Mediation Law, art. 27)."))
        for row in self.sessions:
            day = {"day": localdate(row.starts_at).isoformat()}
            if row not in held:
                words = _("The record of the session on %(day)s, or that it was called off.")
                yield Gap(PaperKind.RECORD, words % day)
            elif not self.has(PaperKind.RECORD) and not _is_signed(row):
                words = _(
                    "The record of %(day)s is not signed by everybody who was there, nor scanned with their names."
                )
                yield Gap(PaperKind.RECORD, words % day)

    def _outcome(self) -> Iterator[Gap]:
        held = self.agreement
        if self.file.outcome in INFORMS and self.file.informed_at is None:
            words = _(
                "The parties were not told of arbitration, administrative and court ways (People's Mediation Law, art. 26)."
            )
            yield Gap(PaperKind.STATEMENT, words)
        if self.file.outcome in AGREED and (held is None or held.effective_on is None):
            yield Gap(PaperKind.AGREEMENT, _("An agreement that has taken effect (People's Mediation Law, art. 29)."))
        elif held is not None and held.form == AgreementForm.ORAL and not self.has(PaperKind.AGREEMENT):
            words = _("The signed note of the oral agreement, if it was written on paper.")
            yield Gap(PaperKind.AGREEMENT, words, required=False)

    def _after(self) -> Iterator[Gap]:
        if self.agreement is None or self.file.outcome not in AGREED:
            return
        states = {task.state for task in self.file.tasks.all()}
        if Performance.OPEN in states:
            words = _("How the items of performance stand (People's Mediation Law, art. 31).")
            yield Gap(PaperKind.PERFORMANCE, words)
        elif Performance.DONE in states and not self.has(PaperKind.PERFORMANCE):
            yield Gap(PaperKind.PERFORMANCE, _("Proof of performance."), required=False)
        if not self.file.follow_ups.exists():
            yield Gap(PaperKind.FOLLOW_UP, _("A follow-up with the parties."), required=False)
        if self.agreement.confirmation == Confirmation.ASKED:
            yield Gap(PaperKind.CONFIRMATION, _("The court's answer (People's Mediation Law, art. 33)."))
        elif self.agreement.confirmation != Confirmation.NONE and not self.has(PaperKind.CONFIRMATION):
            yield Gap(PaperKind.CONFIRMATION, _("The papers of judicial confirmation."))


def _is_signed(session: Session) -> bool:
    """Whether a mediator and every party who was there has signed the record of SESSION."""
    signatures: list[Any] = list(session.signatures.all())
    came = {row.party_id for row in session.attendances.all() if row.came and row.party_id}
    has_mediator = any(row.by_whom == SignedBy.MEDIATOR for row in signatures)
    return has_mediator and came <= {row.party_id for row in signatures}
