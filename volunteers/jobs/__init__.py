"""What the room has promised to do."""

from volunteers.jobs import certificates

__all__ = ["certificates"]
