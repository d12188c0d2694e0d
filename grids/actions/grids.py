"""Founding, changing, moving and retiring grids. A grid is never deleted and its code never used again."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import record, record_many
from grids import rules
from grids.actions.bindings import let_end
from grids.actions.borders import border_fields
from grids.actions.tree import KEEP, cleaned, insist_clean, tree_write
from grids.choices import SEQUENCES, GridKind
from grids.models import Grid, Post
from grids.queries import scope_of


def found_grid(
    *,
    parent: Grid | None,
    kind: str,
    name: str,
    by: User,
    at: dt.datetime,
    code: str = "",
    micro_type: str = "",
    households: int | None = None,
    valid_from: dt.date | None = None,
    border: dict[str, Any] | None = None,
) -> Grid:
    """Found a grid under PARENT (None for a street), in force from VALID_FROM (today). Without a CODE it gets the next
    one that was never used. Raises Forbidden, Invalid, Faults, or Conflict when the code is taken."""
    today = timezone.localdate(at)
    with tree_write(Grid, by):
        above = Grid.objects.locked(parent) if parent else None
        if above is None:
            rules.can_found_street(by).insist()
        else:
            rules.can_tend(by, scope_of(by, today), above).insist()
            rules.can_hold_child(above, valid_from or today).insist()
        rules.can_stand_under(kind, micro_type, above.kind if above else "").insist()
        code = code or next_code(kind, micro_type, above)
        rules.check_code(code, kind, micro_type, above.code if above else "").insist()
        if Grid.objects.filter(code=code).exists():
            raise Conflict(_("The code %(code)s is in use or was once.") % {"code": code}, field="code")
        grid = Grid(
            parent=above,
            kind=kind,
            micro_type=micro_type,
            code=code,
            name=name,
            households=households,
            valid_from=valid_from or today,
            **border_fields(border),
        )
        insist_clean(grid, exclude=("parent", "superseded_by", "border"))
        grid.save()
        data = {"kind": kind, "code": code, "name": name, "parent": above.code if above else ""}
        record("grids.founded", grid, by=by, at=at, data=data)
    return grid


def next_code(kind: str, micro_type: str, parent: Grid | None) -> str:
    """The code after the last one ever given; when the row is full, the first that was left out."""
    return next_codes(kind, micro_type, parent, 1)[0]


def next_codes(kind: str, micro_type: str, parent: Grid | None, count: int) -> list[str]:
    """The next COUNT codes that `next_code` would give, one after the other."""
    if parent is None:
        raise Invalid(_("A street's code comes from the area codes; enter its nine digits."), field="code")
    prefix = rules.prefix_of(kind, parent.code)
    if kind == GridKind.TOTAL:
        return [f"{prefix}{digits}000" for digits in _next_free(prefix, 1, 999, count, ending="000")]
    first, last = SEQUENCES[micro_type or kind]
    return [prefix + digits for digits in _next_free(prefix, first, last, count)]


def _next_free(prefix: str, first: int, last: int, count: int, *, ending: str = "") -> list[str]:
    """COUNT times three digits from FIRST to LAST that no code PREFIX + digits + ENDING has. Raises Conflict when all are
    used."""
    begin, end = len(prefix), len(prefix) + 3
    codes = Grid.objects.filter(code__regex=f"^{prefix}[0-9]{{3}}{ending}$").values_list("code", flat=True)
    used = {int(code[begin:end]) for code in codes}
    after = max((n for n in used if first <= n <= last), default=first - 1) + 1
    free = [n for n in (*range(after, last + 1), *range(first, after)) if n not in used]
    if len(free) < count:
        raise Conflict(_("All codes of this kind under %(prefix)s have been used.") % {"prefix": prefix}, field="code")
    return [f"{n:03d}" for n in free[:count]]


def change_grid(
    *,
    grid: Grid,
    by: User,
    at: dt.datetime,
    name: str = KEEP,
    households: int | None = KEEP,
    valid_from: dt.date = KEEP,
) -> Grid:
    """Change what is plain about a grid; what is not named stays. Code, kind and type are for life."""
    values = cleaned(Grid, {"name": name, "households": households, "valid_from": valid_from})
    with tree_write(Grid, by):
        grid = Grid.objects.locked(grid)
        rules.can_tend(by, scope_of(by, timezone.localdate(at)), grid).insist()
        if "valid_from" in values:
            _check_beginning(grid, values["valid_from"])
        changes = grid.change(**values)
        if changes:
            record("grids.changed", grid, by=by, at=at, data={"changes": changes})
    return grid


def _check_beginning(grid: Grid, valid_from: dt.date) -> None:
    if grid.valid_to is not None and grid.valid_to < valid_from:
        raise Invalid(_("A grid can't end before it begins."), field="valid_from")
    if grid.parent is not None and valid_from < grid.parent.valid_from:
        raise Invalid(_("A grid can't begin before the one above it."), field="valid_from")
    if Grid.objects.filter(parent=grid, valid_from__lt=valid_from).exists():
        raise Conflict(_("A grid below it begins earlier."), field="valid_from")


def move_grid(*, grid: Grid, parent: Grid, by: User, at: dt.datetime) -> Grid:
    """Put GRID with all below it under another PARENT of the same street; the codes stay.

    The record `grids.moved` carries {"from": {"parent": pk, "above": [pk, …]}, "to": the same, "codes": [old, new]},
    the street first, so that whoever keeps ancestors beside a row can follow.
    """
    today = timezone.localdate(at)
    with tree_write(Grid, by):
        grid, target = Grid.objects.locked(grid), Grid.objects.locked(parent)
        scope = scope_of(by, today)
        rules.can_tend(by, scope, grid).insist()
        rules.can_tend(by, scope, target).insist()
        rules.can_move(grid, target, today).insist()
        put_under(grid, target, by, at)
    return grid


def put_under(grid: Grid, target: Grid, by: User, at: dt.datetime) -> None:
    """Move GRID, locked, and record it. Inside `tree_write`."""
    before, old = _above(grid), grid.parent
    grid.change(parent=target)
    data = {"from": before, "to": _above(grid), "codes": [old.code if old else "", target.code]}
    record("grids.moved", grid, by=by, at=at, data=data)


def _above(grid: Grid) -> dict[str, Any]:
    above = Grid.objects.above(grid).exclude(pk=grid.pk).values_list("pk", flat=True)
    return {"parent": grid.parent_id, "above": list(above)}


def retire_grid(*, grid: Grid, valid_to: dt.date, by: User, at: dt.datetime, superseded_by: Grid | None = None) -> Grid:
    """Let GRID end on VALID_TO, its last day, and with it the posts on it and the bindings to it. Raises Conflict while
    children outlive it."""
    with tree_write(Grid, by):
        grid = Grid.objects.locked(grid)
        heir = Grid.objects.locked(superseded_by) if superseded_by else None
        rules.can_tend(by, scope_of(by, timezone.localdate(at)), grid).insist()
        outliving = Grid.objects.filter(Q(valid_to=None) | Q(valid_to__gt=valid_to), parent=grid).count()
        rules.can_retire(grid, valid_to, heir, outliving).insist()
        changes = grid.change(valid_to=valid_to, superseded_by=heir)
        record("grids.retired", grid, by=by, at=at, data={"changes": changes})
        _end_posts(grid, valid_to, by, at)
        let_end(grid.bindings.all(), valid_to, because="grids.retired", by=by, at=at)
    return grid


def _end_posts(grid: Grid, valid_to: dt.date, by: User, at: dt.datetime) -> None:
    """The posts on GRID that would go on; those not begun by then are emptied to their first day."""
    ended: list[tuple[Post, dict[str, Any]]] = []
    going_on = Q(valid_to=None) | Q(valid_to__gt=valid_to)
    for post in Post.objects.select_for_update(no_key=True).filter(going_on, grid=grid).order_by("pk"):
        changes = post.change(valid_to=max(valid_to, post.valid_from))
        ended.append((post, {"changes": changes, "because": "grids.retired"}))
    record_many("posts.ended", ended, by=by, at=at)


def revive_grid(*, grid: Grid, by: User, at: dt.datetime) -> Grid:
    """Take a retirement back. The posts and bindings that ended with it are given anew by hand."""
    with tree_write(Grid, by):
        grid = Grid.objects.locked(grid)
        rules.can_tend(by, scope_of(by, timezone.localdate(at)), grid).insist()
        rules.can_revive(grid, grid.parent).insist()
        changes = grid.change(valid_to=None, superseded_by=None)
        record("grids.revived", grid, by=by, at=at, data={"changes": changes})
    return grid
