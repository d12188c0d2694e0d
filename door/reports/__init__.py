"""What residents are shown: what can be reported, where, what is there already, and how far their own has come."""

from door.reports.looked import Looked, looked_at
from door.reports.matters import Matters, matter_of, matters
from door.reports.near import Near, near_reports
from door.reports.progress import Progress, progress
from door.reports.staff import contacts_of, slip_columns, told_beside
from grids.reports.open_places import Place, place_at, streets

__all__ = [
    "Looked",
    "Matters",
    "Near",
    "Place",
    "Progress",
    "contacts_of",
    "looked_at",
    "matter_of",
    "matters",
    "near_reports",
    "place_at",
    "progress",
    "slip_columns",
    "streets",
    "told_beside",
]
