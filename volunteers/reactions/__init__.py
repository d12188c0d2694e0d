"""What the room answers when those below ask, and does when it hears of something."""

from volunteers.reactions import honours, keeping, ledger, people, shifts

__all__ = [
    "honours",
    "keeping",
    "ledger",
    "people",
    "shifts",
]
