"""The verbs of the room."""

from accounts.actions.accounts import grant_role, note_sign_in, open_account, set_password, switch_account
from accounts.actions.delegations import delegate, end_delegation
from accounts.actions.downloads import ask_download, drop_downloads, make_download, take_download
from accounts.actions.notices import gather_notices, mark_read, notify
from accounts.actions.saved import change_list, choose_columns, drop_list, save_list
from accounts.actions.wording import reword_notice

__all__ = [
    "ask_download",
    "change_list",
    "choose_columns",
    "delegate",
    "drop_downloads",
    "drop_list",
    "end_delegation",
    "gather_notices",
    "grant_role",
    "make_download",
    "mark_read",
    "note_sign_in",
    "notify",
    "open_account",
    "reword_notice",
    "save_list",
    "set_password",
    "switch_account",
    "take_download",
]
