"""Who may manage accounts: the system hand makes them, the security hand says what they may be."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from accounts.models import User


def can_open_account(by: "User") -> Verdict:
    return (
        YES
        if by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}
        else Verdict.forbid(_("Only a system administrator opens accounts."))
    )


def can_grant_role(by: "User", user: "User", role: str) -> Verdict:
    """Separate hands: who opens accounts doesn't grant roles, and nobody grants to oneself."""
    if by.role not in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a security administrator grants roles."))
    if by.pk == user.pk:
        return Verdict.forbid(_("Nobody grants a role to themselves."))
    if role == Role.SYSTEM or user.role == Role.SYSTEM:
        return Verdict.forbid(_("The system's own account can't be changed."))
    return YES


def can_switch(by: "User", user: "User") -> Verdict:
    """Whether BY may let USER sign in or not."""
    if by.role not in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return Verdict.forbid(_("Only a security administrator opens or locks an account."))
    if by.pk == user.pk:
        return Verdict.forbid(_("Nobody locks or opens their own account."))
    if user.role == Role.SYSTEM:
        return Verdict.forbid(_("The system's own account can't be changed."))
    return YES


def can_set_password(by: "User", user: "User") -> Verdict:
    if user.role == Role.SYSTEM:
        return Verdict.forbid(_("The system's own account can't be changed."))
    if by.pk == user.pk or by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Only a system administrator sets another person's password."))
