"""What the room has promised to do."""

from volunteers.jobs import certificates, ledger, shifts

__all__ = [
    "certificates",
    "ledger",
    "shifts",
]
