"""What a contact card 连心卡 says: no more than the public page says of its post."""

import datetime as dt
from dataclasses import dataclass

from grids.choices import PostKind
from grids.models import ContactCard, Grid, PublicPage
from grids.queries import heavy, path_to
from grids.reports.disclosure import Duties, duties_of
from grids.reports.released import Group, groups_at


@dataclass(frozen=True)
class Card:
    """What a contact card says, and its page."""

    token: str
    name: str
    kind: PostKind
    phone: str
    grid: Grid
    street: Grid
    way: str
    page: PublicPage
    duties: Duties | None = None
    groups: tuple[Group, ...] = ()


def card_of(token: str, on: dt.date) -> Card | None:
    """The card with TOKEN on the day ON; None where there is none, or it says nothing any more. Five queries."""
    rows = ContactCard.objects.standing().select_related("post__user", "post__grid").defer(*heavy("post__grid"))
    card = rows.filter(token=token).first()
    if card is None:
        return None
    post = card.post
    assert post.grid is not None  # cards are issued to posts on grids
    if not (post.holds(on) and post.is_public_contact and post.user.is_active and post.grid.holds(on)):
        return None
    path = path_to(post.grid.code)
    page = PublicPage.objects.filter(street=path[0], is_open=True).first()
    if page is None:
        return None
    kind = PostKind(post.kind)
    duties = next(iter(duties_of(path[0], [kind], on)), None)
    way = " · ".join(grid.name for grid in path[:-1])
    groups = groups_at([grid.pk for grid in path], on, public=True)
    return Card(card.token, post.user.full_name, kind, post.public_phone, post.grid, path[0], way, page, duties, groups)
