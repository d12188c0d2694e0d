"""Exchange of orders with a city's platforms: taking them in, telling them on, looking after what goes wrong."""

# Registered by being read: what each kind of message does.
from integrations.actions.hotline import answers, orders
from integrations.actions.hotline.codes import import_codes, map_code
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
from integrations.actions.hotline.review import drop_message, pass_over_message, replay_message, resend_message
from integrations.actions.hotline.sending import claim_message, note_failed, note_sent
from integrations.actions.hotline.taking import take_messages
from integrations.actions.hotline.telling import tell_partner, tell_partners

__all__ = [
    "add_partner",
    "answers",
    "change_partner",
    "claim_message",
    "drop_message",
    "forget_bodies",
    "import_codes",
    "map_code",
    "note_failed",
    "note_sent",
    "orders",
    "pass_over_message",
    "pass_up",
    "read_message",
    "receive_message",
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
