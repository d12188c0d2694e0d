"""What a party reads on the own page: the own steps, the times, who mediates, and what was written down while the party was there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mediation.choices.files import MOVES, OPEN, Consent, FileState, SessionKind, SessionState
from mediation.models import Agreement, Assignment, Attendance, Helper, PartyLink, Session
from mediation.reports.signing import record_digest
from mediation.rules.signing import is_written


@dataclass(frozen=True)
class Asked:
    """Something that waits for the party's word: `row` is the mediator's assignment, or the helper."""

    row: Any
    agreed: bool


@dataclass(frozen=True)
class Text:
    """Something to read, and to sign: `row` is a session, whose record it is, or the agreement. `digest` is of its words."""

    row: Any
    digest: str
    is_signed: bool
    may_sign: bool


@dataclass(frozen=True)
class PartyPage:
    """All of it. `records` are of the sessions where the party was."""

    link: PartyLink
    mediators: Sequence[Asked]
    helpers: Sequence[Asked]
    coming: Sequence[Session]
    records: Sequence[Text]
    agreement: Text | None

    @property
    def is_running(self) -> bool:
        return self.link.mediation.state == FileState.RUNNING

    @property
    def may_answer(self) -> bool:
        """Whether the party may still say yes or no to mediation (人民调解法 17, 23)."""
        return self.link.mediation.state in OPEN

    @property
    def has_agreed(self) -> bool:
        return bool(self.link.party.consent == Consent.AGREED)

    @property
    def may_extend(self) -> bool:
        return self.is_running and self.has_agreed and self.link.party.extends_at is None


def party_page(link: PartyLink) -> PartyPage:
    """For the page of LINK's party, and of nobody else."""
    mediation, party = link.mediation, link.party
    mediators = Assignment.objects.filter(mediation=mediation).current().for_list().prefetch_related("accepted_by")
    helpers = Helper.objects.filter(mediation=mediation).prefetch_related("agreed_by")
    sessions = list(Session.objects.filter(mediation=mediation).for_list().order_by("starts_at", "pk"))
    # The sessions to which the party was called, and whether it came.
    called = dict(Attendance.objects.filter(party=party).values_list("session", "came"))
    # The sessions whose record the party has signed; None stands for the agreement.
    signed = set(mediation.signatures.standing().filter(party=party).values_list("session", flat=True))
    agreement = Agreement.objects.filter(mediation=mediation).first()
    return PartyPage(
        link=link,
        mediators=[Asked(row, party in row.accepted_by.all() or row.chosen_by_id == party.pk) for row in mediators],
        helpers=[Asked(row, party in row.agreed_by.all()) for row in helpers],
        # That the other party is heard alone, and when, is not this one's to know.
        coming=[
            row
            for row in sessions
            if row.state == SessionState.PLANNED and (row.kind != SessionKind.INQUIRY or row.pk in called)
        ],
        records=[
            Text(row, record_digest(row), row.pk in signed, mediation.state in MOVES["sign_record"])
            for row in sessions
            if row.state == SessionState.HELD and called.get(row.pk)
        ],
        agreement=_agreement(agreement, mediation.state, is_signed=None in signed) if agreement else None,
    )


def _agreement(row: Agreement, state: str, *, is_signed: bool) -> Text:
    """One by word of mouth is read, and signed by nobody (人民调解法 28)."""
    return Text(row, row.digest, is_signed, bool(is_written(row)) and state in MOVES["agree"])
