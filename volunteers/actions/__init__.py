"""The verbs of volunteering."""

from volunteers.actions.hours import book_hours
from volunteers.actions.points import give_points

__all__ = ["book_hours", "give_points"]
