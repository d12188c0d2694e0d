"""Read-only views of cases."""

from cases.reports.archiving import archive
from cases.reports.asking import asked_for
from cases.reports.behind import HEAT, Behind, cases_behind, counted_cases, counted_rows
from cases.reports.clock_views import ClockView, clock_views
from cases.reports.closing import Call, Caller, Merged, calls, merged_into, needs_rework
from cases.reports.columns import COLUMNS, HEADS, count_of, difference, moved, share_of, shown_value, value_of
from cases.reports.dashboard import Dashboard, Line, Point, dashboard, weekday_name
from cases.reports.duplicates import Similar, similar_cases, similar_to
from cases.reports.explanation import Explanation, Row, explain, explain_all, limit_text
from cases.reports.figures import BY_NAME, DEFINITIONS, Definition, Figure, Kind, Part, figure_of, figures_of
from cases.reports.foreseen import Foreseen, foresee
from cases.reports.helping import Helper, helpers_for
from cases.reports.history import Change, TimelineRow, history_length, news, timeline
from cases.reports.intake import Advice, advise, advise_on
from cases.reports.kept import kept_figures
from cases.reports.looks import NEAR_SHARE, StepView, five_steps, light
from cases.reports.meant_units import meant_unit
from cases.reports.month_pdf import month_pdf
from cases.reports.month_sheet import month_sheet
from cases.reports.monthly import Monthly, monthly
from cases.reports.narrowing import Asked, Narrowed, narrow
from cases.reports.parts import asked_of_part, column_for, in_order, names_of
from cases.reports.phrasebook import Phrase, house_phrases, phrasebook
from cases.reports.recount import Difference, recount
from cases.reports.spans import Span, before, cut, last_day, named, next_month, so_far, usual_grain
from cases.reports.statistics import Statistics, statistics
from cases.reports.suggestion import CategoryGuess, GridGuess, Suggestion, UnitGuess, suggest
from cases.reports.tallies import Sums, read, read_sets
from cases.reports.voices import Voice, voices
from cases.reports.wall import Row as WallRow
from cases.reports.wall import Wall, wall
from cases.reports.whistles import Median, ReportInTimes, report_in_times
from cases.reports.whole import whole_case

__all__ = [
    "BY_NAME",
    "COLUMNS",
    "DEFINITIONS",
    "HEADS",
    "HEAT",
    "NEAR_SHARE",
    "Advice",
    "Asked",
    "Behind",
    "Call",
    "Caller",
    "CategoryGuess",
    "Change",
    "ClockView",
    "Dashboard",
    "Definition",
    "Difference",
    "Explanation",
    "Figure",
    "Foreseen",
    "GridGuess",
    "Helper",
    "Kind",
    "Line",
    "Median",
    "Merged",
    "Monthly",
    "Narrowed",
    "Part",
    "Phrase",
    "Point",
    "ReportInTimes",
    "Row",
    "Similar",
    "Span",
    "Statistics",
    "StepView",
    "Suggestion",
    "Sums",
    "TimelineRow",
    "UnitGuess",
    "Voice",
    "Wall",
    "WallRow",
    "advise",
    "advise_on",
    "archive",
    "asked_for",
    "asked_of_part",
    "before",
    "calls",
    "cases_behind",
    "clock_views",
    "column_for",
    "count_of",
    "counted_cases",
    "counted_rows",
    "cut",
    "dashboard",
    "difference",
    "explain",
    "explain_all",
    "figure_of",
    "figures_of",
    "five_steps",
    "foresee",
    "helpers_for",
    "history_length",
    "house_phrases",
    "in_order",
    "kept_figures",
    "last_day",
    "light",
    "limit_text",
    "meant_unit",
    "merged_into",
    "month_pdf",
    "month_sheet",
    "monthly",
    "moved",
    "named",
    "names_of",
    "narrow",
    "needs_rework",
    "news",
    "next_month",
    "phrasebook",
    "read",
    "read_sets",
    "recount",
    "report_in_times",
    "share_of",
    "shown_value",
    "similar_cases",
    "similar_to",
    "so_far",
    "statistics",
    "suggest",
    "timeline",
    "usual_grain",
    "value_of",
    "voices",
    "wall",
    "weekday_name",
    "whole_case",
]
