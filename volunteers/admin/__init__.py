"""The organisers' pages at the desk."""

from volunteers.admin.certificates import CertificateAdmin, IssuerAdmin, ObjectionAdmin
from volunteers.admin.feedback import FeedbackAdmin
from volunteers.admin.hours import AppealAdmin, HoursEntryAdmin
from volunteers.admin.panels import PanelAdmin
from volunteers.admin.people import VolunteerAdmin
from volunteers.admin.points import PointsEntryAdmin, PointsRuleAdmin
from volunteers.admin.squads import SquadAdmin
from volunteers.admin.stations import GoodAdmin, RedemptionAdmin, StationAdmin

__all__ = [
    "AppealAdmin",
    "CertificateAdmin",
    "FeedbackAdmin",
    "GoodAdmin",
    "HoursEntryAdmin",
    "IssuerAdmin",
    "ObjectionAdmin",
    "PanelAdmin",
    "PointsEntryAdmin",
    "PointsRuleAdmin",
    "RedemptionAdmin",
    "SquadAdmin",
    "StationAdmin",
    "VolunteerAdmin",
]
