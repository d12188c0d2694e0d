"""Read-only figures about the map."""

from grids.reports.borders import Coverage, Patch, coverage
from grids.reports.outlines import outlines, stamps
from grids.reports.party import Covering, PartyLine, PartyShare, party_lines, party_shares
from grids.reports.specialists import Specialist, specialists_for, specialists_on
from grids.reports.staff import (
    HouseholdWarning,
    PartyCoverage,
    household_warnings,
    party_coverage,
)
from grids.reports.staffing import CommunityStaff, Holder, Load, StaffLine, by_community, loads, staffing
from grids.reports.standing import Standing, is_covered, is_staffed, standing
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
    "Standing",
    "TreeFault",
    "by_community",
    "coverage",
    "household_warnings",
    "is_covered",
    "is_staffed",
    "loads",
    "outlines",
    "party_coverage",
    "party_lines",
    "party_shares",
    "specialists_for",
    "specialists_on",
    "staffing",
    "stamps",
    "standing",
    "tree_faults",
]
