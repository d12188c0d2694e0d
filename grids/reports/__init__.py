"""Read-only figures about the map."""

from grids.reports.borders import Coverage, Patch, coverage
from grids.reports.specialists import Specialist, specialists_for, specialists_on
from grids.reports.staff import (
    HouseholdWarning,
    PartyCoverage,
    Vacancy,
    household_warnings,
    party_coverage,
    vacancies,
)
from grids.reports.tree import TreeFault, tree_faults

__all__ = [
    "Coverage",
    "HouseholdWarning",
    "PartyCoverage",
    "Patch",
    "Specialist",
    "TreeFault",
    "Vacancy",
    "coverage",
    "household_warnings",
    "party_coverage",
    "specialists_for",
    "specialists_on",
    "tree_faults",
    "vacancies",
]
