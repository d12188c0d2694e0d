"""The organisers' pages at the desk."""

from volunteers.admin.certificates import CertificateAdmin, IssuerAdmin, ObjectionAdmin
from volunteers.admin.feedback import FeedbackAdmin
from volunteers.admin.panels import PanelAdmin
from volunteers.admin.people import VolunteerAdmin
from volunteers.admin.squads import SquadAdmin

__all__ = [
    "CertificateAdmin",
    "FeedbackAdmin",
    "IssuerAdmin",
    "ObjectionAdmin",
    "PanelAdmin",
    "SquadAdmin",
    "VolunteerAdmin",
]
