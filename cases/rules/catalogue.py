"""Who keeps the matter list and the time limits."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from accounts.models import User


def can_set_policy(by: "User") -> Verdict:
    if by.role in {Role.STREET, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Time limits are set by the street office."))


def can_change_category(by: "User") -> Verdict:
    if by.role in {Role.STREET, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("The matter list is kept by the street office."))
