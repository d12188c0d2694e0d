"""Rows that belong to a case."""

from typing import TYPE_CHECKING, Self

from django.apps import apps

from accounts.choices import Role
from cases.queries.cases import on_ground, sees_by_ground
from gridgov.core.models import LockingQuerySet
from grids.queries import heavy

if TYPE_CHECKING:
    from accounts.models import User


class OfCase(LockingQuerySet):
    """Rows that belong to a case: whoever sees the case sees them."""

    def visible_to(self, user: "User") -> Self:
        if user.role == Role.SYSTEM:
            return self.all()
        if sees_by_ground(user):
            # With the cases a second time beside those that are shown, PostgreSQL took ten milliseconds to think and one to read.
            return self.filter(on_ground(user, "case__"))
        return self.filter(case__in=apps.get_model("cases", "Case")._default_manager.visible_to(user))

    def for_list(self) -> Self:
        return self.select_related("case__category", "case__grid", "case__total").defer(
            "case__search", *heavy("case__grid", "case__total")
        )

    def for_detail(self) -> Self:
        return self.for_list()


class PhotoQuerySet(OfCase):
    def for_list(self) -> Self:
        """The rows alone: photos and voice notes are shown on the page of their case."""
        return self
