"""Micro-grids of an unhandy size."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from grids.choices import HOUSEHOLDS, GridKind, MicroType
from grids.models import Grid


@dataclass(frozen=True)
class HouseholdWarning:
    """A resident micro-grid with fewer or more households than it should have; None: nobody has counted."""

    code: str
    name: str
    households: int | None


def household_warnings(grid: Grid, on: dt.date) -> list[HouseholdWarning]:
    """Resident micro-grids under GRID outside 30–50 households on the day ON, by code."""
    fewest, most = HOUSEHOLDS
    outside = Q(households=None) | Q(households__lt=fewest) | Q(households__gt=most)
    rows = Grid.objects.under(grid).current(on).filter(outside, kind=GridKind.MICRO, micro_type=MicroType.RESIDENT)
    return [HouseholdWarning(*row) for row in rows.order_by("code").values_list("code", "name", "households")]
