"""Committees and who mediates; the file; the agreement and the volume; the texts of papers."""

from mediation.models.deeds import Agreement, FollowUp, Paper, PartyLink, Signature, Task
from mediation.models.files import (
    Assignment,
    Attendance,
    Conflict,
    Helper,
    Mediation,
    Party,
    Session,
)
from mediation.models.papers import Template, Volume
from mediation.models.people import Committee, Expert, Mediator, Room, Seat, Studio

__all__ = [
    "Agreement",
    "Assignment",
    "Attendance",
    "Committee",
    "Conflict",
    "Expert",
    "FollowUp",
    "Helper",
    "Mediation",
    "Mediator",
    "Paper",
    "Party",
    "PartyLink",
    "Room",
    "Seat",
    "Session",
    "Signature",
    "Studio",
    "Task",
    "Template",
    "Volume",
]
