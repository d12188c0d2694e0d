"""Who keeps a street's phrasebook."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from cases.choices import PHRASE_CHARS
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from cases.models import StreetPhrase
    from grids.models import Grid
    from grids.queries import Scope


def can_keep_phrases(by: "User", scope: "Scope", street: "Grid") -> Verdict:
    """The street office of STREET, which is a street."""
    if by.role != Role.STREET or not scope.covers(street):
        return Verdict.forbid(_("The phrasebook is kept by the street office."))
    if street.parent_id is not None:
        return Verdict.reject(_("A phrasebook is a street's."), field="street")
    return YES


def can_be_phrase(words: str, others: "Iterable[str]") -> Verdict:
    """WORDS without space around them; OTHERS are in use for the same matter."""
    if not words or "\0" in words or len(words) > PHRASE_CHARS:
        return Verdict.reject(_("Common words have 1 to 40 characters."), field="text")
    if words in others:
        return Verdict.reject(_("These words are in the phrasebook already."), field="text")
    return YES


def can_change_phrase(by: "User", scope: "Scope", phrase: "StreetPhrase") -> Verdict:
    allowed = can_keep_phrases(by, scope, phrase.street)
    if allowed and phrase.retired_at is not None:
        return Verdict.clash(_("These words are retired already."))
    return allowed
