"""The desk's pages for accounts, stand-ins, entry apps, inboxes, downloads and the wording of notices."""

from django.contrib import admin
from rest_framework_api_key.models import APIKey

from accounts.admin.accounts import UserAdmin
from accounts.admin.delegations import DelegationAdmin
from accounts.admin.downloads import DownloadAdmin
from accounts.admin.entry import EntryAppAdmin
from accounts.admin.inbox import NoticeAdmin
from accounts.admin.outside import IdentityAdmin
from accounts.admin.sessions import SessionAdmin
from accounts.admin.wording import NoticeTextAdmin

__all__ = [
    "DelegationAdmin",
    "DownloadAdmin",
    "EntryAppAdmin",
    "IdentityAdmin",
    "NoticeAdmin",
    "NoticeTextAdmin",
    "SessionAdmin",
    "UserAdmin",
]

# The package's own kind of key is not used here.
admin.site.unregister(APIKey)
