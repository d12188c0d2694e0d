"""Who may have a link to the own file, and when one opens."""

import datetime as dt
import hmac
import uuid
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Gone, Verdict
from mediation.choices.files import MOVES
from mediation.choices.links import DIGITS, LINK_TRIES

if TYPE_CHECKING:
    from mediation.models import Mediation, Party, PartyLink

LINKED = MOVES["link"]


def last_digits(phone: str) -> str:
    """The last four digits of PHONE; "" where it has fewer."""
    digits = "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
    return digits[-DIGITS:] if len(digits) >= DIGITS else ""


def keys_of(party: "Party") -> list[str]:
    """What opens the link of PARTY: the last digits of its phone, or of whoever speaks for it."""
    return [found for phone in (party.phone, party.agent_phone) if (found := last_digits(phone))]


def can_be_linked(mediation: "Mediation") -> Verdict:
    """Whether parties of MEDIATION have use of a link now."""
    if mediation.state in LINKED:
        return YES
    return Verdict.clash(_("This file is closed: nobody needs a link to it any more."), "closed")


def can_link(party: "Party") -> Verdict:
    """Whether PARTY can show that a link is in the right hands."""
    if not keys_of(party):
        return Verdict.reject(
            _("A link is opened by the last four digits of the phone: write down the phone of this party first."),
            "no_phone",
        )
    return YES


def opens(link: "PartyLink", at: dt.datetime) -> Verdict:
    """Whether LINK leads anywhere at all."""
    over = link.revoked_at is not None or at >= link.ends_at or link.tries >= LINK_TRIES
    if over or link.mediation.state not in LINKED:
        return Verdict(
            Gone(_("This link does not open any more. Please ask your mediator for a new one."), code="gone")
        )
    return YES


def is_own_browser(link: "PartyLink", browser: uuid.UUID | None) -> Verdict:
    """A link belongs to the browser that opened it first: whoever finds it later has no use of it."""
    if link.browser is None or link.browser == browser:
        return YES
    return Verdict.forbid(
        _("This link was opened in another browser and belongs to it. Please ask your mediator for a new one."),
        "other_browser",
    )


def fits_phone(link: "PartyLink", digits: str) -> bool:
    """Compared in full, so that the time it takes tells nothing."""
    return sum(hmac.compare_digest(one.encode(), digits.encode()) for one in keys_of(link.party)) > 0
