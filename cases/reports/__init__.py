"""Read-only views of cases."""

from cases.reports.duplicates import Similar, similar_cases, similar_to
from cases.reports.explanation import Explanation, Row, explain, limit_text
from cases.reports.intake import Advice, advise, advise_on
from cases.reports.looks import NEAR_SHARE, StepView, TimelineRow, five_steps, light, timeline
from cases.reports.suggestion import CategoryGuess, GridGuess, Suggestion, UnitGuess, suggest

__all__ = [
    "NEAR_SHARE",
    "Advice",
    "CategoryGuess",
    "Explanation",
    "GridGuess",
    "Row",
    "Similar",
    "StepView",
    "Suggestion",
    "TimelineRow",
    "UnitGuess",
    "advise",
    "advise_on",
    "explain",
    "five_steps",
    "light",
    "limit_text",
    "similar_cases",
    "similar_to",
    "suggest",
    "timeline",
]
