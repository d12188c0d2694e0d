"""Whether grids may be split and merged, by whom, and from which day."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.choices import Role
from gridgov.core.errors import YES, Verdict
from grids.choices import MOST_PARTS, PLAN_AHEAD, GridKind

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid
    from grids.queries import Scope


def can_redraw(by: "User", scope: "Scope", grid: "Grid") -> Verdict:
    """Whether BY may split or merge GRID: posts go on in the new grids, so that whoever may give posts there decides."""
    if by.role == Role.SYSTEM or (by.role == Role.STREET and scope.covers(grid)):
        return YES
    return Verdict.forbid(_("Only the street office splits and merges its grids."))


def can_end_for(grid: "Grid", on: dt.date, today: dt.date) -> Verdict:
    """Whether others may take GRID's place from the day ON."""
    words: dict[str, Any] = {"name": grid.name, "date": on, "days": PLAN_AHEAD}
    if grid.kind == GridKind.STREET:
        return Verdict.reject(_("A street is neither split nor merged here."), field="grid")
    if grid.valid_to is not None:
        return Verdict.clash(_("“%(name)s” has ended or has a last day already.") % words, code="not_in_force")
    if on < today:
        return Verdict.reject(_("What has happened stays where it happened: choose today or a later day."), field="on")
    if on > today + dt.timedelta(days=PLAN_AHEAD):
        return Verdict.reject(_("At most %(days)d days ahead.") % words, field="on")
    if on <= grid.valid_from:
        return Verdict.reject(_("“%(name)s” begins on that day or later; choose a day after it.") % words, field="on")
    return YES


def can_split(grid: "Grid", parts: int, rest: int) -> Verdict:
    """Whether GRID may be split into so many PARTS, of which number REST takes what has no place."""
    if not 2 <= parts <= MOST_PARTS:
        return Verdict.reject(_("A grid is split into 2 to %(most)d parts.") % {"most": MOST_PARTS}, field="parts")
    if not 0 <= rest < parts:
        return Verdict.reject(_("Say which part takes the cases without a place."), field="rest")
    return YES


def can_merge(grids: "list[Grid]") -> Verdict:
    """Whether GRIDS may become one: neighbours of one parent, kind and type."""
    if len(grids) < 2:
        return Verdict.reject(_("Choose at least two grids to merge."), field="grids")
    first = grids[0]
    for grid in grids[1:]:
        words = {"one": first.name, "other": grid.name}
        if grid.parent_id != first.parent_id:
            return Verdict.reject(
                _("“%(one)s” and “%(other)s” don't stand under the same grid.") % words, field="grids"
            )
        if (grid.kind, grid.micro_type) != (first.kind, first.micro_type):
            return Verdict.reject(_("“%(one)s” and “%(other)s” are of different kinds.") % words, field="grids")
    return YES
