"""Binding a unit's professional workers to grids, one at a time or many at once, and ending that."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record, record_many
from grids import rules
from grids.actions.rows import BATCH, FaultList
from grids.actions.tree import tree_write
from grids.models import Binding, Grid, Post
from grids.queries import Scope, heavy, scope_of

Standing = dict[tuple[int, str], list[Binding]]  # by the post's key and the grid's code


@dataclass(frozen=True, slots=True)
class BindRow:
    """One binding to be made: a professional worker's post (with its unit), and a grid by its code."""

    post: Post
    grid_code: str
    valid_from: dt.date
    matters: tuple[str, ...] = ()
    valid_to: dt.date | None = None


@transaction.atomic
def bind_specialist(
    *,
    post: Post,
    grid: Grid,
    by: User,
    at: dt.datetime,
    matters: Iterable[str] = (),
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Binding:
    """Let the professional worker of POST answer for GRID in MATTERS (in all its unit does), from VALID_FROM (today) to
    VALID_TO, the last day, or as long as the post and the grid last.

    Raises Invalid when the post is none of that kind or its unit doesn't serve the area, Conflict when post or grid
    isn't in force then or the two are bound on one of the days already.
    """
    today = timezone.localdate(at)
    # Two hands binding one post wait for each other here, and so does who ends it or retires the grid meanwhile.
    post = Post.objects.locked(post)
    place = Grid.objects.defer(*heavy("")).locked(grid)
    row = BindRow(post, place.code, valid_from or today, tuple(matters), valid_to)
    binding = _checked(row, place, standing_of([row]), by, scope_of(by, today))
    binding.save()
    record("bindings.bound", binding, by=by, at=at, data=_told(binding))
    return binding


@transaction.atomic
def end_binding(*, binding: Binding, valid_to: dt.date, by: User, at: dt.datetime) -> Binding:
    """Let BINDING end on VALID_TO, its last day. Raises Conflict if it has ended, or ends before that."""
    binding, on = Binding.objects.locked(binding), timezone.localdate(at)
    rules.can_end_binding(by, scope_of(by, on), binding, on).insist()
    rules.can_end_binding_on(binding, valid_to).insist()
    changes = binding.change(valid_to=valid_to)
    if changes:
        record("bindings.ended", binding, by=by, at=at, data={"changes": changes})
    return binding


def bulk_bind(*, rows: Iterable[BindRow], by: User, at: dt.datetime) -> int:
    """Make all bindings of ROWS; how many. Raises BadRows, and then none is made."""
    with tree_write(Grid, by):  # no grid ends or moves meanwhile
        faults = FaultList()
        plan = hold(dict(enumerate(rows)))
        bindings = checked_rows(plan, standing_of(plan.values()), faults, by, at)
        faults.insist_none()
        insert(bindings, by, at)
    return len(bindings)


def let_end(bindings: QuerySet[Binding], valid_to: dt.date, *, because: str, by: User, at: dt.datetime) -> None:
    """End those of BINDINGS that would go on after VALID_TO; those not begun by then are emptied to their first day."""
    going_on = Q(valid_to=None) | Q(valid_to__gt=valid_to)
    ended: list[tuple[Binding, dict[str, Any]]] = []
    held = bindings.filter(going_on).select_for_update(no_key=True, of=("self",)).select_related("grid")
    for binding in held.defer(*heavy("grid")).order_by("pk"):
        changes = binding.change(valid_to=max(valid_to, binding.valid_from))
        if changes:
            ended.append((binding, {"changes": changes, "because": because}))
    record_many("bindings.ended", ended, by=by, at=at)


# --- many at once; inside `tree_write` -------------------------------------------------------------------------------


def hold(plan: Mapping[int, BindRow]) -> dict[int, BindRow]:
    """PLAN with its posts as they are now, locked until the transaction ends."""
    wanted = Post.objects.filter(pk__in={row.post.pk for row in plan.values()}).select_related("user", "unit")
    posts = {post.pk: post for post in wanted.select_for_update(no_key=True, of=("self",)).order_by("pk")}
    return {index: replace(row, post=posts[row.post.pk]) for index, row in plan.items()}


def standing_of(rows: Iterable[BindRow]) -> Standing:
    """What the holders of the posts of ROWS are bound to already."""
    found: Standing = {}
    bindings = Binding.objects.filter(post__in={row.post.pk for row in rows}).select_related("grid")
    for binding in bindings.defer(*heavy("grid")):
        found.setdefault((binding.post_id, binding.grid.code), []).append(binding)
    return found


def checked_rows(
    plan: Mapping[int, BindRow], standing: Standing, faults: FaultList, by: User, at: dt.datetime
) -> list[Binding]:
    """The bindings of PLAN, not saved; what is refused goes to FAULTS by the row's number."""
    codes = {row.grid_code for row in plan.values()}
    grids: dict[str, Grid] = {grid.code: grid for grid in Grid.objects.filter(code__in=codes).defer(*heavy(""))}
    scope = scope_of(by, timezone.localdate(at))
    found = []
    for index, row in plan.items():
        with faults.of(index):
            grid = grids.get(row.grid_code)
            if grid is None:
                raise Invalid(_("There is no grid %(code)s.") % {"code": row.grid_code}, field="grid")
            binding = _checked(row, grid, standing, by, scope)
            standing.setdefault((row.post.pk, grid.code), []).append(binding)
            found.append(binding)
    return found


def insert(bindings: list[Binding], by: User, at: dt.datetime) -> None:
    """Write BINDINGS and their records."""
    made = Binding.objects.bulk_create(bindings, batch_size=BATCH)
    record_many("bindings.bound", ((binding, _told(binding)) for binding in made), by=by, at=at)


def _checked(row: BindRow, grid: Grid, standing: Standing, by: User, scope: Scope) -> Binding:
    """The binding of ROW to GRID, cut where the post or the grid ends. Raises the refusal if it may not be."""
    post, matters = row.post, tidy(row.matters)
    rules.can_staff(by, scope, grid, post.unit).insist()
    rules.can_bind_for(row.valid_from, row.valid_to).insist()
    rules.check_matters(matters).insist()
    rules.can_bind(post, grid, row.valid_from).insist()
    binding = Binding(post=post, grid=grid, matters=matters, valid_from=row.valid_from, valid_to=last_day(row, grid))
    if any(_overlap(binding, other) for other in standing.get((post.pk, grid.code), ())):
        words = {"person": post.user, "name": grid.name}
        raise Conflict(_("%(person)s is bound to “%(name)s” already.") % words, code="bound", field="grid")
    return binding


def last_day(row: BindRow, grid: Grid) -> dt.date | None:
    """The last day of ROW, or the post's or the grid's if that comes before."""
    return min((day for day in (row.valid_to, row.post.valid_to, grid.valid_to) if day is not None), default=None)


def tidy(matters: Iterable[str]) -> list[str]:
    """Codes, each once, without blanks, in order."""
    return sorted({code.strip() for code in matters} - {""})


def _overlap(one: Binding, other: Binding) -> bool:
    """Whether both hold on one day."""
    return one.valid_from <= (other.valid_to or dt.date.max) and other.valid_from <= (one.valid_to or dt.date.max)


def _told(binding: Binding) -> dict[str, Any]:
    """What a record says of a new binding."""
    return {
        "user": binding.post.user_id,
        "post": binding.post_id,
        "unit": binding.post.unit_id,
        "grid": binding.grid_id,
        "matters": binding.matters,
        "from": binding.valid_from.isoformat(),
        "to": binding.valid_to.isoformat() if binding.valid_to else None,
    }
