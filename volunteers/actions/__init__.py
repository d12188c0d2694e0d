"""The verbs of volunteering."""

from volunteers.actions.hours import book_hours
from volunteers.actions.people import (
    Offer,
    Person,
    apply_as_volunteer,
    leave_volunteering,
    pause_volunteer,
    resume_volunteer,
    review_volunteer,
    take_up_again,
)
from volunteers.actions.points import give_points

__all__ = [
    "Offer",
    "Person",
    "apply_as_volunteer",
    "book_hours",
    "give_points",
    "leave_volunteering",
    "pause_volunteer",
    "resume_volunteer",
    "review_volunteer",
    "take_up_again",
]
