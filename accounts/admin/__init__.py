"""The desk's pages for accounts, stand-ins, entry apps, inboxes, downloads and the wording of notices."""

from accounts.admin.accounts import UserAdmin
from accounts.admin.delegations import DelegationAdmin
from accounts.admin.downloads import DownloadAdmin
from accounts.admin.entry import EntryAppAdmin
from accounts.admin.inbox import NoticeAdmin
from accounts.admin.wording import NoticeTextAdmin

__all__ = ["DelegationAdmin", "DownloadAdmin", "EntryAppAdmin", "NoticeAdmin", "NoticeTextAdmin", "UserAdmin"]
