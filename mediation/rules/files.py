"""Who opens a file, and what the law asks before it goes on (人民调解法 17, 20, 25, 26)."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cases.choices import Urgency
from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of
from mediation.choices.files import (
    INFORMS,
    LONGEST_EXTENSION,
    MATTER_CHARS,
    MOST_PARTIES,
    MOVES,
    NAME_CHARS,
    Consent,
    Outcome,
    PartyRole,
    Source,
)
from mediation.choices.people import REFERRERS, DisputeKind

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case
    from mediation.models import Committee, Mediation, Party

# What a system with the scope mediation:refer may say of where a dispute comes from.
REFERRED = frozenset({Source.POLICE, Source.COURT, Source.AUTHORITY})
FEWEST_LETTERS = 2


def can_now(mediation: "Mediation", move: str) -> Verdict:
    """Whether MOVE (of MOVES) is possible in the state of the file."""
    if mediation.state in MOVES[move]:
        return YES
    text = _("This can't be done with a file in the state “%(state)s”.")
    return Verdict.clash(text % {"state": mediation.get_state_display()}, "state")


def can_open(by: "User", committee: "Committee", source: str, *, is_seated: bool, case: "Case | None") -> Verdict:
    """Those who mediate in the committee, for whoever comes to them; leads and the street office, for a case; systems, for courts,
    the police and authorities."""
    if source not in Source.values:
        return Verdict.reject(_("There is no such source."), field="source")
    if (source == Source.CASE) != (case is not None):
        return Verdict.reject(_("A transfer from a case names the case, and nothing else does."), field="case")
    if case is not None:
        return can_refer(by, case)
    if by.is_client and source in REFERRED and scope_of(by).covers(committee.grid):
        return YES
    if is_seated and not by.is_client:
        return YES
    return Verdict.forbid(_("A file is opened by those who mediate in the committee."))


def can_refer(by: "User", case: "Case") -> Verdict:
    """Open cases, by whoever leads them: an emergency is dealt with first."""
    if by.role not in REFERRERS:
        return Verdict.forbid(_("A case is handed over to mediation by grid leads and the street office."))
    if case.completed_at is not None or not case.can_move("urge"):
        return Verdict.clash(_("This case is not open."), "not_open")
    if case.urgency == Urgency.EMERGENCY:
        return Verdict.clash(_("An emergency is dealt with first; its clock never stands still."), "emergency")
    return YES


def fits_matter(kind: str, title: str, facts: str, points: str, people: int) -> Verdict:
    """A kind, a title, and texts that fit."""
    if kind not in DisputeKind.values:
        return Verdict.reject(_("There is no such kind of dispute."), field="kind")
    if not FEWEST_LETTERS <= len(title.strip()) <= NAME_CHARS:
        return Verdict.reject(_("Please give the dispute a title of at most 60 characters."), field="title")
    for field, text in (("facts", facts), ("points", points)):
        if len(text) > MATTER_CHARS:
            return Verdict.reject(_("This is too long."), field=field)
    if not 1 <= people <= 10_000:
        return Verdict.reject(_("Say how many people are concerned."), field="people")
    return YES


def fits_parties(source: str, roles: Sequence[str]) -> Verdict:
    """Whoever applies is named; others may be named later, before the file is accepted."""
    if len(roles) > MOST_PARTIES:
        return Verdict.reject(_("A file has at most 50 parties."), field="parties")
    if source == Source.PARTY and PartyRole.APPLICANT not in roles:
        return Verdict.reject(_("An application names whoever applies."), field="parties")
    return YES


def can_accept(parties: "Collection[Party]") -> Verdict:
    """Two sides at least, none of which clearly refuses."""
    if len({party.role for party in parties} & {PartyRole.APPLICANT, PartyRole.RESPONDENT}) < 2:
        return Verdict.clash(_("A dispute has two sides: name applicant and respondent first."), "one_side")
    return nobody_refuses(parties)


def nobody_refuses(parties: "Collection[Party]") -> Verdict:
    if any(party.consent == Consent.REFUSED for party in parties):
        return Verdict.clash(_("One party clearly refuses mediation (People's Mediation Law, art. 17)."), "refused")
    return YES


def everybody_agrees(parties: "Collection[Party]") -> Verdict:
    """Before they sit together, each side has said that it wants to: silence is no consent."""
    verdict = nobody_refuses(parties)
    if verdict and any(party.consent != Consent.AGREED for party in parties if party.role != PartyRole.THIRD):
        text = _("A party has not said yet that it wants mediation (People's Mediation Law, art. 17).")
        return Verdict.clash(text, "not_agreed")
    return verdict


def can_extend(mediation: "Mediation", parties: "Collection[Party]", until: dt.datetime) -> Verdict:
    """By the will of both parties, said since the last time."""
    sides = [party for party in parties if party.role != PartyRole.THIRD]
    since = mediation.extended_at or mediation.accepted_at
    if not sides or any(party.extends_at is None or (since and party.extends_at < since) for party in sides):
        return Verdict.clash(
            _("The time is extended only where both parties want it; one has not said so."), "not_agreed"
        )
    if mediation.due_at is None or not mediation.due_at < until <= mediation.due_at + LONGEST_EXTENSION:
        return Verdict.reject(_("Name a day after the present limit, at most 90 days later."), field="until")
    return YES


def can_end(outcome: str, reason: str, informed: bool, parties: "Collection[Party]") -> Verdict:
    """Without an agreement: why, and that the parties were told of the other ways."""
    if outcome not in INFORMS:
        return Verdict.reject(_("A file ends like this only without an agreement."), field="outcome")
    if outcome == Outcome.REFUSED and nobody_refuses(parties):
        return Verdict.reject(_("No party has refused; note the refusal first."), field="outcome")
    if not reason.strip():
        return Verdict.reject(_("Say why."), field="reason")
    if not informed:
        text = _(
            "Tell the parties of arbitration, administrative and court ways first (People's Mediation Law, art. 26)."
        )
        return Verdict.reject(text, field="informed")
    return YES
