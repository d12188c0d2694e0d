"""Pages that need no account."""

from cases.views.results import show_photo, show_result, show_results

__all__ = ["show_photo", "show_result", "show_results"]
