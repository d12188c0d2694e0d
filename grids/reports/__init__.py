"""Read-only figures about the map."""

from grids.reports.borders import Coverage, Patch, compare, coverage
from grids.reports.cutting import cut, fit_in, gather, geojson_of, join, shape_of, stored
from grids.reports.disclosure import Disclosure, Duties, Server, disclosure, duties_of
from grids.reports.moving import Moving, holds_point, moving
from grids.reports.outlines import outlines, stamps
from grids.reports.party import Covering, PartyLine, PartyShare, party_lines, party_shares
from grids.reports.specialists import Specialist, specialists_for, specialists_on
from grids.reports.staff import HouseholdWarning, household_warnings, is_unhandy
from grids.reports.staffing import CommunityStaff, Holder, Load, StaffLine, by_community, loads, staffing
from grids.reports.standing import Standing, is_covered, is_staffed, standing
from grids.reports.tree import TreeFault, tree_faults

__all__ = [
    "CommunityStaff",
    "Coverage",
    "Covering",
    "Disclosure",
    "Duties",
    "Holder",
    "HouseholdWarning",
    "Load",
    "Moving",
    "PartyLine",
    "PartyShare",
    "Patch",
    "Server",
    "Specialist",
    "StaffLine",
    "Standing",
    "TreeFault",
    "by_community",
    "compare",
    "coverage",
    "cut",
    "disclosure",
    "duties_of",
    "fit_in",
    "gather",
    "geojson_of",
    "holds_point",
    "household_warnings",
    "is_covered",
    "is_staffed",
    "is_unhandy",
    "join",
    "loads",
    "moving",
    "outlines",
    "party_lines",
    "party_shares",
    "shape_of",
    "specialists_for",
    "specialists_on",
    "staffing",
    "stamps",
    "standing",
    "stored",
    "tree_faults",
]
