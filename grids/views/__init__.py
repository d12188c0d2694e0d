"""Pages that need no account."""

from grids.views.cards import save_contact, show_card
from grids.views.disclosure import show_disclosure, show_group_code

__all__ = ["save_contact", "show_card", "show_disclosure", "show_group_code"]
