"""Read-only views of cases."""

from cases.reports.asking import asked_for
from cases.reports.closing import Call, Caller, Merged, calls, merged_into, needs_rework
from cases.reports.duplicates import Similar, similar_cases, similar_to
from cases.reports.explanation import Explanation, Row, explain, limit_text
from cases.reports.helping import Helper, Median, ReportInTimes, helpers_for, report_in_times
from cases.reports.intake import Advice, advise, advise_on
from cases.reports.looks import NEAR_SHARE, StepView, TimelineRow, five_steps, light, timeline
from cases.reports.suggestion import CategoryGuess, GridGuess, Suggestion, UnitGuess, suggest

__all__ = [
    "NEAR_SHARE",
    "Advice",
    "Call",
    "Caller",
    "CategoryGuess",
    "Explanation",
    "GridGuess",
    "Helper",
    "Median",
    "Merged",
    "ReportInTimes",
    "Row",
    "Similar",
    "StepView",
    "Suggestion",
    "TimelineRow",
    "UnitGuess",
    "advise",
    "advise_on",
    "asked_for",
    "calls",
    "explain",
    "five_steps",
    "helpers_for",
    "light",
    "limit_text",
    "merged_into",
    "needs_rework",
    "report_in_times",
    "similar_cases",
    "similar_to",
    "suggest",
    "timeline",
]
