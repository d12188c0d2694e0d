"""Rows that hang on a grid and hold for all below it: groups of neighbours, announcements; and contact cards."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q

from accounts.choices import Role
from gridgov.core.models import LockingQuerySet
from grids.queries import heavy

if TYPE_CHECKING:
    from accounts.models import User


class OfGridQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those of grids that USER sees, the grids above included: what is said to a community is said to its grids."""
        grids: Any = apps.get_model("grids", "Grid")._default_manager
        return self.filter(grid__in=grids.visible_to(user).order_by().values("pk"))

    def reaching(self, path: Iterable[int]) -> Self:
        """Those of the grids of a path: they hold for the last of it."""
        return self.filter(grid__in=path)

    def public(self) -> Self:
        return self.filter(is_public=True)

    def for_list(self) -> Self:
        return self.select_related("grid").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list()


class GroupLinkQuerySet(OfGridQuerySet):
    def standing(self) -> Self:
        """Not taken away, run out or not."""
        return self.filter(ended_at=None)

    def usable(self, on: dt.date) -> Self:
        return self.standing().filter(Q(valid_until=None) | Q(valid_until__gte=on))

    def for_list(self) -> Self:
        return super().for_list().select_related("kept_by").defer("picture")


class GridNoticeQuerySet(OfGridQuerySet):
    def current(self, on: dt.date) -> Self:
        """Announced on the day ON and not withdrawn."""
        ends = Q(valid_to=None) | Q(valid_to__gte=on)
        return self.filter(ends, valid_from__lte=on, withdrawn_at=None)

    def for_list(self) -> Self:
        return super().for_list().select_related("by")


class CardQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Of the posts for which USER may have cards made: the own, and for a street office those on its grids."""
        found = Q(post__user=user)
        if user.role == Role.STREET:
            grids: Any = apps.get_model("grids", "Grid")._default_manager
            found |= Q(post__grid__in=grids.ground_of(user).order_by().values("pk"))
        return self.filter(found)

    def for_list(self) -> Self:
        return self.select_related("post__user", "post__grid").defer(*heavy("post__grid"))

    def for_detail(self) -> Self:
        return self.for_list()

    def standing(self) -> Self:
        return self.filter(revoked_at=None)
