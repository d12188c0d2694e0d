"""Whose applications, which rules for them, which supervisions and teams."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from accounts.choices import Role
from accounts.queries import stands_in_for
from cases.choices import LEVEL_OF_ROLE, AskState, Level
from cases.queries.catalogue import OfStreet
from cases.queries.of_case import OfCase
from grids.queries import heavy, scope_of

if TYPE_CHECKING:
    from accounts.models import User


class ApplicationQuerySet(OfCase):
    def lines(self) -> Self:
        """With just what a line for other systems shows: PostgreSQL thinks for as long about four tables more as it reads."""
        rows = self.select_related("case", "order__unit", "order__grid", "by", "decided_by")
        return rows.only(
            "order_id", "kind", "state", "level", "nth", "data", "reason", "at", "lapses_at", "decided_at", "note", "case__no",
            "case__title", "order__unit__name", "order__grid__name", "by__full_name", "decided_by__full_name",
        )  # fmt: skip

    def for_list(self) -> Self:
        rows = super().for_list().select_related("by", "decided_by", "order__unit", "order__grid")
        return rows.defer(*heavy("order__grid"))

    def pending(self) -> Self:
        return self.filter(state=AskState.PENDING)

    def waiting_for(self, user: "User", at: dt.datetime) -> Self:
        """Those that USER may decide at AT (rules.can_decide): pending, not lapsed, of the own rung or below; asked by
        somebody else and in nobody's stead, about no order of one's own or of an own unit."""
        level = LEVEL_OF_ROLE.get(Role(user.role), Level.NONE)
        if level == Level.NONE:
            return self.none()
        units = scope_of(user).units
        own = [user.pk, *stands_in_for(user)]
        running = Q(lapses_at=None) | Q(lapses_at__gt=at)
        rows = self.visible_to(user).pending().filter(running, level__lte=level)
        rows = rows.exclude(by__in=own).exclude(order__handler__in=own)
        return rows.exclude(order__unit__in=units) if units else rows


class ApprovalRuleQuerySet(OfStreet):
    def in_force(self, *, street: int, kind: str, at: dt.datetime) -> Self:
        """Rows that speak about this, the one that counts first: the nearer place, then the newest (NULL, "every", last)."""
        rows = self.filter(Q(street=None) | Q(street=street), kind=kind, effective_from__lte=at)
        return rows.order_by("street", "-effective_from", "-pk")


class SupervisionQuerySet(OfCase):
    def lines(self) -> Self:
        """With just what a line for other systems shows."""
        return self.select_related("case", "unit", "grid", "by", "replied_by").only(
            "kind", "level", "round", "text", "at", "reply_due", "reply", "replied_at", "superseded_at", "case__no",
            "unit__name", "grid__name", "by__full_name", "by__role", "replied_by__full_name",
        )  # fmt: skip

    def for_list(self) -> Self:
        return super().for_list().select_related("unit", "grid", "by", "replied_by").defer(*heavy("grid"))

    def open(self) -> Self:
        """Those that still wait for an answer."""
        return self.filter(replied_at=None, superseded_at=None)


class TeamQuerySet(OfCase):
    def for_list(self) -> Self:
        """With members and review days: three queries however many teams."""
        return super().for_list().select_related("lead", "by").prefetch_related("members__user", "reviews__held_by")

    def with_members(self) -> Self:
        """Adds `member_rows`, [{user, name, task}], without a query of their own."""
        name = Coalesce(NullIf("user__full_name", Value("")), "user__username")
        members = apps.get_model("cases", "TeamMember")._default_manager.filter(team=OuterRef("pk")).order_by("pk")
        row = JSONObject(user="user_id", name=name, task="task")
        return self.annotate(member_rows=ArraySubquery(members.values(row=row)))

    def open(self) -> Self:
        return self.filter(ended_at=None)
