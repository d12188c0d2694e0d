"""Which streets take part in Open311."""

from typing import TYPE_CHECKING, Self

from accounts.choices import Role
from gridgov.core.models import LockingQuerySet
from grids.queries import heavy

if TYPE_CHECKING:
    from accounts.models import User


class JurisdictionQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """The system hand keeps them, the auditor reads them."""
        return self.all() if user.role in {Role.SYSTEM_ADMIN, Role.AUDITOR, Role.SYSTEM} else self.none()

    def for_list(self) -> Self:
        return self.select_related("street").defer(*heavy("street"))

    def for_detail(self) -> Self:
        return self.for_list()

    def open(self) -> Self:
        """Switched on, of a street that is in force and has opened its pages to everybody."""
        rows = self.for_list().filter(is_open=True, street__public_page__is_open=True, street__valid_to=None)
        return rows.order_by("code")
