"""What the room has promised to do."""

from integrations.jobs import hooks, hotline, open311

__all__ = ["hooks", "hotline", "open311"]
