"""Whose applications, which rules for them, which supervisions and teams."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.choices import CASE_ROLES, Role
from cases.choices import LEVEL_OF_ROLE, AskState, Level
from cases.queries.catalogue import OfStreet
from gridgov.core.models import LockingQuerySet
from grids.queries import heavy, scope_of

if TYPE_CHECKING:
    from accounts.models import User


def visible_cases(user: "User") -> QuerySet:
    """The cases that USER sees: queries lie below models and can't import them."""
    cases: Any = apps.get_model("cases", "Case")._default_manager
    rows: QuerySet = cases.visible_to(user)
    return rows


class OfCase(LockingQuerySet):
    """Rows that belong to a case: whoever sees the case sees them."""

    def visible_to(self, user: "User") -> Self:
        if user.role == Role.SYSTEM:
            return self.all()
        return self.filter(case__in=visible_cases(user)) if user.role in CASE_ROLES else self.none()

    def for_list(self) -> Self:
        return self.select_related("case__category", "case__grid", "case__total").defer(
            "case__search", *heavy("case__grid", "case__total")
        )

    def for_detail(self) -> Self:
        return self.for_list()


class ApplicationQuerySet(OfCase):
    def for_list(self) -> Self:
        return super().for_list().select_related("by", "decided_by", "order__unit", "order__grid").defer(
            "case__search", *heavy("case__grid", "case__total", "order__grid")
        )  # fmt: skip

    def pending(self) -> Self:
        return self.filter(state=AskState.PENDING)

    def waiting_for(self, user: "User") -> Self:
        """Pending ones that USER may decide: of the own rung or below, asked by somebody else and by no unit of one's own."""
        level = LEVEL_OF_ROLE.get(Role(user.role), Level.NONE)
        if level == Level.NONE:
            return self.none()
        rows = self.visible_to(user).pending().filter(level__lte=level).exclude(by=user)
        units = scope_of(user).units
        return rows.exclude(order__unit__in=units) if units else rows


class ApprovalRuleQuerySet(OfStreet):
    def in_force(self, *, street: int, kind: str, at: dt.datetime) -> Self:
        """Rows that speak about this, the one that counts first: the nearer place, then the newest (NULL, "every", last)."""
        rows = self.filter(Q(street=None) | Q(street=street), kind=kind, effective_from__lte=at)
        return rows.order_by("street", "-effective_from", "-pk")


class SupervisionQuerySet(OfCase):
    def for_list(self) -> Self:
        return super().for_list().select_related("unit", "grid", "by", "replied_by").defer(
            "case__search", *heavy("case__grid", "case__total", "grid")
        )  # fmt: skip

    def open(self) -> Self:
        """Those that still wait for an answer."""
        return self.filter(replied_at=None, superseded_at=None)


class TeamQuerySet(OfCase):
    def for_list(self) -> Self:
        """With members and review days: three queries however many teams."""
        return super().for_list().select_related("lead", "by").defer(
            "case__search", *heavy("case__grid", "case__total")
        ).prefetch_related("members__user", "reviews__held_by")  # fmt: skip

    def open(self) -> Self:
        return self.filter(ended_at=None)
