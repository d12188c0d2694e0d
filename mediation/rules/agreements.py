"""What an agreement must say (人民调解法 28, 29), and when it can be written."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from mediation.choices.deeds import CONTENT_CHARS, LONGEST_TERM, MANNER_CHARS, MOST_TASKS, AgreementForm
from mediation.choices.files import MATTER_CHARS, Consent

if TYPE_CHECKING:
    from mediation.models import Agreement, Party

LEAST_PARTIES = 2


@dataclass(frozen=True)
class TaskData:
    """What the party with the key PARTY has to do, until the day DUE_ON."""

    party: int
    what: str
    due_on: dt.date


@dataclass(frozen=True)
class AgreementData:
    """The words of an agreement, as they are signed."""

    form: str
    facts: str
    points: str
    duties: str
    content: str
    manner: str
    deadline: dt.date
    tasks: tuple[TaskData, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of all of it: what a signature is below."""
        said = (self.form, self.facts, self.points, self.duties, self.content, self.manner, self.deadline.isoformat())
        due = (f"{task.party}\x1e{task.what}\x1e{task.due_on.isoformat()}" for task in self.tasks)
        return digest_of((*said, *due))


def digest_of(parts: Iterable[str]) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()


def is_unsigned(*, signed: bool) -> Verdict:
    """What people put their names below stays: the text, and between whom it is."""
    if signed:
        return Verdict.clash(
            _("Somebody has signed this agreement: give its text up first, before it takes effect."), "signed"
        )
    return YES


def can_agree(parties: Collection["Party"], *, signed: bool) -> Verdict:
    """Two sides at least, all of whom want mediation; and nobody has signed another text yet."""
    verdict = is_unsigned(signed=signed)
    if not verdict:
        return verdict
    if len(parties) < LEAST_PARTIES:
        return Verdict.clash(_("An agreement is between two parties at least."), "one_party")
    if any(party.consent != Consent.AGREED for party in parties):
        words = _("Not every party has agreed to mediation yet (People's Mediation Law, art. 17).")
        return Verdict.clash(words, "no_consent")
    return YES


def can_withdraw(agreement: "Agreement | None", *, mediates: bool, signed: bool) -> Verdict:
    """By whoever mediates here; what nobody has signed is simply written anew."""
    if not mediates:
        return Verdict.forbid(_("A mediator of the file gives the text of an agreement up."), "not_mediator")
    if agreement is None or not signed:
        return Verdict.clash(_("Nobody has signed this text: it can be written anew."), "unsigned")
    return YES


def check_agreement(said: AgreementData, parties: Collection[int], *, begun: dt.date) -> Verdict:
    """Whether SAID holds what it must, for a file with PARTIES (keys) that was accepted on the day BEGUN."""
    if said.form not in AgreementForm.values:
        return Verdict.reject(_("In writing, or by word of mouth (People's Mediation Law, art. 28)."), field="form")
    verdict = _check_words(said)
    if not verdict:
        return verdict
    if not begun <= said.deadline <= begun + LONGEST_TERM:
        words = _("The day of performance lies after the dispute was accepted, and within ten years.")
        return Verdict.reject(words, field="deadline")
    return _check_tasks(said, parties, begun)


def _check_words(said: AgreementData) -> Verdict:
    lacking = {
        "manner": _("An agreement says in which manner it is performed (People's Mediation Law, art. 29)."),
        "content": _("An agreement says what the parties have agreed on (People's Mediation Law, art. 28 and 29)."),
    }
    if said.form == AgreementForm.WRITTEN:
        lacking |= {
            "facts": _("A written agreement says the main facts (People's Mediation Law, art. 29)."),
            "points": _("A written agreement says what was in dispute (People's Mediation Law, art. 29)."),
        }
    most = {
        "manner": MANNER_CHARS,
        "content": CONTENT_CHARS,
        "facts": MATTER_CHARS,
        "points": MATTER_CHARS,
        "duties": MATTER_CHARS,
    }
    for field, words in lacking.items():
        if not getattr(said, field).strip():
            return Verdict.reject(words, field=field)
    for field, count in most.items():
        if len(getattr(said, field)) > count:
            return Verdict.reject(_("At most %(count)s characters.") % {"count": count}, field=field)
    return YES


def _check_tasks(said: AgreementData, parties: Collection[int], begun: dt.date) -> Verdict:
    if len(said.tasks) > MOST_TASKS:
        return Verdict.reject(_("At most %(count)s items of performance.") % {"count": MOST_TASKS}, field="tasks")
    for task in said.tasks:
        if task.party not in parties:
            return Verdict.reject(_("Who performs is a party of this file."), field="tasks")
        if not 0 < len(task.what.strip()) <= MANNER_CHARS:
            return Verdict.reject(_("Each item of performance says what has to be done."), field="tasks")
        if not begun <= task.due_on <= said.deadline:
            return Verdict.reject(_("No item of performance is due after the agreement's own day."), field="tasks")
    return YES
