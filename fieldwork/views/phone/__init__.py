"""/m/field/: the day, patrols, visits, the daily report, and what is needless."""

from fieldwork.views.phone.daily import count_day, show_daily
from fieldwork.views.phone.day import show_day
from fieldwork.views.phone.needless import show_needless
from fieldwork.views.phone.patrol import draw_patrol, show_patrol, show_walked, start_patrol, stop_patrol
from fieldwork.views.phone.visit import show_case, show_visit
from fieldwork.views.phone.walk import log_walk, show_walk

__all__ = [
    "count_day",
    "draw_patrol",
    "log_walk",
    "show_case",
    "show_daily",
    "show_day",
    "show_needless",
    "show_patrol",
    "show_visit",
    "show_walk",
    "show_walked",
    "start_patrol",
    "stop_patrol",
]
