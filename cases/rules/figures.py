"""Who may freeze a month's figures, and when."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from gridgov.core.errors import YES, Verdict
from grids.choices import GridKind
from grids.queries import scope_of

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid


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
