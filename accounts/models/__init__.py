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
from accounts.models.signing import Factor, PastPassword, RecoveryCode, Session, Tries

__all__ = [
    "ApiClient",
    "ApiKey",
    "ClientCalls",
    "Delegation",
    "Download",
    "EntryApp",
    "EntryPass",
    "Factor",
    "Identity",
    "ListColumns",
    "Notice",
    "NoticeText",
    "PastPassword",
    "RecoveryCode",
    "SavedList",
    "Session",
    "Tries",
    "User",
]
