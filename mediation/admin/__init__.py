"""Mediation at the desk."""

from mediation.admin import referring
from mediation.admin.committees import CommitteeAdmin
from mediation.admin.experts import ExpertAdmin
from mediation.admin.files import MediationAdmin
from mediation.admin.mediators import MediatorAdmin
from mediation.admin.rooms import RoomAdmin
from mediation.admin.templates import TemplateAdmin

__all__ = [
    "CommitteeAdmin",
    "ExpertAdmin",
    "MediationAdmin",
    "MediatorAdmin",
    "RoomAdmin",
    "TemplateAdmin",
    "referring",
]
