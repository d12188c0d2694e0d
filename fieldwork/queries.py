"""Who sees what of the worker's day: the worker all of it, leads and the street when it began and ended, and no trail."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Q

from accounts.choices import FIELD_ROLES, Role
from fieldwork.choices import OVERSEERS
from gridgov.core.models import LockingQuerySet
from grids.queries import heavy, scope_of

if TYPE_CHECKING:
    from accounts.models import User


def _grids() -> Any:
    return apps.get_model("grids", "Grid")._default_manager.all()


class OfWorkerQuerySet(LockingQuerySet):
    """Rows of a person's day (`user`) on a grid (`grid`)."""

    def visible_to(self, user: "User") -> Self:
        """The own ones; for leads and the street those on the grids of their scope, too."""
        if user.role not in FIELD_ROLES | {Role.STREET}:
            return self.none()
        seen = Q(user=user)
        if user.role in OVERSEERS:
            seen |= Q(grid__in=_grids().filter(scope_of(user).under()).order_by().values("pk"))
        return self.filter(seen)

    def own(self, user: "User") -> Self:
        return self.filter(user=user)

    def for_list(self) -> Self:
        return self.select_related("user", "grid").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list()


class PatrolQuerySet(OfWorkerQuerySet):
    def running(self) -> Self:
        return self.filter(ended_at=None)

    def touching(self, start: dt.datetime, end: dt.datetime) -> Self:
        """Those that ran at some time from START (included) to END."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=start), started_at__lt=end)


class VisitQuerySet(OfWorkerQuerySet):
    def for_list(self) -> Self:
        return super().for_list().select_related("case")


class NeedlessQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """What was said in the own streets: the street office sees all of it, everybody else the own words and whatever
        was answered. Whoever works for a unit sees the own words."""
        seen = Q(said_by=user)
        streets = {node.tree_id for node in scope_of(user).nodes}
        if user.role == Role.STREET:
            seen |= Q(street__tree_id__in=streets)
        elif user.role in FIELD_ROLES:
            seen |= Q(street__tree_id__in=streets, answered_at__isnull=False)
        return self.filter(seen)

    def for_list(self) -> Self:
        return self.select_related("street", "said_by", "answered_by").defer(*heavy("street"))

    def for_detail(self) -> Self:
        return self.for_list()

    def open(self) -> Self:
        return self.filter(answered_at=None)
