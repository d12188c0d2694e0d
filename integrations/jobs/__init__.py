"""What the room has promised to do."""

from integrations.jobs import channels, hooks, hotline, open311

__all__ = ["channels", "hooks", "hotline", "open311"]
