"""Exchange of orders with a city's platforms: taking them in, telling them on, looking after what goes wrong."""

# Registered by being read: what each kind of message does.
from integrations.actions.hotline import answers, orders
from integrations.actions.hotline.codes import import_codes, map_code
from integrations.actions.hotline.files import drop_file, file_to_fetch, keep_file, note_missed, refetch_file
from integrations.actions.hotline.looking import forget_bodies, read_message, reveal_caller
from integrations.actions.hotline.partners import (
    add_partner,
    change_partner,
    secrets_of,
    set_partner_secret,
    shipped_profiles,
    switch_partner,
)
from integrations.actions.hotline.passing import pass_up
from integrations.actions.hotline.receiving import receive_message
from integrations.actions.hotline.refusing import add_refused, forget_refused, note_refused
from integrations.actions.hotline.review import drop_message, pass_over_message, replay_message, resend_message
from integrations.actions.hotline.sending import claim_message, note_failed, note_sent
from integrations.actions.hotline.taking import take_messages
from integrations.actions.hotline.telling import tell_partner, tell_partners

__all__ = [
    "add_partner",
    "add_refused",
    "answers",
    "change_partner",
    "claim_message",
    "drop_file",
    "drop_message",
    "file_to_fetch",
    "forget_bodies",
    "forget_refused",
    "import_codes",
    "keep_file",
    "map_code",
    "note_failed",
    "note_missed",
    "note_refused",
    "note_sent",
    "orders",
    "pass_over_message",
    "pass_up",
    "read_message",
    "receive_message",
    "refetch_file",
    "replay_message",
    "resend_message",
    "reveal_caller",
    "secrets_of",
    "set_partner_secret",
    "shipped_profiles",
    "switch_partner",
    "take_messages",
    "tell_partner",
    "tell_partners",
]
