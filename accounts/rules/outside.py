"""Who may come in by the word of somebody outside. The three hands never do: whoever runs the provider would be above them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.choices import CASE_ROLES, Role
from accounts.choices.outside import LONGEST_SUBJECT
from gridgov.core.errors import YES, Verdict

if TYPE_CHECKING:
    from accounts.models import Identity, User


def can_be_subject(subject: str) -> Verdict:
    if 0 < len(subject) <= LONGEST_SUBJECT and "\0" not in subject:
        return YES
    return Verdict.forbid(_("The sign-in service did not vouch for you. Please try again."), "not_vouched")


def can_come_from_outside(user: "User") -> Verdict:
    if not user.is_active:
        return Verdict.forbid(_("This account is locked."), "locked")
    if user.role not in CASE_ROLES:
        return Verdict.forbid(_("Administrators and auditors sign in by their own password."), "hand")
    return YES


def is_nobody_yet(row: "Identity | None") -> Verdict:
    return YES if row is None else Verdict.clash(_("This sign-in belongs to another account already."), "bound")


def has_none_yet(user: "User", way: str, has: bool) -> Verdict:
    if not has:
        return YES
    return Verdict.clash(
        _("This account has such a sign-in already. Undo it first, in “Me” or by the security administrator."),
        "has_one",
    )


def can_unbind(by: "User", row: "Identity") -> Verdict:
    if by.pk == row.user_id or by.role in {Role.SECURITY_ADMIN, Role.SYSTEM}:
        return YES
    return Verdict.forbid(_("Whose account it is undoes it, or a security administrator."))
