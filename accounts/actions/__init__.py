"""The verbs of the room."""

from accounts.actions.accounts import (
    entrust_confidential,
    grant_role,
    keep_volunteer,
    note_sign_in,
    open_account,
    set_password,
    switch_account,
)
from accounts.actions.clients import (
    add_calls,
    add_client,
    change_client,
    drop_calls,
    note_look,
    recast_client,
    switch_client,
)
from accounts.actions.delegations import delegate, end_delegation
from accounts.actions.downloads import ask_download, drop_downloads, make_download, take_download
from accounts.actions.entry import (
    add_entry_app,
    change_entry_app,
    drop_entry_passes,
    enter_by_code,
    enter_by_link,
    issue_entry_code,
    note_refused_entry,
    renew_entry_secret,
    switch_entry_app,
)
from accounts.actions.keys import issue_key, note_use, revoke_key
from accounts.actions.notices import gather_notices, mark_read, notify, take_told
from accounts.actions.outside import bind_identity, enter_from_outside, note_refused_outsider, unbind_identity
from accounts.actions.saved import change_list, choose_columns, drop_list, save_list
from accounts.actions.wording import reword_notice

__all__ = [
    "add_calls",
    "add_client",
    "add_entry_app",
    "ask_download",
    "bind_identity",
    "change_client",
    "change_entry_app",
    "change_list",
    "choose_columns",
    "delegate",
    "drop_calls",
    "drop_downloads",
    "drop_entry_passes",
    "drop_list",
    "end_delegation",
    "enter_by_code",
    "enter_by_link",
    "enter_from_outside",
    "entrust_confidential",
    "gather_notices",
    "grant_role",
    "issue_entry_code",
    "issue_key",
    "keep_volunteer",
    "make_download",
    "mark_read",
    "note_look",
    "note_refused_entry",
    "note_refused_outsider",
    "note_sign_in",
    "note_use",
    "notify",
    "open_account",
    "recast_client",
    "renew_entry_secret",
    "revoke_key",
    "reword_notice",
    "save_list",
    "set_password",
    "switch_account",
    "switch_client",
    "switch_entry_app",
    "take_download",
    "take_told",
    "unbind_identity",
]
