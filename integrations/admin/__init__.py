"""The desk's pages of other systems."""

from integrations.admin import hooks, hotline, open311

__all__ = ["hooks", "hotline", "open311"]
