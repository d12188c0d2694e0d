"""Row scope: what a person sees of the map, and the one answer other rooms build on.

Roles say what somebody may do; posts say where. Nothing else in the house spells a scope.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import connection
from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Value, When
from django.utils import timezone
from mptt.querysets import TreeQuerySet

from accounts.choices import ADMIN_HANDS, Role
from accounts.queries import FOR_WHOM, for_whom
from gridgov.core.models import LockingQuerySet
from gridgov.core.phones import holds_phone
from grids.choices import GridKind, RedrawState
from grids.queries.nodes import NODE, Node, lies_within

if TYPE_CHECKING:
    from accounts.models import User
    from grids.models import Grid


@dataclass(frozen=True)
class Scope:
    """Where a person's posts stand today, or a system's ground: grid ids by kind, unit ids, codes of districts. Empty for an outsider."""

    grids: dict[str, list[int]] = field(default_factory=dict)
    units: list[int] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    districts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.units)

    def under(self, of: str = "") -> Q:
        """Grids at or below the posts; or, of rows that belong to a grid, those whose grid is: OF names it, "grid__". Reading
        fifty such rows by the last, PostgreSQL looks at their grids alone, and not at all there are."""
        found = Q((f"{of}tree_id__in", [node.tree_id for node in self.nodes if node.parent_id is None]))
        for tree, first, last in self._branches():
            found |= Q((f"{of}tree_id", tree), (f"{of}lft__gte", first), (f"{of}rght__lte", last))
        return found

    def around(self, of: str = "") -> Q:
        """`under`, and the grids above."""
        found = self.under(of)
        for tree, first, last in self._branches():
            found |= Q((f"{of}tree_id", tree), (f"{of}lft__lt", first), (f"{of}rght__gt", last))
        return found

    def _branches(self) -> list[tuple[int, int, int]]:
        """The posts below a street: their tree, and where they begin and end in it."""
        return [(node.tree_id, node.lft, node.rght) for node in self.nodes if node.parent_id is not None]

    def covers(self, grid: "Grid") -> bool:
        """Whether GRID lies at or below one of the posts."""
        return any(lies_within(grid, node) for node in self.nodes)


def scope_of(user: "User", on: dt.date | None = None) -> Scope:
    """The scope of USER on a day (today by default), with the posts of those for whom USER stands in; one query, and
    one more for district staff. Kept on the user object, which lives as long as the request."""
    kept = getattr(user, "_scope", None)
    if kept is not None and on is None:
        return kept
    rows, whom = _places(user.pk, on or timezone.localdate())
    nodes = [Node(*row[2:]) for row in rows if row[2] is not None]
    districts = [row[1] for row in rows if row[1]]
    if districts:
        nodes += _streets(districts)
    grids: dict[str, list[int]] = {}
    for node in nodes:
        grids.setdefault(node.kind, []).append(node.pk)
    scope = Scope(grids, [row[0] for row in rows if row[0]], nodes, districts)
    if on is None:
        user._scope = scope  # type: ignore[attr-defined]
        if rows:
            user._stands_in = [pk for pk in whom if pk != user.pk]  # type: ignore[attr-defined]
    return scope


def forget_scope(user: "User") -> None:
    """Drop what `scope_of` kept on USER: the tree's numbers or the posts have just changed."""
    user.__dict__.pop("_scope", None)
    user.__dict__.pop("_stands_in", None)


def _rows(model: str) -> Any:
    """All rows of a model of this room: queries lie below models and can't import them."""
    return apps.get_model("grids", model)._default_manager.all()


# The posts of a person and of those the person stands in for, or the ground of another system, with the grids they stand
# on; and in each row for whom.
_PLACES = """
    WITH {whom} SELECT unit_id, area_prefix, {columns}, ARRAY(SELECT id FROM whom) FROM (
        SELECT unit_id, area_prefix, grid_id FROM grids_post
        WHERE user_id = ANY(ARRAY(SELECT id FROM whom)) AND valid_from <= %(day)s
            AND (valid_to IS NULL OR valid_to >= %(day)s)
        UNION ALL SELECT unit_id, '', grid_id FROM grids_clientground WHERE client_id = %(user)s
    ) place LEFT JOIN grids_grid grid ON grid.id = place.grid_id
"""


def _places(user_id: int, on: dt.date) -> tuple[list[tuple[Any, ...]], list[int]]:
    """Where the posts of a person stand, as rows of (unit, district, *Node), each once; and for whom they are held,
    the person included. In SQL like `path_to`, and for the same reason."""
    columns = ", ".join(f"grid.{'id' if name == 'pk' else name}" for name in NODE)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES.format(whom=FOR_WHOM, columns=columns), for_whom(user_id, on))
        found = cursor.fetchall()
    return list(dict.fromkeys(row[:-1] for row in found)), found[0][-1] if found else []


def _streets(prefixes: list[str]) -> list[Node]:
    """The streets of some districts. Streets are the roots: by that the index finds the few among all grids."""
    wanted = Q(pk__in=[])
    for prefix in prefixes:
        wanted |= Q(code__startswith=prefix)
    rows = _rows("Grid").filter(wanted, parent=None).order_by()
    return [Node(*row) for row in rows.values_list(*NODE)]


def heavy(*relations: str) -> list[str]:
    """The columns that hold borders, of the rows themselves ("") or of related grids: lists leave them out."""
    return [f"{name}__{column}" if name else column for name in relations for column in ("border", "shape", "box")]


def _holding(on: dt.date, of: str = "") -> Q:
    """Valid on the day ON, or that what OF ("post__") leads to is; the last day counts."""
    endless = Q((f"{of}valid_to", None))
    return Q((f"{of}valid_from__lte", on)) & (endless | Q((f"{of}valid_to__gte", on)))


# Candidates come from the GiST index on the boxes; PostgreSQL compares those with a tolerance of 1e-6, which only
# adds candidates. Deepest first, then by code, so that a point on a shared border always falls to the same grid.
_LOCATE = """
    SELECT {columns}, shape FROM grids_grid
    WHERE box @> box(point(%s, %s), point(%s, %s)) AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)
    ORDER BY level DESC, code
"""


_PATH = """
    SELECT {columns} FROM grids_grid, (SELECT tree_id AS tree, lft AS l, rght AS r FROM grids_grid WHERE code = %s) node
    WHERE tree_id = tree AND lft <= l AND rght >= r ORDER BY lft
"""


_HOLD = "SELECT 1 FROM grids_grid WHERE code = %s FOR SHARE;"


def locate(lng: float, lat: float, on: dt.date) -> "Grid | None":
    """The deepest grid in force on the day ON whose border contains the place (WGS-84 degrees); None outside all.

    A place on a border belongs to the grid with the lower code. The grid comes without its border (deferred).
    """
    from shapely import from_wkb, intersects_xy  # a command that locates nothing need not pay its 0.2 s

    columns, make = _without_borders()
    with connection.cursor() as cursor:
        cursor.execute(_LOCATE.format(columns=columns), [lng, lat, lng, lat, on, on])
        for row in cursor.fetchall():
            if intersects_xy(from_wkb(bytes(row[-1])), lng, lat):
                return make(row[:-1])
    return None


def path_to(code: str) -> list["Grid"]:
    """The grid CODE and everything above it, the street first, without borders (deferred); [] if there is none.

    Spelled in SQL since every report asks it: putting the query together took Django longer than answering it.
    """
    columns, make = _without_borders()
    with connection.cursor() as cursor:
        cursor.execute(_PATH.format(columns=columns), [code])
        return [make(row) for row in cursor.fetchall()]


def held_path_to(code: str) -> list["Grid"]:
    """`path_to`, with the grid CODE held as it is until the transaction ends: nobody moves, splits or merges it
    meanwhile, and whoever is about to is waited for. Others may hold it too."""
    columns, make = _without_borders()
    with connection.cursor() as cursor:
        # Two statements in one call: the second sees what the first may have waited for.
        cursor.execute(_HOLD + _PATH.format(columns=columns), [code, code])
        return [make(row) for row in cursor.fetchall()]


def _without_borders() -> tuple[str, Callable[[tuple[Any, ...]], "Grid"]]:
    """The columns of a grid but for its borders, and what makes a row of them a Grid."""
    model = apps.get_model("grids", "Grid")
    fields = [f for f in model._meta.concrete_fields if f.name not in {"border", "shape", "box"}]
    names = [f.attname for f in fields]
    return ", ".join(f'"{f.column}"' for f in fields), lambda row: model.from_db(connection.alias, names, row)


class GridQuerySet(LockingQuerySet, TreeQuerySet):
    def visible_to(self, user: "User") -> Self:
        """At or below the own posts, plus the grids above them by name (a worker knows the own street). Security and
        audit hands see no map; the system hand, who looks after the imports, sees it all."""
        if user.role == Role.SYSTEM_ADMIN:
            return self.all()
        return self.filter(scope_of(user).around())

    def ground_of(self, user: "User") -> Self:
        """At or below the own posts: `visible_to` without the grids above, of which USER sees but a part."""
        return self.all() if user.role == Role.SYSTEM_ADMIN else self.filter(scope_of(user).under())

    def under(self, grid: "Grid") -> Self:
        """GRID and everything below it."""
        return self.filter(tree_id=grid.tree_id, lft__gte=grid.lft, rght__lte=grid.rght)

    def above(self, grid: "Grid") -> Self:
        """GRID and everything above it, the street first."""
        return self.filter(tree_id=grid.tree_id, lft__lte=grid.lft, rght__gte=grid.rght).order_by("lft")

    def current(self, on: dt.date) -> Self:
        return self.filter(_holding(on))

    def for_list(self) -> Self:
        return self.select_related("parent").defer(*heavy("", "parent"))

    def for_detail(self) -> Self:
        return self.select_related("parent", "superseded_by").defer("shape", *heavy("parent", "superseded_by"))

    def street_of(self, grid: "Grid") -> "Grid":
        """The street that GRID lies in."""
        street: Any = self.get(tree_id=grid.tree_id, parent=None)
        return street


class UnitQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Units are public knowledge among those who work with cases; audit and security hands don't need them."""
        if user.role == Role.SYSTEM_ADMIN or scope_of(user):
            return self.all()
        return self.none()

    def serving(self, street: str) -> Self:
        """Those for the street with the code STREET, for a part of it, for its district, or for everywhere: Unit.serves."""
        codes = [street[:digits] for digits in range(len(street) + 1)]
        return self.filter(Q(area_prefix__in=codes) | Q(area_prefix__startswith=street))

    def for_list(self) -> Self:
        return self

    def for_detail(self) -> Self:
        return self


class PostQuerySet(LockingQuerySet):
    def about_phone(self, phone: str) -> Self:
        """Posts of which PHONE is shown to the public."""
        return self.filter(holds_phone(phone, "public_phone"))

    def visible_to(self, user: "User") -> Self:
        """Posts on grids of the own scope, of the own units, and the own; a street hand sees those of the units of its
        area, which it gives. Security hands see all, they grant them."""
        if user.role in ADMIN_HANDS - {Role.AUDITOR}:
            return self.all()
        scope = scope_of(user)
        found = Q(user=user) | Q(unit__in=scope.units) | scope.under("grid__")
        for node in scope.nodes if user.role == Role.STREET else ():
            wider = [node.code[:digits] for digits in range(len(node.code) + 1)]
            found |= Q(unit__area_prefix__in=wider) | Q(unit__area_prefix__startswith=node.code)
        return self.filter(found)

    def current(self, on: dt.date) -> Self:
        return self.filter(_holding(on))

    def for_list(self) -> Self:
        return self.select_related("user", "grid", "unit").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list()


class BindingQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Bindings to grids that USER sees, those above included (that is who can be called), and all of the own units.
        Security hands see all, as they see the posts."""
        if user.role in ADMIN_HANDS - {Role.AUDITOR}:
            return self.all()
        scope = scope_of(user)
        return self.filter(scope.around("grid__") | Q(post__unit__in=scope.units))

    def current(self, on: dt.date) -> Self:
        """In force on the day ON, and so are the post and the grid."""
        return self.filter(_holding(on), _holding(on, "post__"), _holding(on, "grid__"))

    def for_list(self) -> Self:
        return self.select_related("post__user", "post__unit", "grid").defer(*heavy("grid"))

    def for_detail(self) -> Self:
        return self.for_list()

    def fitting(self, matter: str) -> Self:
        """Bindings for MATTER, a category's code, or for everything."""
        return self.filter(Q(matters=[]) | _named(matter))

    def serving(
        self, grid_path_ids: Iterable[int], on: dt.date, *, matter: str = "", units: Iterable[int] | None = None
    ) -> Self:
        """Who of the UNITS (of all) can be called on the day ON where the grids of a path lie: those whose matters fit
        first, among them the nearest grid first, and on one grid those bound for the MATTER by name."""
        rows = self.current(on).filter(grid__in=grid_path_ids, post__user__is_active=True, post__unit__is_active=True)
        if units is not None:
            rows = rows.filter(post__unit__in=units)
        named = _named(matter)
        rows = rows.annotate(
            misfit=Case(When(Q(matters=[]) | named, then=0), default=1) if matter else Value(0),
            unnamed=Case(When(named, then=0), default=1) if matter else Value(0),
        )
        return rows.order_by("misfit", "-grid__level", "unnamed", "post__unit__name", "post__user__full_name", "pk")


def _named(matter: str) -> Q:
    """Bindings with a beginning of MATTER among their matters."""
    return Q(matters__has_any_keys=[matter[:length] for length in range(1, len(matter) + 1)])


class PartyOrgQuerySet(LockingQuerySet, TreeQuerySet):
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
        return self.select_related("parent", "street", "secretary").defer(*heavy("street"))

    def for_detail(self) -> Self:
        covered = _rows("Grid").defer(*heavy("")).order_by("code")
        return self.for_list().prefetch_related(Prefetch("grids", covered))


class RedrawingQuerySet(LockingQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Those of a grid at or below the own posts; the system hand sees all."""
        if user.role == Role.SYSTEM_ADMIN:
            return self.all()
        seen = _rows("Grid").filter(scope_of(user).under()).values("pk")
        drawn = _rows("Redrawing").model.before.through.objects.filter(grid__in=seen).values("redrawing")
        return self.filter(pk__in=drawn)

    def planned(self) -> Self:
        return self.filter(state=RedrawState.PLANNED)

    def for_list(self) -> Self:
        light = _rows("Grid").defer(*heavy("")).order_by("code")
        return (
            self.select_related("planned_by", "street")
            .defer("plan", *heavy("street"))
            .prefetch_related(Prefetch("before", light), Prefetch("after", light))
        )

    def for_detail(self) -> Self:
        return self.for_list()


class OfStreetQuerySet(LockingQuerySet):
    """Rows that a street keeps for all its grids."""

    def visible_to(self, user: "User") -> Self:
        """Those of the streets that the own posts lie in."""
        if user.role == Role.SYSTEM_ADMIN:
            return self.all()
        return self.filter(street__tree_id__in={node.tree_id for node in scope_of(user).nodes})

    def current(self, on: dt.date) -> Self:
        return self.filter(_holding(on))

    def for_list(self) -> Self:
        return self.select_related("street").defer(*heavy("street"))

    def for_detail(self) -> Self:
        return self.for_list()
