"""What the room has promised to do."""

from volunteers.jobs import certificates, shifts

__all__ = [
    "certificates",
    "shifts",
]
