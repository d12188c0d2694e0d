"""A file as the phone of its mediator shows it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from mediation.choices.files import MOVES, SessionState
from mediation.models import Agreement, Assignment, Mediation, Mediator, Party, PartyLink, Session
from mediation.reports.links import open_links
from mediation.reports.own_day import light_of
from mediation.reports.own_session import ToSign, to_sign
from mediation.rules.links import LINKED


@dataclass(frozen=True)
class PartyLine:
    """A party, and its link that still opens."""

    party: Party
    link: PartyLink | None


@dataclass(frozen=True)
class OwnFile:
    """`to_sign` is the agreement while it is signed."""

    file: Mediation
    light: str
    parties: Sequence[PartyLine]
    mediators: Sequence[Assignment]
    sessions: Sequence[Session]
    agreement: Agreement | None
    to_sign: ToSign | None

    @property
    def may_note(self) -> bool:
        """Whether what a party says at the table can still be noted."""
        return self.file.state in MOVES["consent"]

    @property
    def may_add_paper(self) -> bool:
        return self.file.state in MOVES["paper"]

    @property
    def may_link(self) -> bool:
        return self.file.state in LINKED


def own_file(mediation: Mediation, mediator: Mediator, at: dt.datetime) -> OwnFile:
    """All that stands on the page of MEDIATION on the phone of MEDIATOR. Sessions that were called off are left out."""
    links = {row.party_id: row for row in open_links(mediation, at)}
    sessions = Session.objects.filter(mediation=mediation).exclude(state=SessionState.CANCELLED)
    return OwnFile(
        file=mediation,
        light=light_of(mediation, at),
        parties=[PartyLine(party, links.get(party.pk)) for party in mediation.parties.all()],
        mediators=list(Assignment.objects.filter(mediation=mediation).current().for_list()),
        sessions=list(sessions.select_related("room").order_by("starts_at", "pk")),
        agreement=getattr(mediation, "agreement", None),
        to_sign=to_sign(mediation, None, mediator) if mediation.state in MOVES["agree"] else None,
    )
