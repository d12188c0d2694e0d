"""The words and fixed numbers of the figures (handbook 3.5)."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import LEADS, Role
from cases.choices.case import Tier

# Upper ends, in hours, of the classes by which handling times are counted; the last class is open above.
HOURS = (1, 2, 4, 8, 12, 24, 36, 48, 72, 96, 120, 168, 240, 360, 720)
TIMES = tuple(f"t{n}" for n in range(len(HOURS) + 1))
# Counted on the day of a limit's end, which may lie ahead: a figure takes them only up to the moment asked.
AHEAD = (
    "due", "due_closed", "due_on_time", "due_extended", "due_parked", "due_suspended", "due_excluded", "answer_due",
    "answer_in_time",
)  # fmt: skip
# What is counted, each on the day of the moment it is about (migration 0003 says exactly what).
MEASURES = (
    *AHEAD, "reported", "reported_accepted", "accepted", "completed", "completed_reworked", "completed_called", "seconds",
    *TIMES, "closed", "sent", "sent_returned", "rated", "rated_good", "rated_basic", "called", "called_solved",
)  # fmt: skip

# What a breakdown on the dashboard counts; the report and the tables have the same columns.
SPREAD = ("reported", "accepted", "due", "due_on_time", "completed", "closed", "rated", "rated_good")
# What the key columns tell by themselves.
BY_KEY = ("accepted_own", "closed_in_grid")

# Who sees figures: those who lead a grid, and units theirs.
FIGURE_ROLES = frozenset({Role.STREET, Role.UNIT_STAFF, *LEADS})
# Settled in the grid.
GRID_TIERS = frozenset({Tier.A, Tier.B})
# Share of demands to be kept in the grid (seed 000), in percent.
GRID_TARGET = Decimal(60)
# Fewer ratings than this are told as a count, not as a rate.
LEAST_RATINGS = 5
# The three rates' score: local settings, in percent.
SCORE_WEIGHTS = {"response_rate": 10, "solve_rate": 45, "satisfaction_rate": 45}


class Dimension(models.TextChoices):
    """What a table of figures is broken down by."""

    GRID = "grid", _("grid")
    UNIT = "unit", _("unit")
    CATEGORY = "category", _("category")
    CHANNEL = "channel", _("channel")
    TIER = "tier", _("tier")
    MONTH = "month", _("month")


class Period(models.TextChoices):
    """Spans of days that have a name."""

    THIS_WEEK = "this_week", _("this week")
    LAST_WEEK = "last_week", _("last week")
    THIS_MONTH = "this_month", _("this month")
    LAST_MONTH = "last_month", _("last month")
    THIS_QUARTER = "this_quarter", _("this quarter")
    LAST_QUARTER = "last_quarter", _("last quarter")
    THIS_YEAR = "this_year", _("this year")
    LAST_YEAR = "last_year", _("last year")


class Grain(models.TextChoices):
    """The pieces a trend is cut into."""

    DAY = "day", _("by day")
    WEEK = "week", _("by week")
    MONTH = "month", _("by month")
