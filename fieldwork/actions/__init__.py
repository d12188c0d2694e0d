"""Verbs of the worker's day."""

from fieldwork.actions.daily import ask_for_daily, give_daily
from fieldwork.actions.needless import answer_needless, say_needless
from fieldwork.actions.patrols import end_forgotten, start_patrol, stop_patrol
from fieldwork.actions.trails import Reading, Taken, add_points, look_at_trail, tidy_trails
from fieldwork.actions.visits import log_visit, make_case_of
from fieldwork.actions.walks import Walk, log_walk

__all__ = [
    "Reading",
    "Taken",
    "Walk",
    "add_points",
    "answer_needless",
    "ask_for_daily",
    "end_forgotten",
    "give_daily",
    "log_visit",
    "log_walk",
    "look_at_trail",
    "make_case_of",
    "say_needless",
    "start_patrol",
    "stop_patrol",
    "tidy_trails",
]
