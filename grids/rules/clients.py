"""Where another system may stand."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from grids.models import Grid, Unit


def can_stand_on(grid: "Grid | None", unit: "Unit | None", on: dt.date) -> Verdict:
    """One grid in force on the day ON, or one unit."""
    if (grid is None) == (unit is None):
        return Verdict.reject(_("Name a grid or a unit, and one of them only."), field="grid")
    if grid is not None and not grid.holds(on):
        return Verdict.reject(_("This grid is not in force."), field="grid")
    return YES
