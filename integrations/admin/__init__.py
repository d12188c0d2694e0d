"""The desk's pages of other systems."""

from integrations.admin import hotline

__all__ = ["hotline"]
