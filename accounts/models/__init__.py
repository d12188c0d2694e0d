"""Who signs in, and by what else one comes in."""

from accounts.models.clients import ApiClient, ApiKey, ClientCalls
from accounts.models.outside import Identity
from accounts.models.people import (
    Delegation,
    Download,
    EntryApp,
    EntryPass,
    ListColumns,
    Notice,
    NoticeText,
    SavedList,
    User,
)

__all__ = [
    "ApiClient",
    "ApiKey",
    "ClientCalls",
    "Delegation",
    "Download",
    "EntryApp",
    "EntryPass",
    "Identity",
    "ListColumns",
    "Notice",
    "NoticeText",
    "SavedList",
    "User",
]
