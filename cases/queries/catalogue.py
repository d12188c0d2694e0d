"""The matter list, and which limit is in force."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from accounts.choices import CASE_ROLES, Role
from cases.choices import LimitOf
from grids.queries import heavy

if TYPE_CHECKING:
    from accounts.models import User


# The order in which policies count: the nearer place, then the category, then the tier, then the newest ("every" last).
IN_FORCE = ("street", "category", "-tier", "-effective_from", "-pk")


class OfStreet(QuerySet):
    """Rows as data that hold for one street, or for every street (none named)."""

    def visible_to(self, user: "User") -> Self:
        """Those that hold for everybody and those of the own streets."""
        if user.role not in CASE_ROLES | {Role.SYSTEM_ADMIN}:
            return self.none()
        streets: Any = apps.get_model("grids", "Grid")._default_manager
        return self.filter(Q(street=None) | Q(street__in=streets.visible_to(user)))

    def for_list(self) -> Self:
        return self.select_related("street").defer(*heavy("street"))

    def for_detail(self) -> Self:
        return self.for_list()


class PolicyQuerySet(OfStreet):
    def in_force(
        self, *, street: int, category: int, tier: str, at: dt.datetime, limits: Iterable[str] = (LimitOf.CASE,)
    ) -> Self:
        """Rows that speak about this, the one that counts first: the nearer place, then the category, the tier, the newest."""
        rows = self.filter(
            Q(street=None) | Q(street=street),
            Q(category=None) | Q(category=category),
            tier__in=(tier, ""),
            limit__in=limits,
            effective_from__lte=at,
        )
        return rows.order_by(*IN_FORCE)

    def for_list(self) -> Self:
        return super().for_list().select_related("category")


class CategoryQuerySet(QuerySet):
    def visible_to(self, user: "User") -> Self:
        """The catalogue is public among all who sign in."""
        return self.all()

    def for_list(self) -> Self:
        return self.select_related("parent")

    def for_detail(self) -> Self:
        return self.for_list()

    def with_limits(self, tier: str, at: dt.datetime) -> Self:
        """Adds `limits`: what Policy.in_force would say for every street, as [{id, value, unit, street}] in one query."""
        policies = apps.get_model("cases", "Policy")._default_manager.filter(
            Q(category=None) | Q(category=OuterRef("pk")),
            tier=tier or OuterRef("tier"),
            limit=LimitOf.CASE,
            effective_from__lte=at,
        )
        row = JSONObject(id="pk", value="value", unit="unit", street="street")
        return self.annotate(limits=ArraySubquery(policies.order_by(*IN_FORCE).values(row=row)))

    def choosable(self) -> Self:
        """What a case can be: enabled and of the second level."""
        return self.filter(level=2, enabled=True)
