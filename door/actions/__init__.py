"""What residents do at the door, in the name of the door's own account: each verb one transaction, recorded."""

from door.actions.following import add_words, rate_report, reopen_report
from door.actions.guessing import GUESSED, note_guessing
from door.actions.leaving import forget_contact, forget_due, set_expiry, withdraw_report
from door.actions.reporting import Handed, join_report, take_report

__all__ = [
    "GUESSED",
    "Handed",
    "add_words",
    "forget_contact",
    "forget_due",
    "join_report",
    "note_guessing",
    "rate_report",
    "reopen_report",
    "set_expiry",
    "take_report",
    "withdraw_report",
]
