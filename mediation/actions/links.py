"""A party's own way to the file: a link that is made, opened once with the last digits of the phone, and withdrawn."""

import datetime as dt
import hashlib
import secrets
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import record
from mediation.actions.taking import take
from mediation.choices.links import LINK_KEPT, LINK_TRIES
from mediation.models import Party, PartyLink
from mediation.rules import links as rules

_OF_FILE = ("mediation__grid", "mediation__committee", "party")


def digest_of(key: str) -> str:
    """What is kept of a link's KEY, which is random and long."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make_link(*, party: Party | int, by: User, at: dt.datetime) -> tuple[PartyLink, str]:
    """A new link for PARTY and its key, told this once; the ones before open no more. Raises DoesNotExist, Conflict, Invalid."""
    row = Party.objects.visible_to(by).get(pk=party if isinstance(party, int) else party.pk)
    mediation = take(row.mediation_id, by, "link")
    rules.can_link(row).insist()
    _end(PartyLink.objects.filter(party=row, revoked_at=None), by=by, at=at)
    key = secrets.token_urlsafe(18)
    link = PartyLink.objects.create(
        mediation=mediation, party=row, digest=digest_of(key), ends_at=at + LINK_KEPT, by=by, at=at
    )
    record("mediation.link_made", link, by=by, at=at, data={"party": row.pk})
    return link, key


@transaction.atomic
def withdraw_link(*, party: Party | int, by: User, at: dt.datetime) -> int:
    """The links of PARTY open no more; how many there were. Raises DoesNotExist."""
    row = Party.objects.visible_to(by).get(pk=party if isinstance(party, int) else party.pk)
    return _end(PartyLink.objects.filter(party=row, revoked_at=None), by=by, at=at)


def _end(links: "QuerySet[PartyLink]", *, by: User, at: dt.datetime) -> int:
    held = list(links.select_related(*_OF_FILE).select_for_update(of=("self",)).order_by("pk"))
    for link in held:
        link.change(revoked_at=at)
        record("mediation.link_withdrawn", link, by=by, at=at, data={"party": link.party_id})
    return len(held)


def open_link(*, key: str, digits: str, browser: uuid.UUID, by: User, at: dt.datetime) -> PartyLink:
    """Open the link of KEY in BROWSER, by the last DIGITS of the party's phone; BY is the door's account.

    Raises DoesNotExist for no link, Gone, Forbidden for another browser, Invalid for wrong digits: these are counted.
    """
    with transaction.atomic():
        rows = PartyLink.objects.select_related(*_OF_FILE).select_for_update(of=("self",))
        link = rows.get(digest=digest_of(key))
        rules.opens(link, at).insist()
        rules.is_own_browser(link, browser).insist()
        if rules.fits_phone(link, digits):
            link.change(browser=browser, opened_at=link.opened_at or at, tries=0)
            record("mediation.link_opened", link, by=by, at=at, data={"party": link.party_id})
            return link
        link.change(tries=link.tries + 1)
        record("mediation.link_guessed", link, by=by, at=at, data={"tries": link.tries})
    left = LINK_TRIES - link.tries
    if left <= 0:
        rules.opens(link, at).insist()
    raise Invalid(
        _("These are not the last four digits of your phone. %(count)s tries are left.") % {"count": left},
        code="wrong_digits", field="digits",
    )  # fmt: skip
