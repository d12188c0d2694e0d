"""What the room does when it hears of something."""

from integrations.reactions import channels, hooks, hotline, keeping

__all__ = ["channels", "hooks", "hotline", "keeping"]
