"""The micro-grids that somebody can choose from."""

import datetime as dt

from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy
from grids.reports.open_places import Place
from volunteers.models import Volunteer

# Of one community; the largest known has some 120.
MOST = 400


def micros_around(place: Place, day: dt.date) -> list[Grid]:
    """Those of the community in which PLACE lies, by code."""
    return micros_under(place.path[1], day)


def micros_of(volunteer: Volunteer, day: dt.date) -> list[Grid]:
    """Those of the own community, or of the street for whoever belongs to it as a whole; and where one serves already."""
    grid = volunteer.grid
    total = Grid.objects.above(grid).filter(kind=GridKind.TOTAL).only("tree_id", "lft", "rght").first()
    found = micros_under(total or grid, day)
    here = {micro.pk for micro in found}
    return found + [micro for micro in volunteer.serves.defer(*heavy("")).order_by("code") if micro.pk not in here]


def micros_under(grid: Grid, day: dt.date) -> list[Grid]:
    found = Grid.objects.under(grid).current(day).filter(kind=GridKind.MICRO)
    return list(found.defer(*heavy("")).order_by("code")[:MOST])
