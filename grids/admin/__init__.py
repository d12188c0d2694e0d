"""The desk's pages for the map."""

from grids.admin.grids import GridAdmin
from grids.admin.staff import PartyOrgAdmin, PostAdmin, UnitAdmin

__all__ = ["GridAdmin", "PartyOrgAdmin", "PostAdmin", "UnitAdmin"]
