"""Who looks after volunteering somewhere."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from gridgov.core.errors import YES, Verdict
from grids.queries import scope_of
from volunteers.choices.people import ORGANISERS

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid


def organises(by: "User", grid: "Grid") -> bool:
    """Whether volunteering on GRID is in the hands of BY: the street office and the leads, each in the own scope."""
    return by.role in ORGANISERS and scope_of(by).covers(grid)


def can_organise(by: "User", grid: "Grid") -> Verdict:
    if organises(by, grid):
        return YES
    return Verdict.forbid(_("Only who looks after volunteers here may do this."))
