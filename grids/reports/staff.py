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


def is_unhandy() -> Q:
    """Of a grid: a resident micro-grid whose households nobody has counted, or with fewer or more than it should have."""
    fewest, most = HOUSEHOLDS
    outside = Q(households=None) | Q(households__lt=fewest) | Q(households__gt=most)
    return outside & Q(kind=GridKind.MICRO, micro_type=MicroType.RESIDENT)


def household_warnings(grid: Grid, on: dt.date) -> list[HouseholdWarning]:
    """Resident micro-grids under GRID outside 30–50 households on the day ON, by code."""
    rows = Grid.objects.under(grid).current(on).filter(is_unhandy())
    return [HouseholdWarning(*row) for row in rows.order_by("code").values_list("code", "name", "households")]
