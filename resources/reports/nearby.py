"""Where somebody looks from, and how far a resource lies outside the border of its own grid."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.nearness import Spot, metres_from
from grids.models import Grid
from grids.queries import heavy, locate
from grids.rules import check_place
from resources.models import Resource

# Below this it may be the border that was drawn roughly.
NOTICEABLE = 20


@dataclass(frozen=True)
class Looking:
    """From where somebody looks: its SPOT, and how that is told."""

    spot: Spot
    name: str


def looking_from(user: User, asked: str) -> Looking:
    """ASKED is the code of a grid that USER sees, or "longitude,latitude" (WGS-84). Raises Invalid for what is neither."""
    if "," in asked or "\uff0c" in asked:
        return _from_point(asked.replace("\uff0c", ","))
    grid = Grid.objects.visible_to(user).filter(code=asked.strip()).first() if asked.strip().isdecimal() else None
    if grid is None:
        raise Invalid(_("Please name a grid by its code, or a place as longitude,latitude."), field="near")
    if grid.border is None:
        raise Invalid(_("No border is drawn of this grid; please name a place."), field="near", code="no_border")
    return Looking(Spot.within(grid.border), grid.name)


def _from_point(asked: str) -> Looking:
    try:
        lng, lat = (float(part) for part in asked.split(","))
    except ValueError:
        raise Invalid(_("Please name a grid by its code, or a place as longitude,latitude."), field="near") from None
    check_place(lng, lat).insist()
    return Looking(Spot.at(lng, lat), f"{lng:.5f}, {lat:.5f}")


def metres_outside(row: Resource) -> int:
    """How far ROW lies outside the border of its grid, in metres; 0 where it lies inside, or nobody can tell."""
    border = (
        Grid.objects.filter(pk=row.grid_id).values_list("border", flat=True).first() if row.lng is not None else None
    )
    if not border:
        return 0
    found = Resource.objects.filter(pk=row.pk).annotate(metres=metres_from(Spot.within(border)))
    metres = float(found.values_list("metres", flat=True)[0])
    return round(metres) if metres >= NOTICEABLE else 0


def grid_at(lng: float | None, lat: float | None, on: dt.date) -> Grid | None:
    """The deepest grid in force whose border holds the place, without its border."""
    found = locate(lng, lat, on) if lng is not None and lat is not None and check_place(lng, lat) else None
    return Grid.objects.defer(*heavy("")).get(pk=found.pk) if found else None
