"""What the room does when it hears of something."""

from integrations.reactions import hooks

__all__ = ["hooks"]
