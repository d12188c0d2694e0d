"""A file as the phone of its mediator shows it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mediation.choices.files import MOVES, SessionState
from mediation.models import Agreement, Assignment, Mediation, Party, PartyLink, Session
from mediation.reports.links import open_links
from mediation.reports.own_day import light_of
from mediation.rules.links import LINKED
from mediation.rules.signing import is_written


@dataclass(frozen=True)
class PartyLine:
    """A party, and its link that still opens."""

    party: Party
    link: PartyLink | None


@dataclass(frozen=True)
class OwnFile:
    file: Mediation
    light: str
    parties: Sequence[PartyLine]
    mediators: Sequence[Assignment]
    sessions: Sequence[Session]
    agreement: Agreement | None

    @property
    def may_note(self) -> bool:
        """Whether what a party says at the table can still be noted."""
        return self.file.state in MOVES["consent"]

    @property
    def may_add_paper(self) -> bool:
        return self.file.state in MOVES["paper"]

    @property
    def may_sign(self) -> bool:
        return bool(is_written(self.agreement)) and self.file.state in MOVES["agree"]

    @property
    def may_link(self) -> bool:
        return self.file.state in LINKED


def own_file(mediation: Mediation, at: dt.datetime) -> OwnFile:
    """All that stands on the page of MEDIATION. Sessions that were called off are left out."""
    links = {row.party_id: row for row in open_links(mediation, at)}
    sessions = Session.objects.filter(mediation=mediation).exclude(state=SessionState.CANCELLED)
    return OwnFile(
        file=mediation,
        light=light_of(mediation, at),
        parties=[PartyLine(party, links.get(party.pk)) for party in mediation.parties.all()],
        mediators=list(Assignment.objects.filter(mediation=mediation).current().for_list()),
        sessions=list(sessions.select_related("room").order_by("starts_at", "pk")),
        agreement=Agreement.objects.filter(mediation=mediation).first(),
    )
