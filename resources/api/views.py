"""Resources and their services: read by everybody who works in the street, changed by verbs of their keepers."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.errors import Invalid
from grids.models import Grid
from grids.queries import heavy
from resources import actions
from resources.api import serializers as s
from resources.choices import DISTANCES, ResourceKind, ResourceState
from resources.forms.month import first_of
from resources.models import Resource, Service
from resources.reports.month import month_of
from resources.reports.nearby import looking_from

SCOPES = {"read": "resources:read", "write": "resources:write"}
MOST_NEAR = 200


class ResourceFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it; `q`: words of name, offer and place."""

    grid = django_filters.CharFilter("grid__code", lookup_expr="startswith", max_length=18)
    kind = django_filters.ChoiceFilter(choices=ResourceKind.choices)
    state = django_filters.ChoiceFilter(choices=ResourceState.choices)
    is_public = django_filters.BooleanFilter()
    q = django_filters.CharFilter(method="found", max_length=100)

    def found(self, rows: QuerySet, name: str, words: str) -> QuerySet:
        return rows.search(words)


class ServiceFilter(django_filters.FilterSet):
    """`standing`: not ended, of a resource that is in use."""

    resource = django_filters.NumberFilter(min_value=1, max_value=2**62)
    standing = django_filters.BooleanFilter(method="stands")

    def stands(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        standing: Any = Service.objects.standing().order_by().values("pk")
        return rows.filter(pk__in=standing) if wanted else rows.exclude(pk__in=standing)


class LibraryViewSet(ScopedViewSet):
    scopes = SCOPES
    ordering = ("-id",)

    def done(self, act: Callable[..., Any], given: dict[str, Any], code: int = status.HTTP_200_OK) -> Response:
        """Let ACT do what is GIVEN; the row as it is now."""
        try:
            row = act(**given, by=self.request.user, at=timezone.now())
        except ObjectDoesNotExist:
            raise Http404 from None
        found = type(row).objects.for_detail().get(pk=row.pk)
        shape = s.ServiceSerializer if isinstance(row, Service) else s.ResourceSerializer
        return Response(shown(shape, found), status=code)

    def given(self, shape: Any) -> dict[str, Any]:
        """What the request asks for in SHAPE, a grid by its code among those that the user sees."""
        found = asked(shape, self.request.data)
        if "grid" in found:
            rows = Grid.objects.visible_to(self.request.user).defer(*heavy(""))
            found["grid"] = rows.filter(code=found["grid"]).first()
            if found["grid"] is None:
                raise Invalid(_("This is not one of your grids."), field="grid", code="unknown_grid")
        return found


class ResourceViewSet(LibraryViewSet):
    """资源库: venues, shops, enterprises, social organisations, talents and service points of the own streets."""

    queryset = Resource.objects.all()
    serializer_class = s.ResourceSerializer
    filterset_class = ResourceFilter

    @extend_schema(
        parameters=[
            OpenApiParameter("near", str, required=True, description="网格编码，或“经度,纬度”（WGS-84）"),
            OpenApiParameter("within", int, enum=list(DISTANCES), description="范围（米），默认1000"),
            OpenApiParameter("kind", str, enum=ResourceKind.values, description="类别"),
        ],
        responses=s.NearbySerializer, summary="查询附近资源（由近及远）",
    )  # fmt: skip
    @action(detail=False, filter_backends=(), pagination_class=None, query_params=("near", "within", "kind"))
    def near(self, request: Request) -> Response:
        given = asked(s.AskNearSerializer, request.query_params)
        looking = looking_from(request.user, given["near"])
        rows = Resource.objects.visible_to(request.user).in_use().for_list().near(looking.spot, given["within"])
        if "kind" in given:
            rows = rows.filter(kind=given["kind"])
        found = list(rows.nearest_first()[: MOST_NEAR + 1])
        told = {
            "name": looking.name,
            "within": given["within"],
            "resources": found[:MOST_NEAR],
            "more": len(found) > MOST_NEAR,
        }
        return Response(shown(s.NearbySerializer, told))

    @extend_schema(request=s.AddResourceSerializer, responses={201: s.ResourceSerializer}, summary="登记资源")
    def create(self, request: Request) -> Response:
        return self.done(actions.add_resource, self.given(s.AddResourceSerializer), status.HTTP_201_CREATED)

    @extend_schema(request=s.ChangeResourceSerializer, responses=s.ResourceSerializer, summary="修改资源")
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        return self.done(actions.change_resource, {"resource": row, **self.given(s.ChangeResourceSerializer)})

    @extend_schema(request=s.EndResourceSerializer, responses=s.ResourceSerializer, summary="停用资源")
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        return self.done(actions.end_resource, {"resource": row, **self.given(s.EndResourceSerializer)})

    @extend_schema(request=None, responses=s.ResourceSerializer, summary="恢复资源")
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, request: Request, pk: str) -> Response:
        return self.done(actions.take_up_resource, {"resource": self.get_object()})

    @extend_schema(request=s.AddServiceSerializer, responses={201: s.ServiceSerializer}, summary="新增固定服务")
    @action(detail=True, methods=["post"], url_path="add-service")
    def add_service(self, request: Request, pk: str) -> Response:
        given = {"resource": self.get_object(), **self.given(s.AddServiceSerializer)}
        return self.done(actions.add_service, given, status.HTTP_201_CREATED)


class ServiceViewSet(LibraryViewSet):
    """每月固定服务: what the resources do for the public again and again."""

    queryset = Service.objects.all()
    serializer_class = s.ServiceSerializer
    filterset_class = ServiceFilter

    @extend_schema(
        parameters=[OpenApiParameter("month", str, description="月份，如2026-11；默认本月")],
        responses=s.ServiceMonthSerializer, summary="按日查询当月固定服务",
    )  # fmt: skip
    @action(detail=False, filter_backends=(), pagination_class=None, query_params=("month",))
    def month(self, request: Request) -> Response:
        given = asked(s.MonthAskedSerializer, request.query_params)
        first = first_of(given["month"], timezone.localdate())
        days = month_of(Service.objects.visible_to(request.user), first)
        return Response(shown(s.ServiceMonthSerializer, {"month": f"{first:%Y-%m}", "days": days}))

    @extend_schema(request=None, responses=s.ServiceSerializer, summary="结束固定服务")
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        return self.done(actions.end_service, {"service": self.get_object()})
