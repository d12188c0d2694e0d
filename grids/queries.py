"""Row scope: what a person sees of the map, and the one answer other rooms build on.

Roles say what somebody may do; posts say where. Nothing else in the house spells a scope.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from mptt.querysets import TreeQuerySet

from accounts.choices import ADMIN_HANDS, Role
from grids.choices import GridKind

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid


@dataclass(frozen=True)
class Scope:
    """Where a person's posts stand today: grid ids by kind, and unit ids. Empty for an outsider."""

    grids: dict[str, list[int]] = field(default_factory=dict)
    units: list[int] = field(default_factory=list)
    nodes: list["Grid"] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.units)

    def under(self) -> Q:
        """Grids at or below the posts."""
        found = Q(pk__in=[])
        for node in self.nodes:
            found |= Q(tree_id=node.tree_id, lft__gte=node.lft, rght__lte=node.rght)
        return found

    def covers(self, grid: "Grid") -> bool:
        """Whether GRID lies at or below one of the posts."""
        return any(n.tree_id == grid.tree_id and n.lft <= grid.lft and grid.rght <= n.rght for n in self.nodes)


def scope_of(user: "User", on: dt.date | None = None) -> Scope:
    """The scope of USER on a day (today by default); one query, and one more for district staff. Kept on the user
    object, which lives as long as the request."""
    kept = getattr(user, "_scope", None)
    if kept is not None and on is None:
        return kept
    posts = list(user.posts.current(on or timezone.localdate()).select_related("grid"))  # type: ignore[attr-defined]
    nodes = [post.grid for post in posts if post.grid is not None]
    if prefixes := [post.area_prefix for post in posts if post.area_prefix]:
        nodes += _streets(prefixes)
    grids: dict[str, list[int]] = {}
    for node in nodes:
        grids.setdefault(node.kind, []).append(node.pk)
    scope = Scope(grids, [post.unit_id for post in posts if post.unit_id], nodes)
    if on is None:
        user._scope = scope  # type: ignore[attr-defined]
    return scope


def _rows(model: str) -> Any:
    """All rows of a model of this room: queries lie below models and can't import them."""
    return apps.get_model("grids", model)._default_manager.all()


def _streets(prefixes: list[str]) -> list["Grid"]:
    wanted = Q(pk__in=[])
    for prefix in prefixes:
        wanted |= Q(code__startswith=prefix)
    return list(_rows("Grid").filter(wanted, kind=GridKind.STREET))


def _holding(on: dt.date) -> Q:
    """Valid on the day ON; the last day counts."""
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))


class GridQuerySet(TreeQuerySet):
    def visible_to(self, user: "User") -> Self:
        """At or below the own posts, plus the grids above them by name (a worker knows the own street). Security and
        audit hands see no map; the system hand, who looks after the imports, sees it all."""
        if user.role == Role.SYSTEM_ADMIN:
            return self.all()
        scope = scope_of(user)
        found = scope.under()
        for node in scope.nodes:
            found |= Q(tree_id=node.tree_id, lft__lt=node.lft, rght__gt=node.rght)
        return self.filter(found)

    def under(self, grid: "Grid") -> Self:
        """GRID and everything below it."""
        return self.filter(tree_id=grid.tree_id, lft__gte=grid.lft, rght__lte=grid.rght)

    def above(self, grid: "Grid") -> Self:
        """GRID and everything above it, the street first."""
        return self.filter(tree_id=grid.tree_id, lft__lte=grid.lft, rght__gte=grid.rght).order_by("lft")

    def current(self, on: dt.date) -> Self:
        return self.filter(_holding(on))

    def for_list(self) -> Self:
        return self.select_related("parent").defer("border", "shape")

    def for_detail(self) -> Self:
        return self.select_related("parent", "superseded_by")

    def without_party_group(self, on: dt.date) -> Self:
        """Micro-grids that no party organisation in force on the day ON covers."""
        covering = _rows("PartyOrg").current(on).filter(grids=OuterRef("pk"))
        return self.filter(~Exists(covering), kind=GridKind.MICRO)

    def locked(self, row: "Grid | int") -> "Grid":
        """The row as it is now, held until the transaction ends."""
        pk = row if isinstance(row, int) else row.pk
        return self.select_for_update(no_key=True, of=("self",)).get(pk=pk)


class UnitQuerySet(QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Units are public knowledge among those who work with cases; audit and security hands don't need them."""
        if user.role == Role.SYSTEM_ADMIN or scope_of(user):
            return self.all()
        return self.none()

    def for_list(self) -> Self:
        return self

    def for_detail(self) -> Self:
        return self


class PostQuerySet(QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Posts on grids of the own scope, of the own units, and the own; security hands see all, they grant them."""
        if user.role in ADMIN_HANDS - {Role.AUDITOR}:
            return self.all()
            scope = scope_of(user)
        seen = _rows("Grid").filter(scope.under()).values("pk")
        return self.filter(Q(user=user) | Q(unit__in=scope.units) | Q(grid__in=seen))

    def current(self, on: dt.date) -> Self:
        return self.filter(_holding(on))

    def for_list(self) -> Self:
        return self.select_related("user", "grid", "unit").defer("grid__border", "grid__shape")

    def for_detail(self) -> Self:
        return self.for_list()


class PartyOrgQuerySet(TreeQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Organisations that cover a grid of the own scope, with those above them."""
        if user.role == Role.SYSTEM_ADMIN:
            return self.all()
        scope = scope_of(user)
        if scope.grids.get(GridKind.STREET):
            return self.filter(street__in=scope.grids[GridKind.STREET])
        seen = _rows("Grid").filter(scope.under()).values("pk")
        covering = _rows("PartyOrg").filter(
            grids__in=seen, tree_id=OuterRef("tree_id"), lft__gte=OuterRef("lft"), rght__lte=OuterRef("rght")
        )
        return self.filter(Exists(covering))

    def current(self, on: dt.date) -> Self:
        return self.filter(_holding(on))

    def for_list(self) -> Self:
        return self.select_related("parent", "street").defer("street__border", "street__shape")

    def for_detail(self) -> Self:
        return self.for_list()
