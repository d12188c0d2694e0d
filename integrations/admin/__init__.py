"""The desk's pages of other systems."""

from integrations.admin import hotline, open311

__all__ = ["hotline", "open311"]
