"""Filters by place: communities to choose from; set by links, what lies under one grid or on it, and the grids that lack
people or the party."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gridgov.core.admin_base import ChoiceFilter, LinkedFilter
from grids.choices import GridKind
from grids.models import Grid, PartyOrg, Post
from grids.reports import is_covered, is_staffed, is_unhandy

# How a list gets to its grids.
_PATH = {Grid: "pk", Post: "grid", PartyOrg: "grids"}


class AtFilter(LinkedFilter):
    """What stands on the grid of a code itself. The rows are in scope already."""

    title = _("on the grid")
    parameter_name = "at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        code = request.GET.get(self.parameter_name, "")
        return list(Grid.objects.visible_to(request.user).filter(code=code).values_list("code", "name")) if code else []

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows if self.value() is None else rows.filter(pk__in=self._rows(rows.model, str(self.value())))

    def _rows(self, model: Any, code: str) -> QuerySet:
        grids = self.grids(Grid.objects.filter(code=code)).order_by().values("pk")
        return model.objects.filter(**{f"{_PATH[model]}__in": grids}).order_by().values("pk")

    def grids(self, named: QuerySet) -> QuerySet:
        return named


class UnderFilter(AtFilter):
    """What stands on the grid of a code or on one below it."""

    title = _("under the grid")
    parameter_name = "under"

    def grids(self, named: QuerySet) -> QuerySet:
        grid = named.only("tree_id", "lft", "rght").first()
        return Grid.objects.under(grid) if grid else Grid.objects.none()


class CommunityFilter(ChoiceFilter):
    """The communities that one sees, to choose from: of rows on a `grid`, or wherever `path` leads."""

    title = _("community")
    parameter_name = "at"
    path: ClassVar[str] = "grid"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = Grid.objects.ground_of(request.user).filter(kind=GridKind.TOTAL).order_by("code")
        return list(rows.values_list("code", "name")[:100])

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        code = self.chosen()
        if code is None:
            return rows
        below = Grid.objects.under(Grid.objects.only("tree_id", "lft", "rght").get(code=code))
        return rows.filter(**{f"{self.path}__in": below.order_by().values("pk")})


class StandingFilter(LinkedFilter):
    """Grids in force by whether they have the people, the party organisation and the size they should."""

    title = _("people, party and size")
    parameter_name = "standing"
    KINDS: ClassVar = {
        "staffed": _("staffed"), "vacant": _("without anybody"), "covered": _("covered by the party"),
        "uncovered": _("not covered by the party"), "unhandy": _("not 30–50 households"),
    }  # fmt: skip

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.KINDS.items())

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        kind, today = self.value(), timezone.localdate()
        if kind is None:
            return rows
        has = {"staffed": is_staffed(today), "covered": is_covered(today)}
        lacks = {"vacant": ~has["staffed"], "uncovered": ~has["covered"], "unhandy": is_unhandy()}
        found = {**has, **lacks}.get(kind)
        return (
            rows.none()
            if found is None
            else rows.filter(found, pk__in=Grid.objects.current(today).order_by().values("pk"))
        )
