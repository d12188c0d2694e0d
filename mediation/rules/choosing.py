"""Who mediates in a file: named by the committee or chosen by a party, and tied to none of them (人民调解法 13, 15, 19)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict
from gridgov.core.phones import plain_phone
from mediation.choices.files import AGREED, MOST_MEDIATORS, REASON_CHARS, ConflictKind
from mediation.rules.people import is_director

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from mediation.models import Assignment, Mediation, Mediator, Party

NAMES = _(
    "The director names who mediates; a mediator of the file notes whom a party chose (People's Mediation Law, art. 19)."
)


def can_mediate(mediation: "Mediation", mediator: "Mediator") -> Verdict:
    """Somebody who sits in a committee of this street and has no tie to a party. Three queries."""
    words = {"who": mediator.name}
    if mediator.ended_on is not None:
        return Verdict.clash(_("%(who)s mediates no more.") % words, "ended")
    if mediator.grid.tree_id != mediation.grid.tree_id:
        return Verdict.reject(_("%(who)s mediates in another street.") % words, field="mediator")
    if not mediator.seats.current().exists():
        text = _("%(who)s sits in no committee and was appointed by none (People's Mediation Law, art. 13).")
        return Verdict.reject(text % words, field="mediator")
    said = mediation.conflicts.filter(mediator=mediator).exists()
    return is_apart(mediator, mediation.parties.values_list("phone", "agent_phone"), said=said)


def is_apart(mediator: "Mediator", phones: "Iterable[tuple[str, str]]", *, said: bool = False) -> Verdict:
    """No tie to a party: none is SAID, and neither a party nor its agent, whose PHONES these are, has the mediator's number."""
    own = phones_of(mediator)
    if said or any(plain_phone(phone) in own for pair in phones for phone in pair):
        text = _("%(who)s has a tie to a party and doesn't mediate here (People's Mediation Law, art. 15).")
        return Verdict.reject(text % {"who": mediator.name}, "conflict", field="mediator")
    return YES


def phones_of(mediator: "Mediator") -> set[str]:
    given = (mediator.phone, mediator.user.phone if mediator.user else "")
    return {plain_phone(phone) for phone in given} - {""}


def can_assign(by: "User", mediation: "Mediation", chosen_by: "Party | None") -> Verdict:
    """The director; a mediator of the file where a party chose."""
    return YES if chosen_by is not None or is_director(by, mediation.committee) else Verdict.forbid(NAMES)


def has_place(mediation: "Mediation", mediator: "Mediator") -> Verdict:
    """Nobody twice, and not more than MOST_MEDIATORS at a time."""
    here = set(mediation.assignments.current().values_list("mediator", flat=True))
    if mediator.pk in here:
        return Verdict.clash(_("%(who)s mediates in this file already.") % {"who": mediator.name}, "assigned")
    if len(here) >= MOST_MEDIATORS:
        return Verdict.clash(_("At most %(most)d mediators at a time.") % {"most": MOST_MEDIATORS}, "full")
    return YES


def can_release(by: "User", assignment: "Assignment", reason: str) -> Verdict:
    """The director; mediators themselves."""
    if assignment.mediator.user_id != by.pk and not is_director(by, assignment.mediation.committee):
        return Verdict.forbid(_("The director releases a mediator from a file, or the mediator steps back."))
    if assignment.until is not None:
        return Verdict.clash(_("This has ended already."), "ended")
    if not 2 <= len(reason.strip()) <= REASON_CHARS:
        return Verdict.reject(_("Please say why."), field="reason")
    return YES


def can_accept(assignment: "Assignment", party: "Party") -> Verdict:
    """Each party accepts a mediator who is still there, once (人民调解法 23)."""
    if assignment.until is not None:
        return Verdict.clash(_("This has ended already."), "ended")
    if assignment.accepted_by.contains(party):
        return Verdict.clash(_("The party has accepted this mediator already."), "accepted")
    return YES


def fits_conflict(mediator: "Mediator", party: "Party", kind: str) -> Verdict:
    if kind not in ConflictKind.values:
        return Verdict.reject(_("There is no such kind."), field="kind")
    if party.conflicts.filter(mediator=mediator).exists():
        return Verdict.clash(_("This tie is noted already."), "conflict")
    return YES


def agreed_of(ended: "Iterable[str]") -> int:
    """How many of the outcomes ENDED are agreements."""
    return sum(outcome in AGREED for outcome in ended)


@dataclass(frozen=True)
class Fit:
    """How well somebody fits a file: what is known of it, in numbers. `open`: files that run; `over` and `agreed`: of the latest
    that ended."""

    own: bool
    skilled: bool
    any_kind: bool
    near: bool
    open: int
    over: int
    agreed: int

    @property
    def points(self) -> float:
        """The own committee and the kind weigh most, then the grid, the load and the success, which says little of few files."""
        points = 3.0 * self.own + 3.0 * self.skilled + 1.0 * self.any_kind + 2.0 * self.near
        return points - min(0.5 * self.open, 4) + 2 * (self.agreed + 1) / (self.over + 2)
