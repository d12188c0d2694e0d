"""The own grid on the phone."""

from grids.views.phone.announcing import show_notices, withdraw_notice
from grids.views.phone.card import show_cards
from grids.views.phone.grid import show_grid, suggest
from grids.views.phone.groups import show_group, show_group_picture, show_groups, take_away
from grids.views.phone.qr import show_code

__all__ = [
    "show_cards",
    "show_code",
    "show_grid",
    "show_group",
    "show_group_picture",
    "show_groups",
    "show_notices",
    "suggest",
    "take_away",
    "withdraw_notice",
]
