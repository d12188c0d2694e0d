"""The verbs of webhooks: kept, checked, told and told again."""

from integrations.actions.hooks.checking import ask_check, challenge, check_hook, note_check
from integrations.actions.hooks.keeping import add_hook, change_hook, end_hook, end_old_key, rotate_key, switch_hook
from integrations.actions.hooks.noting import give_up_hooks, note_batch, tidy_hooks
from integrations.actions.hooks.queueing import forget_hooks, queue_deliveries
from integrations.actions.hooks.replaying import replay_all, replay_delivery

__all__ = [
    "add_hook",
    "ask_check",
    "challenge",
    "change_hook",
    "check_hook",
    "end_hook",
    "end_old_key",
    "forget_hooks",
    "give_up_hooks",
    "note_batch",
    "note_check",
    "queue_deliveries",
    "replay_all",
    "replay_delivery",
    "rotate_key",
    "switch_hook",
    "tidy_hooks",
]
