"""The verbs of mediation."""

from mediation.actions.choosing import accept_mediator, assign, release, say_conflict
from mediation.actions.committees import (
    change_committee,
    elect,
    end_committee,
    end_seat,
    found_committee,
    give_seat,
)
from mediation.actions.experts import change_expert, end_expert, register_expert
from mediation.actions.looking import look_at
from mediation.actions.mediators import change_mediator, end_mediator, register_mediator
from mediation.actions.rooms import add_room, change_room, close_room, close_studio, open_studio

__all__ = [
    "accept_mediator",
    "add_room",
    "assign",
    "change_committee",
    "change_expert",
    "change_mediator",
    "change_room",
    "close_room",
    "close_studio",
    "elect",
    "end_committee",
    "end_expert",
    "end_mediator",
    "end_seat",
    "found_committee",
    "give_seat",
    "look_at",
    "open_studio",
    "register_expert",
    "register_mediator",
    "release",
    "say_conflict",
]
