"""Read-only figures about the map."""

from grids.reports.borders import Coverage, Patch, coverage
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
    "TreeFault",
    "Vacancy",
    "coverage",
    "household_warnings",
    "party_coverage",
    "tree_faults",
    "vacancies",
]
