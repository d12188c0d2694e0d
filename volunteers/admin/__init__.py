"""The organisers' pages at the desk."""

from volunteers.admin.people import VolunteerAdmin
from volunteers.admin.squads import SquadAdmin

__all__ = ["SquadAdmin", "VolunteerAdmin"]
