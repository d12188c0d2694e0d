"""Who sees which accounts and notices."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import BaseUserManager
from django.db.models import QuerySet

from accounts.choices import ADMIN_HANDS, Role

if TYPE_CHECKING:
    from accounts.models import User


class UserQuerySet(QuerySet):
    def visible_to(self, user: "User") -> Self:
        """The system and security hands see every account; everyone else sees the own one."""
        if user.role in ADMIN_HANDS:
            return self.exclude(role=Role.SYSTEM)
        return self.filter(pk=user.pk)

    def for_list(self) -> Self:
        return self

    def for_detail(self) -> Self:
        return self

    def able(self) -> Self:
        """Accounts that can sign in."""
        return self.filter(is_active=True).exclude(role=Role.SYSTEM)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Also finds the account in whose name the house acts by itself."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)

    def system(self) -> "User":
        """The `system` account; made on first use, can never sign in."""
        user, _made = self.get_or_create(
            username="system", defaults={"role": Role.SYSTEM, "is_active": False, "password": "!", "full_name": "系统"}
        )
        return user


class NoticeQuerySet(QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Everybody's inbox is the own one."""
        return self.filter(user=user)

    def for_list(self) -> Self:
        return self

    def for_detail(self) -> Self:
        return self

    def unread(self) -> Self:
        return self.filter(read_at=None)
