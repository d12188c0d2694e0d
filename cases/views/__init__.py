"""Pages outside the desk: those that need no account, and the telephone's."""

from cases.views.results import show_photo, show_result, show_results

__all__ = ["show_photo", "show_result", "show_results"]
