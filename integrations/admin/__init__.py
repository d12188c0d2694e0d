"""The desk's pages of other systems."""

from integrations.admin import channels, hooks, hotline, hotline_held, open311

__all__ = ["channels", "hooks", "hotline", "hotline_held", "open311"]
