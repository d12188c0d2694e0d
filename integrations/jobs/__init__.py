"""What the room has promised to do."""

from integrations.jobs import hooks, hotline

__all__ = ["hooks", "hotline"]
