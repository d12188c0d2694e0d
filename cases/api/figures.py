"""Figures live and frozen."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions import freeze_figures
from cases.api import serializers as s
from cases.choices import Channel, Tier
from cases.choices.figures import Dimension
from cases.forms import AskForm
from cases.models import FrozenFigures
from cases.reports import statistics
from gridgov.core.api import Api, ScopedViewSet, asked, shown
from gridgov.core.errors import Faults
from grids.models import Grid


class FiguresView(Api):
    """The figures of a period in the own scope; nothing there is 404."""

    scopes = {"read": "figures:read"}
    query_params = ("month", "from", "to", "grid", "unit", "category", "channel", "tier", "by")

    @extend_schema(
        parameters=[
            OpenApiParameter("month", str, description="YYYY-MM；缺省为本月"),
            OpenApiParameter("from", OpenApiTypes.DATE, description="起始日（含），与 to 同用"),
            OpenApiParameter("to", OpenApiTypes.DATE, description="截止日（含）"),
            OpenApiParameter("grid", str, description="网格代码，含其下级"),
            OpenApiParameter("unit", int, description="主办单位"),
            OpenApiParameter("category", str, description="事项代码，两位为大类"),
            OpenApiParameter("channel", str, enum=Channel.values),
            OpenApiParameter("tier", str, enum=Tier.values),
            OpenApiParameter("by", str, enum=Dimension.values, description="分组"),
        ],
        responses=s.FiguresSerializer,
        summary="考核指标",
        tags=["figures"],
    )
    def get(self, request: Request) -> Response:
        at = timezone.now()
        form = AskForm(request.query_params, today=timezone.localdate(at))
        if not form.is_valid():
            raise Faults({field: [str(fault) for fault in faults] for field, faults in form.errors.items()})
        found = statistics(asked=form.asked(), by=request.user, at=at)
        if found is None:
            raise Http404
        return Response(s.figures_shown(found))


class FrozenFiguresViewSet(ScopedViewSet):
    """Figures of a month as they were frozen; never changed."""

    scopes = {"read": "figures:read", "write": "figures:write"}
    queryset = FrozenFigures.objects.all()
    serializer_class = s.FrozenSerializer
    list_serializer_class = s.FrozenLineSerializer
    filterset_fields = {"month": ["exact"], "grid__code": ["exact"]}
    ordering = ("-id",)

    @extend_schema(
        request=s.FreezeSerializer, responses={201: s.FrozenSerializer}, summary="冻结月度指标", tags=["figures"]
    )
    def create(self, request: Request) -> Response:
        given: dict[str, Any] = asked(s.FreezeSerializer, request.data)
        grid = Grid.objects.visible_to(request.user).filter(code=given["grid"]).first()
        if grid is None:
            raise Http404
        row = freeze_figures(grid=grid, month=given["month"], by=request.user, at=timezone.now())
        return Response(shown(s.FrozenSerializer, row), status=status.HTTP_201_CREATED)
