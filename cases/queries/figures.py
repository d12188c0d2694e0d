"""Whose frozen figures."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import QuerySet

from accounts.choices import Role
from cases.choices.figures import FIGURE_ROLES
from grids.queries import heavy, scope_of

if TYPE_CHECKING:
    from accounts.models import User


class FrozenFiguresQuerySet(QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those of grids at or below the own posts."""
        if user.role == Role.SYSTEM:
            return self.all()
        scope = scope_of(user)
        if user.role not in FIGURE_ROLES or not scope.nodes:
            return self.none()
        grids = apps.get_model("grids", "Grid")._default_manager
        return self.filter(grid__in=grids.filter(scope.under()).values("pk"))

    def for_list(self) -> Self:
        return self.select_related("grid", "by").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list()
