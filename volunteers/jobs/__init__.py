"""What the room has promised to do."""

from volunteers.jobs import certificates, ledger, people, posts, shifts

__all__ = [
    "certificates",
    "ledger",
    "people",
    "posts",
    "shifts",
]
