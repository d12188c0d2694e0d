"""Micro-grids without a party group, or of an unhandy size."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from grids.choices import HOUSEHOLDS, GridKind, MicroType, PartyKind
from grids.models import Grid, PartyOrg


@dataclass(frozen=True)
class PartyCoverage:
    """How the micro-grid groups of a street lie over its micro-grids.

    `alone` and `joint` count groups (单建, 联建: over several); `in_alone` and `in_joint` the micro-grids they cover;
    `none` holds (code, name) of those without one.
    """

    micros: int
    alone: int
    joint: int
    in_alone: int
    in_joint: int
    none: tuple[tuple[str, str], ...]


def party_coverage(street: Grid, on: dt.date) -> PartyCoverage:
    """STREET's figures on the day ON; a micro-grid of two groups counts once, under the joint one."""
    micros = Grid.objects.under(street).current(on).filter(kind=GridKind.MICRO)
    groups = PartyOrg.objects.current(on).filter(street=street, kind=PartyKind.GROUP)
    living = Q(grids__in=micros)
    sizes = dict(groups.annotate(size=Count("grids", filter=living)).values_list("pk", "size"))
    joint = [pk for pk, size in sizes.items() if size > 1]
    alone = [pk for pk, size in sizes.items() if size == 1]
    # `values("pk")`: PostgreSQL can't tell two boxes apart, so whole grids are not DISTINCT.
    in_joint = micros.filter(party_orgs__in=joint).values("pk").distinct().count()
    in_alone = micros.filter(party_orgs__in=alone).exclude(party_orgs__in=joint).values("pk").distinct().count()
    none = micros.without_party_group(on).order_by("code").values_list("code", "name")
    return PartyCoverage(micros.count(), len(alone), len(joint), in_alone, in_joint, tuple(none))


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
