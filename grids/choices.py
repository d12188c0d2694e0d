"""Words and fixed tables of the map (handbook 1.1, 2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GridKind(models.TextChoices):
    STREET = "street", _("street")
    TOTAL = "total", _("total grid")
    COMPREHENSIVE = "comprehensive", _("comprehensive grid")
    DEDICATED = "dedicated", _("dedicated grid")
    MICRO = "micro", _("micro-grid")


class MicroType(models.TextChoices):
    RESIDENT = "resident", _("resident micro-grid")
    MERCHANT = "merchant", _("merchant micro-grid")


# Which kind stands under which.
CHILDREN: dict[str, frozenset[str]] = {
    "": frozenset({GridKind.STREET}),
    GridKind.STREET: frozenset({GridKind.TOTAL}),
    GridKind.TOTAL: frozenset({GridKind.COMPREHENSIVE, GridKind.DEDICATED}),
    GridKind.COMPREHENSIVE: frozenset({GridKind.MICRO}),
    GridKind.DEDICATED: frozenset({GridKind.MICRO}),
    GridKind.MICRO: frozenset(),
}
CODE_DIGITS = {
    GridKind.STREET: 9,
    GridKind.TOTAL: 15,
    GridKind.COMPREHENSIVE: 15,
    GridKind.DEDICATED: 15,
    GridKind.MICRO: 18,
}
# The last three digits say the kind: (first, last) of each, handbook 1.1.
SEQUENCES: dict[str, tuple[int, int]] = {
    GridKind.TOTAL: (0, 0),
    GridKind.COMPREHENSIVE: (1, 899),
    GridKind.DEDICATED: (901, 999),
    MicroType.RESIDENT: (1, 699),
    MicroType.MERCHANT: (701, 999),
}
# 30–50 households a resident micro-grid (seed 000); outside it is a warning, never a refusal.
HOUSEHOLDS = (30, 50)


class PostKind(models.TextChoices):
    """What somebody is, on a grid, in a unit or for a district."""

    DISTRICT_STAFF = "district_staff", _("district staff")
    STREET_STAFF = "street_staff", _("street staff")
    ROOT_GRID_LEAD = "root_grid_lead", _("total-grid lead")
    GRID_LEAD = "grid_lead", _("grid lead")
    GRID_WORKER_FT = "grid_worker_ft", _("full-time grid worker")
    GRID_WORKER_PT = "grid_worker_pt", _("part-time grid worker")
    MICRO_GRID_WORKER = "micro_grid_worker", _("micro-grid member")
    GRID_MENTOR = "grid_mentor", _("grid mentor")
    BUILDING_LEAD = "building_lead", _("building lead")
    UNIT_LEAD = "unit_lead", _("entrance lead")
    SPECIALIST_WORKER = "specialist_worker", _("professional grid worker")
    UNIT_STAFF = "unit_staff", _("staff of a unit")


class UnitKind(models.TextChoices):
    GOVERNMENT = "government", _("government department")
    STREET = "street", _("street office section")
    COMMUNITY = "community", _("community committee")
    UTILITY = "utility", _("utility")
    PROPERTY = "property", _("property-service firm")
    COMMITTEE = "committee", _("committee")


class PartyKind(models.TextChoices):
    WORK_COMMITTEE = "work_committee", _("street work committee")
    COMMUNITY_COMMITTEE = "community_committee", _("community committee of the party")
    BRANCH = "branch", _("grid branch")
    GROUP = "group", _("micro-grid group")
    HOUSEHOLD = "household", _("member household")


PARTY_CHILDREN: dict[str, frozenset[str]] = {
    "": frozenset({PartyKind.WORK_COMMITTEE}),
    PartyKind.WORK_COMMITTEE: frozenset({PartyKind.COMMUNITY_COMMITTEE}),
    PartyKind.COMMUNITY_COMMITTEE: frozenset({PartyKind.BRANCH}),
    PartyKind.BRANCH: frozenset({PartyKind.GROUP}),
    PartyKind.GROUP: frozenset({PartyKind.HOUSEHOLD}),
    PartyKind.HOUSEHOLD: frozenset(),
}
