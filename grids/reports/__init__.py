"""Read-only figures about the map."""

from grids.reports.borders import Coverage, Patch, compare, coverage
from grids.reports.cards import Card, card_of
from grids.reports.cutting import cut, fit_in, gather, geojson_of, join, shape_of, stored
from grids.reports.disclosure import Disclosure, Duties, Server, disclosure, duties_of
from grids.reports.moving import Moving, holds_point, moving
from grids.reports.outlines import outlines, stamps
from grids.reports.own import Choice, Colleague, OwnGrid, bound_places, own_grid, own_places
from grids.reports.party import Covering, PartyLine, PartyShare, party_lines, party_shares
from grids.reports.released import Announced, Group, announced, groups_at
from grids.reports.same_scope import scope_print
from grids.reports.specialists import Specialist, specialists_for, specialists_on
from grids.reports.staff import HouseholdWarning, household_warnings, is_unhandy
from grids.reports.staffing import CommunityStaff, Holder, Load, StaffLine, by_community, loads, staffing
from grids.reports.standing import Standing, is_covered, is_staffed, standing
from grids.reports.tree import TreeFault, tree_faults

__all__ = [
    "Announced",
    "Card",
    "Choice",
    "Colleague",
    "CommunityStaff",
    "Coverage",
    "Covering",
    "Disclosure",
    "Duties",
    "Group",
    "Holder",
    "HouseholdWarning",
    "Load",
    "Moving",
    "OwnGrid",
    "PartyLine",
    "PartyShare",
    "Patch",
    "Server",
    "Specialist",
    "StaffLine",
    "Standing",
    "TreeFault",
    "announced",
    "bound_places",
    "by_community",
    "card_of",
    "compare",
    "coverage",
    "cut",
    "disclosure",
    "duties_of",
    "fit_in",
    "gather",
    "geojson_of",
    "groups_at",
    "holds_point",
    "household_warnings",
    "is_covered",
    "is_staffed",
    "is_unhandy",
    "join",
    "loads",
    "moving",
    "outlines",
    "own_grid",
    "own_places",
    "party_lines",
    "party_shares",
    "scope_print",
    "shape_of",
    "specialists_for",
    "specialists_on",
    "staffing",
    "stamps",
    "standing",
    "stored",
    "tree_faults",
]
