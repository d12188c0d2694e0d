"""What the room does when it hears of something."""

from integrations.reactions import hooks, hotline

__all__ = ["hooks", "hotline"]
