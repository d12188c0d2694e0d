"""Read-only figures about the map."""

from grids.reports.borders import Coverage, Patch, coverage
from grids.reports.party import Covering, PartyLine, PartyShare, party_lines, party_shares
from grids.reports.specialists import Specialist, specialists_for, specialists_on
from grids.reports.staff import (
    HouseholdWarning,
    PartyCoverage,
    household_warnings,
    party_coverage,
)
from grids.reports.staffing import CommunityStaff, Holder, Load, StaffLine, by_community, loads, staffing
from grids.reports.tree import TreeFault, tree_faults

__all__ = [
    "CommunityStaff",
    "Coverage",
    "Covering",
    "Holder",
    "HouseholdWarning",
    "Load",
    "PartyCoverage",
    "PartyLine",
    "PartyShare",
    "Patch",
    "Specialist",
    "StaffLine",
    "TreeFault",
    "by_community",
    "coverage",
    "household_warnings",
    "loads",
    "party_coverage",
    "party_lines",
    "party_shares",
    "specialists_for",
    "specialists_on",
    "staffing",
    "tree_faults",
]
