"""The number of households of a grid as those who go round in it count them: told to whoever may change it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import notify
from accounts.choices import NoticeKind
from accounts.models import Notice, User
from gridgov.core.errors import Conflict
from gridgov.core.records import record, subject_type
from grids.choices import NOTICE_HOUSEHOLDS, PostKind
from grids.models import Grid, Post
from grids.queries import heavy, scope_of
from grids.rules.serving import can_suggest_households


@transaction.atomic
def suggest_households(*, grid: Grid, households: int, by: User, at: dt.datetime) -> Grid:
    """Say that GRID has so many HOUSEHOLDS. Nothing of the grid changes: its leads and the street's staff are told."""
    held = Grid.objects.defer(*heavy("")).locked(grid)
    today = timezone.localdate(at)
    can_suggest_households(by, scope_of(by, today), held, households).insist()
    if held.households == households:
        raise Conflict(_("That is the number that stands already."), code="same", field="households")
    record("grids.households_suggested", held, by=by, at=at, data={"from": held.households, "to": households})
    notify([_notice(held, households, user, by, at) for user in _answering(held, today) - {by.pk}], at=at)
    return held


def _answering(grid: Grid, on: dt.date) -> set[int]:
    """Who leads GRID, and the staff of its street."""
    above = Grid.objects.above(grid).order_by().values("pk")
    kinds = (PostKind.GRID_LEAD, PostKind.STREET_STAFF)
    posts = Post.objects.current(on).filter(kind__in=kinds, grid__in=above, user__is_active=True)
    return set(posts.values_list("user", flat=True))


def _notice(grid: Grid, households: int, user: int, by: User, at: dt.datetime) -> Notice:
    params = {"name": grid.name, "who": by.full_name, "count": households}
    return Notice(
        user_id=user, kind=NoticeKind.SYSTEM, key=f"households:{grid.pk}:{at.isoformat()}", text=NOTICE_HOUSEHOLDS,
        params=params, subject_type=subject_type(grid), subject_id=grid.pk, at=at,
    )  # fmt: skip
