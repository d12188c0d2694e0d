"""What the room has promised to do."""

from integrations.jobs import hooks

__all__ = ["hooks"]
