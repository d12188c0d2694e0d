"""Every verb is one POST that calls one action; list and detail are scoped in the base."""

from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ChoiceField, FloatField, Serializer

from gridgov.core.geodesy import to_wgs84
from grids import actions
from grids.api import serializers as s
from grids.api.lists import BindingLists, GridLists, PostLists
from grids.api.overviews import Overviews
from grids.api.redrawing import RedrawingVerbs
from grids.api.verbs import TreeViewSet, VerbViewSet, verb
from grids.choices import GridKind, MicroType, PartyKind
from grids.models import Binding, Grid, PartyOrg, Post, Unit
from grids.queries import locate


class GridFilter(django_filters.FilterSet):
    """`code` is the beginning of a code; `street` the nine digits of one; `current` leaves only those in force today."""

    code = django_filters.CharFilter("code", "startswith")
    street = django_filters.CharFilter(method="in_street")
    kind = django_filters.MultipleChoiceFilter(choices=GridKind.choices)
    micro_type = django_filters.ChoiceFilter(choices=MicroType.choices)
    parent = django_filters.NumberFilter("parent_id")
    current = django_filters.BooleanFilter(method="only_current")

    class Meta:
        model = Grid
        fields: tuple[str, ...] = ()

    def in_street(self, rows: Any, name: str, code: str) -> Any:
        return rows.filter(code__startswith=code) if len(code) == 9 else rows.none()

    def only_current(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.current(timezone.localdate()) if wanted else rows


class PointSerializer(Serializer):
    """A place to look up."""

    lng = FloatField()
    lat = FloatField()
    crs = ChoiceField(["WGS84", "GCJ02"], default="WGS84")


class GridViewSet(TreeViewSet, Overviews, RedrawingVerbs, GridLists):
    """Grids at and below the own posts, and those above by name."""

    scopes = {"read": "grids:read", "write": "grids:write", "staffing": "posts:read", "party": "party:read"}
    queryset = Grid.objects.all()
    serializer_class = s.GridSerializer
    list_serializer_class = s.GridLineSerializer
    filterset_class = GridFilter
    ordering_fields = ("code", "id")
    ordering = ("code",)

    @extend_schema(responses=s.GridLineSerializer(many=True), summary="直属下级网格")
    @action(detail=True, filter_backends=(), pagination_class=None)
    def children(self, request: Request, pk: str) -> Response:
        below = Grid.objects.visible_to(request.user).for_list().filter(parent=self.get_object()).order_by("code")
        return Response(s.GridLineSerializer(below, many=True).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("lng", float, required=True),
            OpenApiParameter("lat", float, required=True),
            OpenApiParameter("crs", str, enum=["WGS84", "GCJ02"], default="WGS84"),
        ],
        responses=s.GridSerializer,
        filters=False,
        summary="按坐标定位网格",
    )
    @action(detail=False, filter_backends=(), pagination_class=None, query_params=("lng", "lat", "crs"))
    def locate(self, request: Request) -> Response:
        """The deepest grid in force at a place, if the caller can see it; 404 otherwise."""
        given = PointSerializer(data=request.query_params)
        given.is_valid(raise_exception=True)
        found = locate(*to_wgs84(**given.validated_data), timezone.localdate())
        row = found and self.get_queryset().filter(pk=found.pk).first()
        if row is None:
            raise Http404
        return Response(s.GridSerializer(row).data)

    @extend_schema(responses=s.BorderCollectionSerializer, summary="网格边界(GeoJSON)")
    @action(detail=False, pagination_class=None)
    def borders(self, request: Request) -> Response:
        """All borders of the list's filter as one FeatureCollection, in one query; mind `kind` or `parent`."""
        rows = self.filter_queryset(Grid.objects.visible_to(request.user).exclude(border=None).order_by("code"))
        fields = ("pk", "border", "code", "name", "kind", "parent_id")
        features = [
            {
                "type": "Feature",
                "id": pk,
                "geometry": border,
                "properties": {"code": code, "name": name, "kind": kind, "parent": parent},
            }
            for pk, border, code, name, kind, parent in rows.values_list(*fields)
        ]
        return Response({"type": "FeatureCollection", "features": features})

    @verb("found", s.FoundGridSerializer, s.GridSerializer, "设立网格", detail=False)
    def found(self, request: Request) -> Response:
        return self.act(s.FoundGridSerializer, actions.found_grid)

    @verb("change", s.ChangeGridSerializer, s.GridSerializer, "修改网格")
    def change(self, request: Request, pk: str) -> Response:
        return self.act(s.ChangeGridSerializer, actions.change_grid, "grid")

    @verb("move", s.MoveGridSerializer, s.GridSerializer, "调整网格归属")
    def move(self, request: Request, pk: str) -> Response:
        return self.act(s.MoveGridSerializer, actions.move_grid, "grid")

    @verb("retire", s.RetireGridSerializer, s.GridSerializer, "撤销网格")
    def retire(self, request: Request, pk: str) -> Response:
        return self.act(s.RetireGridSerializer, actions.retire_grid, "grid")

    @verb("revive", Serializer, s.GridSerializer, "恢复网格")
    def revive(self, request: Request, pk: str) -> Response:
        return self.act(Serializer, actions.revive_grid, "grid")

    @verb("border", s.GridBorderSerializer, s.GridSerializer, "划定边界")
    def border(self, request: Request, pk: str) -> Response:
        return self.act(s.GridBorderSerializer, _redraw, "grid")


def _redraw(*, grid: Grid, border: dict[str, Any] | None, **by: Any) -> Grid:
    return (
        actions.clear_border(grid=grid, **by) if border is None else actions.set_border(grid=grid, border=border, **by)
    )


class UnitViewSet(VerbViewSet):
    """Units that take orders."""

    scopes = {"read": "units:read", "write": "units:write"}
    queryset = Unit.objects.all()
    serializer_class = s.UnitSerializer
    filterset_fields = ("kind", "is_active")
    ordering = ("id",)

    @verb("register", s.RegisterUnitSerializer, s.UnitSerializer, "登记单位", detail=False)
    def enter(self, request: Request) -> Response:
        return self.act(s.RegisterUnitSerializer, actions.register_unit)

    @verb("change", s.ChangeUnitSerializer, s.UnitSerializer, "修改单位")
    def change(self, request: Request, pk: str) -> Response:
        return self.act(s.ChangeUnitSerializer, actions.change_unit, "unit")


class PostFilter(django_filters.FilterSet):
    """`current` leaves only those held today."""

    current = django_filters.BooleanFilter(method="only_current")

    class Meta:
        model = Post
        fields = ("kind", "grid", "unit", "user")

    def only_current(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.current(timezone.localdate()) if wanted else rows


class PostViewSet(PostLists):
    """Who is what, where, from when to when."""

    scopes = {"read": "posts:read", "write": "posts:write"}
    queryset = Post.objects.all()
    serializer_class = s.PostSerializer
    filterset_class = PostFilter
    ordering = ("-id",)

    @verb("give", s.GivePostSerializer, s.PostSerializer, "任命岗位", detail=False)
    def give(self, request: Request) -> Response:
        return self.act(s.GivePostSerializer, actions.give_post)

    @verb("hand-over", s.HandOverSerializer, s.PostSerializer, "岗位交接(答复接任者的岗位)")
    def hand_over(self, request: Request, pk: str) -> Response:
        return self.act(s.HandOverSerializer, actions.hand_over_post, "post")

    @verb("disclose", s.DiscloseSerializer, s.PostSerializer, "在公开页公布或撤下姓名和公开电话")
    def disclose(self, request: Request, pk: str) -> Response:
        return self.act(s.DiscloseSerializer, actions.disclose_post, "post")

    @verb("end", s.EndSerializer, s.PostSerializer, "结束岗位")
    def end(self, request: Request, pk: str) -> Response:
        return self.act(s.EndSerializer, actions.end_post, "post")


class BindingFilter(django_filters.FilterSet):
    """`grid`, a code, leaves bindings to that grid and to all below it; `serves`, a code, those to it and to the grids
    above it: whom one can call there. `matter` is a category's code: those bound for it or for everything."""

    unit = django_filters.NumberFilter("post__unit_id")
    user = django_filters.NumberFilter("post__user_id")
    grid = django_filters.CharFilter(method="at_or_below")
    serves = django_filters.CharFilter(method="at_or_above")
    matter = django_filters.CharFilter(method="fitting")
    current = django_filters.BooleanFilter(method="only_current")

    class Meta:
        model = Binding
        fields: tuple[str, ...] = ()

    def at_or_below(self, rows: Any, name: str, code: str) -> Any:
        grid = _grid(code)
        return rows.filter(grid__in=Grid.objects.under(grid).values("pk")) if grid else rows.none()

    def at_or_above(self, rows: Any, name: str, code: str) -> Any:
        grid = _grid(code)
        return rows.filter(grid__in=Grid.objects.above(grid).order_by().values("pk")) if grid else rows.none()

    def fitting(self, rows: Any, name: str, code: str) -> Any:
        return rows.fitting(code)

    def only_current(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.current(timezone.localdate()) if wanted else rows


def _grid(code: str) -> Grid | None:
    """The place of a grid in the tree. The rows it filters are in scope already."""
    return Grid.objects.filter(code=code).only("tree_id", "lft", "rght").first()


class BindingViewSet(BindingLists):
    """Professional workers of units and the grids they answer for."""

    scopes = {"read": "posts:read", "write": "posts:write"}
    queryset = Binding.objects.all()
    serializer_class = s.BindingSerializer
    filterset_class = BindingFilter
    ordering = ("-id",)

    @verb("bind", s.BindSerializer, s.BindingSerializer, "绑定专业网格员", detail=False)
    def bind(self, request: Request) -> Response:
        return self.act(s.BindSerializer, actions.bind_specialist)

    @verb("end", s.EndSerializer, s.BindingSerializer, "解除绑定")
    def end(self, request: Request, pk: str) -> Response:
        return self.act(s.EndSerializer, actions.end_binding, "binding")


class PartyOrgFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=PartyKind.choices)
    street = django_filters.NumberFilter("street_id")
    parent = django_filters.NumberFilter("parent_id")
    grid = django_filters.NumberFilter("grids", distinct=True)

    class Meta:
        model = PartyOrg
        fields: tuple[str, ...] = ()


class PartyOrgViewSet(TreeViewSet):
    """The chain of party organisations over the grids."""

    scopes = {"read": "party:read", "write": "party:write"}
    queryset = PartyOrg.objects.all()
    serializer_class = s.PartyOrgSerializer
    list_serializer_class = s.PartyOrgLineSerializer
    filterset_class = PartyOrgFilter
    ordering = ("id",)

    @verb("found", s.FoundPartyOrgSerializer, s.PartyOrgSerializer, "设立党组织", detail=False)
    def found(self, request: Request) -> Response:
        return self.act(s.FoundPartyOrgSerializer, actions.found_party_org)

    @verb("change", s.ChangePartyOrgSerializer, s.PartyOrgSerializer, "修改党组织")
    def change(self, request: Request, pk: str) -> Response:
        return self.act(s.ChangePartyOrgSerializer, actions.change_party_org, "org")

    @verb("cover", s.CoverGridsSerializer, s.PartyOrgSerializer, "调整覆盖网格")
    def cover(self, request: Request, pk: str) -> Response:
        return self.act(s.CoverGridsSerializer, actions.cover_grids, "org")

    @verb("retire", s.EndSerializer, s.PartyOrgSerializer, "撤销党组织")
    def retire(self, request: Request, pk: str) -> Response:
        return self.act(s.EndSerializer, actions.retire_party_org, "org")
