"""Read-only views of cases."""

from cases.reports.archiving import archive
from cases.reports.asking import asked_for
from cases.reports.closing import Call, Caller, Merged, calls, merged_into, needs_rework
from cases.reports.duplicates import Similar, similar_cases, similar_to
from cases.reports.explanation import Explanation, Row, explain, limit_text
from cases.reports.figures import BY_NAME, DEFINITIONS, Definition, Figure, Kind, Part, figures_of
from cases.reports.helping import Helper, Median, ReportInTimes, helpers_for, report_in_times
from cases.reports.history import Change, TimelineRow, history_length, news, timeline
from cases.reports.intake import Advice, advise, advise_on
from cases.reports.looks import NEAR_SHARE, StepView, five_steps, light
from cases.reports.statistics import Asked, Statistics, statistics
from cases.reports.suggestion import CategoryGuess, GridGuess, Suggestion, UnitGuess, suggest
from cases.reports.tallies import Difference, last_day, next_month, recount

__all__ = [
    "BY_NAME",
    "DEFINITIONS",
    "NEAR_SHARE",
    "Advice",
    "Asked",
    "Call",
    "Caller",
    "CategoryGuess",
    "Change",
    "Definition",
    "Difference",
    "Explanation",
    "Figure",
    "GridGuess",
    "Helper",
    "Kind",
    "Median",
    "Merged",
    "Part",
    "ReportInTimes",
    "Row",
    "Similar",
    "Statistics",
    "StepView",
    "Suggestion",
    "TimelineRow",
    "UnitGuess",
    "advise",
    "advise_on",
    "archive",
    "asked_for",
    "calls",
    "explain",
    "figures_of",
    "five_steps",
    "helpers_for",
    "history_length",
    "last_day",
    "light",
    "limit_text",
    "merged_into",
    "needs_rework",
    "news",
    "next_month",
    "recount",
    "report_in_times",
    "similar_cases",
    "similar_to",
    "statistics",
    "suggest",
    "timeline",
]
