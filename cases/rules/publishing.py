"""Whose results may be read by everybody, and in which words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cases.rules.closing import REPLY_CHARS
from cases.rules.standing import leads
from gridgov.core.errors import YES, Verdict
from gridgov.core.personal import Trace, Trait

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

TITLE_CHARS = 60
# Never before everybody's eyes, whoever has looked.
NEVER = frozenset({Trait.PHONE, Trait.IDENTITY})


def can_publish(by: "User", case: "Case") -> Verdict:
    """By those who lead, where the category is a public one and the reporter has been answered."""
    if not leads(by):
        return Verdict.forbid(_("Results are published by grid leads and the street office."))
    if not case.category.public:
        return Verdict.clash(_("Results of this category are not published."), "not_public")
    if not case.reply.strip():
        return Verdict.clash(_("Give the public reply first."), "reply_needed")
    return YES


def can_unpublish(by: "User", case: "Case") -> Verdict:
    """By those who lead, where something is published."""
    if not leads(by):
        return Verdict.forbid(_("Results are taken back by grid leads and the street office."))
    publication = getattr(case, "publication", None)
    if publication is None or publication.withdrawn_at is not None:
        return Verdict.clash(_("No result of this case is published."))
    return YES


def check_words(title: str, text: str) -> Verdict:
    """Whether there is something to read, and no more than a page shows."""
    for words, most, field in ((title, TITLE_CHARS, "title"), (text, REPLY_CHARS, "text")):
        if not words:
            return Verdict.reject(_("Say what everybody is to read."), field=field)
        if len(words) > most:
            return Verdict.reject(_("At most %(count)s characters.") % {"count": most}, field=field)
    return YES


def fit_for_everybody(found: Sequence[Trace], looked: bool) -> Verdict:
    """Whether words with these traces of people may be published; LOOKED: somebody has seen them and says they harm nobody."""
    listed = ", ".join(f"{one.trait.label} “{one.words}”" for one in found)
    if any(one.trait in NEVER for one in found):
        message = _("This must not be published, take it out: %(found)s")
        return Verdict.reject(message % {"found": listed}, "personal_data", "text")
    if found and not looked:
        message = _("This may tell whom it is about: %(found)s. Take it out, or tick that you have looked at it.")
        return Verdict.reject(message % {"found": listed}, "not_looked", "looked")
    return YES
