"""What a party reads on the own page: the own steps, the times, who mediates, and what was written down while the party was there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mediation.choices.files import Consent, FileState, SessionState
from mediation.models import Agreement, Assignment, Attendance, Helper, PartyLink, Session


@dataclass(frozen=True)
class Asked:
    """Something that waits for the party's word: `row` is the mediator's assignment, or the helper."""

    row: Any
    agreed: bool


@dataclass(frozen=True)
class PartyPage:
    """All of it. `records` are of the sessions where the party was; `signed` the keys of those the party has signed."""

    link: PartyLink
    mediators: Sequence[Asked]
    helpers: Sequence[Asked]
    coming: Sequence[Session]
    records: Sequence[Session]
    agreement: Agreement | None
    signed: frozenset[int | None]
    now: dt.datetime

    @property
    def is_running(self) -> bool:
        return self.link.mediation.state == FileState.RUNNING

    @property
    def may_answer(self) -> bool:
        """Whether the party may still say yes or no to mediation (人民调解法 17, 23)."""
        return self.link.mediation.state in {FileState.APPLIED, FileState.RUNNING}

    @property
    def has_agreed(self) -> bool:
        return bool(self.link.party.consent == Consent.AGREED)

    @property
    def may_extend(self) -> bool:
        return self.is_running and self.has_agreed and self.link.party.extends_at is None

    @property
    def has_signed_agreement(self) -> bool:
        return None in self.signed


def party_page(link: PartyLink, at: dt.datetime) -> PartyPage:
    """For the page of LINK's party, and of nobody else."""
    mediation, party = link.mediation, link.party
    mediators = Assignment.objects.filter(mediation=mediation).current().for_list().prefetch_related("accepted_by")
    helpers = Helper.objects.filter(mediation=mediation).prefetch_related("agreed_by")
    sessions = list(Session.objects.filter(mediation=mediation).for_list().order_by("starts_at", "pk"))
    was_there = set(Attendance.objects.filter(party=party, came=True).values_list("session", flat=True))
    return PartyPage(
        link=link,
        mediators=[Asked(row, party in row.accepted_by.all() or row.chosen_by_id == party.pk) for row in mediators],
        helpers=[Asked(row, party in row.agreed_by.all()) for row in helpers],
        coming=[row for row in sessions if row.state == SessionState.PLANNED],
        records=[row for row in sessions if row.state == SessionState.HELD and row.pk in was_there],
        agreement=Agreement.objects.filter(mediation=mediation).first(),
        signed=frozenset(),
        now=at,
    )
