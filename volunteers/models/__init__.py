"""Who helps, what is to be done, what it adds up to, and how it is thanked."""

from volunteers.models.honours import Candidate, Certificate, Feedback, Issuer, Objection, Panel, Score, Seat
from volunteers.models.ledger import (
    Appeal,
    Balance,
    Good,
    HoursEntry,
    HoursLook,
    PointsEntry,
    PointsRule,
    Redemption,
    Station,
)
from volunteers.models.people import Member, Squad, Volunteer
from volunteers.models.work import Claim, Finding, GovernancePost, Need, Project, Shift, SignUp

__all__ = [
    "Appeal",
    "Balance",
    "Candidate",
    "Certificate",
    "Claim",
    "Feedback",
    "Finding",
    "Good",
    "GovernancePost",
    "HoursEntry",
    "HoursLook",
    "Issuer",
    "Member",
    "Need",
    "Objection",
    "Panel",
    "PointsEntry",
    "PointsRule",
    "Project",
    "Redemption",
    "Score",
    "Seat",
    "Shift",
    "SignUp",
    "Squad",
    "Station",
    "Volunteer",
]
