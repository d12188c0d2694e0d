"""Read-only figures of the worker's day."""

from fieldwork.reports.day import Day, DayCounts, bounds, day_of, days_before, minutes_of, trail_days
from fieldwork.reports.figures import GridFigures, grid_figures
from fieldwork.reports.missing import DailyLine, daily_lines
from fieldwork.reports.needless import NeedlessCounts, needless_counts, speaker_for
from fieldwork.reports.places import own_places, place_of, street_of, streets_of
from fieldwork.reports.trail import Trail, trail_of

__all__ = [
    "DailyLine",
    "Day",
    "DayCounts",
    "GridFigures",
    "NeedlessCounts",
    "Trail",
    "bounds",
    "daily_lines",
    "day_of",
    "days_before",
    "grid_figures",
    "minutes_of",
    "needless_counts",
    "own_places",
    "place_of",
    "speaker_for",
    "street_of",
    "streets_of",
    "trail_days",
    "trail_of",
]
