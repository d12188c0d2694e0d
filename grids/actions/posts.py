"""Giving posts and ending them. A post is what puts a person somewhere: all row scope follows from it."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record
from grids import rules
from grids.actions.bindings import let_end
from grids.actions.tree import insist_clean
from grids.choices import IN_DISTRICT, IN_UNIT
from grids.models import Grid, Post, Unit
from grids.queries import forget_scope, scope_of


@transaction.atomic
def give_post(
    *,
    user: User,
    kind: str,
    by: User,
    at: dt.datetime,
    grid: Grid | None = None,
    unit: Unit | None = None,
    area_prefix: str = "",
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    is_public_contact: bool = False,
) -> Post:
    """Give USER a post at exactly one place, from VALID_FROM (today) to VALID_TO, the last day, or without end.

    Raises Invalid when post, place and role don't fit, Conflict when USER holds the same post there on one of the days.
    """
    today = timezone.localdate(at)
    begin = valid_from or today
    # Two hands giving one person the same post wait for each other here, and so does who retires the grid meanwhile.
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    place = Grid.objects.locked(grid) if grid else None
    if [bool(place), bool(unit), bool(area_prefix)].count(True) != 1:
        raise Invalid(_("A post stands at one place: a grid, a unit or a district."), field="grid")
    rules.can_staff(by, scope_of(by, today), place, unit).insist()
    rules.can_hold_post(user, kind, place.kind if place else IN_UNIT if unit else IN_DISTRICT).insist()
    if valid_to is not None and valid_to < begin:
        raise Invalid(_("A post can't end before it begins."), field="valid_to")
    if place is not None:
        rules.can_hold_child(place, begin).insist()
        valid_to = last_day(valid_to, place)
    post = Post(
        user=user,
        kind=kind,
        grid=place,
        unit=unit,
        area_prefix=area_prefix,
        valid_from=begin,
        valid_to=valid_to,
        is_public_contact=is_public_contact,
    )
    insist_clean(post, exclude=("user", "grid", "unit"))
    if _same(post).exists():
        raise Conflict(_("%(person)s holds this post already.") % {"person": user}, code="post_held")
    post.save()
    record("posts.given", post, by=by, at=at, data=told(post))
    forget_scope(user)
    return post


def last_day(valid_to: dt.date | None, grid: Grid | None) -> dt.date | None:
    """VALID_TO, or the last day of GRID if that comes before."""
    ends = (valid_to, grid.valid_to if grid else None)
    return min((day for day in ends if day is not None), default=None)


def end_post(*, post: Post, valid_to: dt.date, by: User, at: dt.datetime) -> Post:
    """Let POST end on VALID_TO, its last day, and with it its bindings. Raises Conflict if it has ended before that."""
    with transaction.atomic():
        post = Post.objects.locked(post)
        rules.can_staff(by, scope_of(by, timezone.localdate(at)), post.grid, post.unit).insist()
        rules.can_end_post_on(post, valid_to).insist()
        changes = post.change(valid_to=valid_to)
        if changes:
            record("posts.ended", post, by=by, at=at, data={"changes": changes})
            let_end(post.bindings.all(), valid_to, because="posts.ended", by=by, at=at)
    return post


def hand_over_post(*, post: Post, user: User, valid_from: dt.date, by: User, at: dt.datetime) -> Post:
    """Let USER hold the post from VALID_FROM on, as it stands, and its holder until the day before; answer the new one.

    Both or neither. Bindings and the name on the public page are a person's own: they end with the old post.
    """
    with transaction.atomic():
        post = Post.objects.locked(post)
        rules.can_end_post(by, scope_of(by, timezone.localdate(at)), post, timezone.localdate(at)).insist()
        rules.can_hand_over(post, user, valid_from).insist()
        same: Any = {"kind": post.kind, "grid": post.grid, "unit": post.unit, "area_prefix": post.area_prefix}
        same["valid_to"] = post.valid_to
        end_post(post=post, valid_to=valid_from - dt.timedelta(days=1), by=by, at=at)
        return give_post(user=user, valid_from=valid_from, **same, by=by, at=at)


def _same(post: Post) -> QuerySet[Post]:
    """Posts of the same person and kind at the same place that share a day with POST."""
    days = Q(valid_to=None) | Q(valid_to__gte=post.valid_from)
    if post.valid_to is not None:
        days &= Q(valid_from__lte=post.valid_to)
    place = {"grid": post.grid, "unit": post.unit, "area_prefix": post.area_prefix}
    return Post.objects.filter(days, user=post.user, kind=post.kind, **place)


def told(post: Post) -> dict[str, Any]:
    """What a record says of a new post."""
    return {
        "user": post.user_id,
        "kind": post.kind,
        "grid": post.grid_id,
        "unit": post.unit_id,
        "area": post.area_prefix,
        "from": post.valid_from.isoformat(),
        "to": post.valid_to.isoformat() if post.valid_to else None,
    }
