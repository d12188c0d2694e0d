"""Channels of notices: keeping them, what groups and people are told by them, and the sending."""

from integrations.actions.channels.carriers import carry
from integrations.actions.channels.gathering import gather_messages, take_lines
from integrations.actions.channels.groups import end_subscription, subscribe_group
from integrations.actions.channels.keeping import add_channel, change_channel, switch_channel, try_channel
from integrations.actions.channels.letters import Letter, Outcome
from integrations.actions.channels.own import add_own, change_own, drop_own, prove_own, send_code
from integrations.actions.channels.sending import bring_message, drop_old_messages, has_room, note_outcome, send_again

__all__ = [
    "Letter",
    "Outcome",
    "add_channel",
    "add_own",
    "bring_message",
    "carry",
    "change_channel",
    "change_own",
    "drop_old_messages",
    "drop_own",
    "end_subscription",
    "gather_messages",
    "has_room",
    "note_outcome",
    "prove_own",
    "send_again",
    "send_code",
    "subscribe_group",
    "switch_channel",
    "take_lines",
    "try_channel",
]
