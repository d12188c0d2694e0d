"""The organisers' pages at the desk."""

from volunteers.admin.certificates import CertificateAdmin, IssuerAdmin, ObjectionAdmin
from volunteers.admin.feedback import FeedbackAdmin
from volunteers.admin.hours import AppealAdmin, HoursEntryAdmin
from volunteers.admin.panels import PanelAdmin
from volunteers.admin.people import VolunteerAdmin
from volunteers.admin.points import PointsEntryAdmin, PointsRuleAdmin
from volunteers.admin.posts import GovernancePostAdmin
from volunteers.admin.projects import NeedAdmin, ProjectAdmin
from volunteers.admin.shifts import ShiftAdmin
from volunteers.admin.squads import SquadAdmin
from volunteers.admin.stations import GoodAdmin, RedemptionAdmin, StationAdmin

__all__ = [
    "AppealAdmin",
    "CertificateAdmin",
    "FeedbackAdmin",
    "GoodAdmin",
    "GovernancePostAdmin",
    "HoursEntryAdmin",
    "IssuerAdmin",
    "NeedAdmin",
    "ObjectionAdmin",
    "PanelAdmin",
    "PointsEntryAdmin",
    "PointsRuleAdmin",
    "ProjectAdmin",
    "RedemptionAdmin",
    "ShiftAdmin",
    "SquadAdmin",
    "StationAdmin",
    "VolunteerAdmin",
]
