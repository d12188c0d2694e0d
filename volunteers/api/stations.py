"""Exchange stations by API: goods for points, reserved and handed over."""

from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from volunteers import actions
from volunteers.api import ledger_serializers as s
from volunteers.api.ledger import LedgerViewSet
from volunteers.choices.ledger import RedemptionState
from volunteers.models import Good, Redemption, Station
from volunteers.reports.own_ground import grid_for

_KEY: Any = {"min_value": 1, "max_value": 2**62}


class StationFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it."""

    grid = django_filters.CharFilter("grid__code", lookup_expr="startswith", max_length=18)
    is_open = django_filters.BooleanFilter()


class GoodFilter(django_filters.FilterSet):
    station = django_filters.NumberFilter(**_KEY)
    is_open = django_filters.BooleanFilter()


class RedemptionFilter(django_filters.FilterSet):
    station = django_filters.NumberFilter("good__station", **_KEY)
    good = django_filters.NumberFilter(**_KEY)
    volunteer = django_filters.NumberFilter(**_KEY)
    state = django_filters.ChoiceFilter(choices=RedemptionState.choices)


class StationViewSet(LedgerViewSet):
    """爱心超市: those in scope; for volunteers the open ones of the own street."""

    queryset = Station.objects.all()
    serializer_class = s.StationSerializer
    filterset_class = StationFilter

    @extend_schema(request=s.AddStationSerializer, responses={201: s.StationSerializer}, summary="开设爱心超市")
    def create(self, request: Request) -> Response:
        def act(*, grid: str, **given: Any) -> Station:
            return actions.add_station(grid=grid_for(request.user, grid), **given)

        return self.done(act, s.AddStationSerializer, status.HTTP_201_CREATED)

    @extend_schema(request=s.ChangeStationSerializer, responses=s.StationSerializer, summary="修改或关闭爱心超市")
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        return self.done(actions.change_station, s.ChangeStationSerializer, station=self.get_object())


class GoodViewSet(LedgerViewSet):
    """兑换物品."""

    queryset = Good.objects.all()
    serializer_class = s.GoodSerializer
    filterset_class = GoodFilter

    @extend_schema(request=s.AddGoodSerializer, responses={201: s.GoodSerializer}, summary="上架物品")
    def create(self, request: Request) -> Response:
        return self.done(actions.add_good, s.AddGoodSerializer, status.HTTP_201_CREATED)

    @extend_schema(request=s.ChangeGoodSerializer, responses=s.GoodSerializer, summary="修改或下架物品")
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        return self.done(actions.change_good, s.ChangeGoodSerializer, good=self.get_object())

    @extend_schema(request=s.RestockSerializer, responses=s.GoodSerializer, summary="调整库存")
    @action(detail=True, methods=["post"])
    def restock(self, request: Request, pk: str) -> Response:
        return self.done(actions.restock_good, s.RestockSerializer, good=self.get_object())


class RedemptionViewSet(LedgerViewSet):
    """积分兑换: one's own, and those of the stations that one keeps."""

    queryset = Redemption.objects.all()
    serializer_class = s.RedemptionSerializer
    filterset_class = RedemptionFilter
    ordering_fields: ClassVar[Any] = ("id", "collect_by")

    @extend_schema(request=s.ExchangeSerializer, responses={201: s.RedemptionSerializer}, summary="用本人积分兑换物品")
    def create(self, request: Request) -> Response:
        return self.done(actions.exchange_points, s.ExchangeSerializer, status.HTTP_201_CREATED)

    @extend_schema(request=s.CollectSerializer, responses=s.RedemptionSerializer, summary="凭兑换码核销")
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        return self.done(actions.hand_over, s.CollectSerializer, redemption=self.get_object())

    @extend_schema(request=s.CancelSerializer, responses=s.RedemptionSerializer, summary="取消兑换（退还积分和库存）")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self.done(actions.cancel_exchange, s.CancelSerializer, redemption=self.get_object())
