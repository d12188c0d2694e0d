"""The desk's pages for accounts, stand-ins and inboxes."""

from accounts.admin.accounts import UserAdmin
from accounts.admin.delegations import DelegationAdmin
from accounts.admin.inbox import NoticeAdmin

__all__ = ["DelegationAdmin", "NoticeAdmin", "UserAdmin"]
