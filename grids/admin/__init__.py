"""The desk's pages for the map, and for the systems that have a ground on it."""

from grids.admin.bindings import BindingAdmin
from grids.admin.clients import ApiClientAdmin
from grids.admin.disclosures import PublicPageAdmin
from grids.admin.duties import DutyAdmin
from grids.admin.grids import GridAdmin
from grids.admin.party import PartyOrgAdmin
from grids.admin.posts import PostAdmin
from grids.admin.redrawing import RedrawingAdmin
from grids.admin.released import GridNoticeAdmin, GroupLinkAdmin
from grids.admin.units import UnitAdmin

__all__ = [
    "ApiClientAdmin",
    "BindingAdmin",
    "DutyAdmin",
    "GridAdmin",
    "GridNoticeAdmin",
    "GroupLinkAdmin",
    "PartyOrgAdmin",
    "PostAdmin",
    "PublicPageAdmin",
    "RedrawingAdmin",
    "UnitAdmin",
]
