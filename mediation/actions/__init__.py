"""The verbs of mediation."""

from mediation.actions.looking import look_at

__all__ = [
    "look_at",
]
