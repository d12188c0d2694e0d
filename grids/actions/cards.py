"""Contact cards 连心卡: issued to posts, and made worthless."""

import datetime as dt
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from gridgov.core.records import record, record_many
from grids.models import ContactCard, Post
from grids.queries import scope_of
from grids.rules.serving import can_issue_card, can_revoke_card

# 128 bits: nobody comes upon a card by trying.
TOKEN_BYTES = 16


def issue_card(*, post: Post, by: User, at: dt.datetime) -> ContactCard:
    """The card of POST; a new one where it has none, or had one revoked."""
    return issue_cards(posts=[post], by=by, at=at)[0]


@transaction.atomic
def issue_cards(*, posts: Iterable[Post], by: User, at: dt.datetime) -> list[ContactCard]:
    """The cards of POSTS, in their order; those that have none get one. Four statements for any number."""
    keys = [post.pk for post in posts]
    held = Post.objects.for_list().filter(pk__in=keys).select_for_update(no_key=True, of=("self",)).in_bulk()
    today = timezone.localdate(at)
    scope = scope_of(by, today)
    for key in keys:
        can_issue_card(by, scope, held[key], today).insist()
    standing = {card.post_id: card for card in ContactCard.objects.standing().filter(post__in=keys)}
    new = [
        ContactCard(post=held[key], token=secrets.token_urlsafe(TOKEN_BYTES), by=by, at=at)
        for key in dict.fromkeys(keys)
        if key not in standing
    ]
    ContactCard.objects.bulk_create(new)
    record_many("cards.issued", [(card, {"post": card.post_id}) for card in new], by=by, at=at)
    standing |= {card.post_id: card for card in new}
    return [standing[key] for key in keys]


@transaction.atomic
def revoke_card(*, post: Post, by: User, at: dt.datetime) -> bool:
    """Make the card of POST worthless, as when it was lost; whether there was one. Another may be issued."""
    held = Post.objects.for_list().locked(post)
    can_revoke_card(by, scope_of(by, timezone.localdate(at)), held).insist()
    card = ContactCard.objects.standing().filter(post=held).first()
    if card is None:
        return False
    card.change(revoked_at=at)
    card.post = held
    record("cards.revoked", card, by=by, at=at, data={"post": held.pk})
    return True
