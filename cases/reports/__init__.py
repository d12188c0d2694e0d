"""Read-only views of cases."""

from cases.reports.asking import asked_for
from cases.reports.explanation import Explanation, Row, explain, limit_text
from cases.reports.helping import Helper, ReportInTimes, helpers_for, report_in_times
from cases.reports.looks import NEAR_SHARE, StepView, TimelineRow, five_steps, light, timeline

__all__ = [
    "NEAR_SHARE",
    "Explanation",
    "Helper",
    "ReportInTimes",
    "Row",
    "StepView",
    "TimelineRow",
    "asked_for",
    "explain",
    "five_steps",
    "helpers_for",
    "light",
    "limit_text",
    "report_in_times",
    "timeline",
]
