"""What the room does: terms, holds and limits; requests; assessments."""

from privacy.actions.answering import answer_request, decide_request, note_done, search_for, strike_out, verify_request
from privacy.actions.asking import ask_again, copy_out, forget_requests, remind_of_request, take_request
from privacy.actions.assessing import assess, tell_reviews
from privacy.actions.terms import end_hold, hold_back, lift_limit, set_term

__all__ = [
    "answer_request",
    "ask_again",
    "assess",
    "copy_out",
    "decide_request",
    "end_hold",
    "forget_requests",
    "hold_back",
    "lift_limit",
    "note_done",
    "remind_of_request",
    "search_for",
    "set_term",
    "strike_out",
    "take_request",
    "tell_reviews",
    "verify_request",
]
