"""What is kept of the map, of those who serve it, and of what residents are told."""

from grids.models.clients import ClientGround
from grids.models.ground import Binding, Dated, Duty, Grid, PartyOrg, Post, Redrawing, Unit
from grids.models.public import ContactCard, GridNotice, GroupLink, PublicPage

__all__ = [
    "Binding",
    "ClientGround",
    "ContactCard",
    "Dated",
    "Duty",
    "Grid",
    "GridNotice",
    "GroupLink",
    "PartyOrg",
    "Post",
    "PublicPage",
    "Redrawing",
    "Unit",
]
