"""Read-only views of cases."""

from cases.reports.asking import asked_for
from cases.reports.closing import Call, Caller, Merged, calls, merged_into, needs_rework
from cases.reports.explanation import Explanation, Row, explain, limit_text
from cases.reports.looks import NEAR_SHARE, StepView, TimelineRow, five_steps, light, timeline

__all__ = [
    "NEAR_SHARE",
    "Call",
    "Caller",
    "Explanation",
    "Merged",
    "Row",
    "StepView",
    "TimelineRow",
    "asked_for",
    "calls",
    "explain",
    "five_steps",
    "light",
    "limit_text",
    "merged_into",
    "needs_rework",
    "timeline",
]
