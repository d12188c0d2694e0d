"""The verbs of mediation."""

from mediation.actions.agreements import withdraw_text, write_agreement
from mediation.actions.choosing import accept_mediator, assign, release, say_conflict
from mediation.actions.committees import (
    change_committee,
    elect,
    end_committee,
    end_seat,
    found_committee,
    give_seat,
)
from mediation.actions.confirming import ask_court, note_ruling, reckon_anew
from mediation.actions.danger import report_danger
from mediation.actions.ending import end_file, tell_ways
from mediation.actions.experts import change_expert, end_expert, register_expert
from mediation.actions.files import accept_file, change_file, decline_file, open_file, withdraw_file
from mediation.actions.filing import file_volume
from mediation.actions.following import follow_up
from mediation.actions.inviting import agree_to_helper, drop_helper, invite_helper
from mediation.actions.limits import extend_file
from mediation.actions.looking import look_at
from mediation.actions.mediators import change_mediator, end_mediator, register_mediator
from mediation.actions.meeting import cancel_session, plan_session, write_record
from mediation.actions.parties import add_party, change_party, say_consent, tell_rights, want_more_time
from mediation.actions.performing import note_performance
from mediation.actions.referring import refer_case
from mediation.actions.rooms import add_room, change_room, close_room, close_studio, open_studio
from mediation.actions.signing import sign

__all__ = [
    "accept_file",
    "accept_mediator",
    "add_party",
    "add_room",
    "agree_to_helper",
    "ask_court",
    "assign",
    "cancel_session",
    "change_committee",
    "change_expert",
    "change_file",
    "change_mediator",
    "change_party",
    "change_room",
    "close_room",
    "close_studio",
    "decline_file",
    "drop_helper",
    "elect",
    "end_committee",
    "end_expert",
    "end_file",
    "end_mediator",
    "end_seat",
    "extend_file",
    "file_volume",
    "follow_up",
    "found_committee",
    "give_seat",
    "invite_helper",
    "look_at",
    "note_performance",
    "note_ruling",
    "open_file",
    "open_studio",
    "plan_session",
    "reckon_anew",
    "refer_case",
    "register_expert",
    "register_mediator",
    "release",
    "report_danger",
    "say_conflict",
    "say_consent",
    "sign",
    "tell_rights",
    "tell_ways",
    "want_more_time",
    "withdraw_file",
    "withdraw_text",
    "write_agreement",
    "write_record",
]
