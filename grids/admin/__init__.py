"""The desk's pages for the map."""

from grids.admin.bindings import BindingAdmin
from grids.admin.grids import GridAdmin
from grids.admin.staff import PartyOrgAdmin, PostAdmin, UnitAdmin

__all__ = ["BindingAdmin", "GridAdmin", "PartyOrgAdmin", "PostAdmin", "UnitAdmin"]
