"""Giving many posts at once: for the demo and for taking a street's staff over."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import record_many
from grids import rules
from grids.actions.posts import told
from grids.actions.rows import BATCH, FaultList
from grids.actions.tree import tree_write
from grids.choices import IN_DISTRICT, IN_UNIT
from grids.models import Grid, Post, Unit
from grids.queries import Scope, heavy, scope_of


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post to be given, at a grid (by its code), in a unit, or in a district."""

    user: User
    kind: str
    valid_from: dt.date
    grid_code: str = ""
    unit: Unit | None = None
    area_prefix: str = ""
    valid_to: dt.date | None = None
    is_public_contact: bool = False


def bulk_post(*, rows: Iterable[PostRow], by: User, at: dt.datetime) -> int:
    """Give all posts of ROWS; how many. Raises BadRows. For people newly entered: standing posts are not compared."""
    plan = list(rows)
    with tree_write(Grid, by):  # no grid ends or moves meanwhile
        light = Grid.objects.filter(code__in={row.grid_code for row in plan}).defer(*heavy(""))
        grids: dict[str, Grid] = {grid.code: grid for grid in light}
        scope, faults = scope_of(by, timezone.localdate(at)), FaultList()
        for index, row in enumerate(plan):
            with faults.of(index):
                check(row, grids, by, scope)
        faults.insist_none()
        posts = Post.objects.bulk_create((post_of(row, grids) for row in plan), batch_size=BATCH)
        record_many("posts.given", ((post, told(post)) for post in posts), by=by, at=at)
    return len(posts)


def post_of(row: PostRow, grids: Mapping[str, Grid]) -> Post:
    """The post of ROW, not saved."""
    return Post(
        user=row.user,
        kind=row.kind,
        grid=grids.get(row.grid_code),
        unit=row.unit,
        area_prefix=row.area_prefix,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_public_contact=row.is_public_contact,
    )


def check(row: PostRow, grids: Mapping[str, Grid], by: User, scope: Scope) -> None:
    """Raise the refusal if the post of ROW may not be given."""
    grid = grids.get(row.grid_code)
    if row.grid_code and grid is None:
        raise Invalid(_("There is no grid %(code)s.") % {"code": row.grid_code}, field="grid")
    if [bool(grid), bool(row.unit), bool(row.area_prefix)].count(True) != 1:
        raise Invalid(_("A post stands at one place: a grid, a unit or a district."), field="grid")
    rules.can_staff(by, scope, grid, row.unit).insist()
    rules.can_hold_post(row.user, row.kind, grid.kind if grid else IN_UNIT if row.unit else IN_DISTRICT).insist()
    if grid is not None:
        rules.can_hold_child(grid, row.valid_from).insist()
