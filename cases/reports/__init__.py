"""Read-only views of cases."""

from cases.reports.explanation import Explanation, Row, explain, limit_text
from cases.reports.figures import BY_NAME, DEFINITIONS, Definition, Figure, Kind, Part, figures_of
from cases.reports.looks import NEAR_SHARE, StepView, TimelineRow, five_steps, light, timeline
from cases.reports.statistics import Asked, Statistics, statistics
from cases.reports.tallies import Difference, last_day, next_month, recount

__all__ = [
    "BY_NAME",
    "DEFINITIONS",
    "NEAR_SHARE",
    "Asked",
    "Definition",
    "Difference",
    "Explanation",
    "Figure",
    "Kind",
    "Part",
    "Row",
    "Statistics",
    "StepView",
    "TimelineRow",
    "explain",
    "figures_of",
    "five_steps",
    "last_day",
    "light",
    "limit_text",
    "next_month",
    "recount",
    "statistics",
    "timeline",
]
