"""Rows that hang on a grid and hold for all below it: groups of neighbours, announcements; and contact cards."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q

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


class GroupLinkQuerySet(OfGridQuerySet):
    def standing(self) -> Self:
        """Not taken away, run out or not."""
        return self.filter(ended_at=None)

    def usable(self, on: dt.date) -> Self:
        return self.standing().filter(Q(valid_until=None) | Q(valid_until__gte=on))

    def for_list(self) -> Self:
        return self.select_related("grid", "kept_by").defer("picture", *heavy("grid"))


class GridNoticeQuerySet(OfGridQuerySet):
    def current(self, on: dt.date) -> Self:
        """Announced on the day ON and not withdrawn."""
        ends = Q(valid_to=None) | Q(valid_to__gte=on)
        return self.filter(ends, valid_from__lte=on, withdrawn_at=None)

    def for_list(self) -> Self:
        return self.select_related("grid", "by").defer(*heavy("grid"))


class CardQuerySet(LockingQuerySet):
    def standing(self) -> Self:
        return self.filter(revoked_at=None)
