"""Who sees figures, of which ground, and who may freeze a month's."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from cases.choices.figures import FIGURE_ROLES
from gridgov.core.errors import YES, Verdict
from grids.choices import GridKind
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid


def sees_figures(by: "User") -> Verdict:
    """The house itself; and whoever leads a grid or works in a unit, once a post says which."""
    if by.role == Role.SYSTEM or (by.role in FIGURE_ROLES and scope_of(by)):
        return YES
    return Verdict.forbid(_("Figures are for those who lead a grid, and for units."))


def can_ask_about(by: "User", grid: "Grid") -> Verdict:
    """A unit may ask about its cases anywhere; whoever leads a grid, about what lies in it. Nobody about a micro-grid: its
    figures would be those of one person."""
    if grid.kind == GridKind.MICRO:
        return Verdict.reject(_("There are no figures of a single micro-grid."), field="grid")
    if by.role in {Role.SYSTEM, Role.UNIT_STAFF} or scope_of(by).covers(grid):
        return YES
    return Verdict.forbid(_("This grid lies outside your ground."))


def can_freeze(by: "User", grid: "Grid", month: dt.date, at: dt.datetime) -> Verdict:
    """The house itself, or the street office for what lies in it; a month that is over."""
    if by.role != Role.SYSTEM and not (by.role == Role.STREET and scope_of(by).covers(grid)):
        return Verdict.forbid(_("Figures are frozen by the street office."))
    if grid.kind == GridKind.MICRO:
        return Verdict.reject(_("There are no figures of a single micro-grid."), field="grid")
    if month.day != 1:
        return Verdict.reject(_("Name a month by its first day."), field="month")
    if (localdate(at).year, localdate(at).month) <= (month.year, month.month):
        return Verdict.clash(_("This month is not over yet."), code="too_early")
    return YES
