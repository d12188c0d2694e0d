"""Pages that need no account."""

from grids.views.disclosure import show_disclosure

__all__ = ["show_disclosure"]
