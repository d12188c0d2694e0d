"""Read-only views of cases."""

from cases.reports.asking import asked_for
from cases.reports.explanation import Explanation, Row, explain, limit_text
from cases.reports.looks import NEAR_SHARE, StepView, TimelineRow, five_steps, light, timeline

__all__ = [
    "NEAR_SHARE",
    "Explanation",
    "Row",
    "StepView",
    "TimelineRow",
    "asked_for",
    "explain",
    "five_steps",
    "light",
    "limit_text",
    "timeline",
]
