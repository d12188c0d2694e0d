"""What somebody's role and posts make of them, before any case."""

from typing import TYPE_CHECKING

from accounts.choices import LEADS, Role
from cases.choices import AUTHORITY

if TYPE_CHECKING:
    from accounts.models import User


def decides(by: "User", tier: str) -> bool:
    """Whether cases of TIER are BY's to decide about. Tiers are letters in order."""
    own = AUTHORITY.get(Role(by.role))
    return own is not None and tier <= own


def leads(by: "User") -> bool:
    return by.role in LEADS | {Role.STREET, Role.SYSTEM}
