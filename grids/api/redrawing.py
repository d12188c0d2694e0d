"""Splitting and merging grids: what would move, the verbs, and what has been redrawn or is planned."""

from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from grids import actions
from grids.actions.tree import hold_tree
from grids.api.serializers import overviews as s
from grids.api.verbs import VerbViewSet, verb
from grids.choices import RedrawKind, RedrawState
from grids.models import Grid, Redrawing
from grids.queries import heavy, scope_of
from grids.reports import moving
from grids.rules.redrawing import can_redraw


class RedrawingVerbs(VerbViewSet):
    """Part of GridViewSet."""

    @extend_schema(
        parameters=[OpenApiParameter("with", int, many=True, description="与之合并的网格")],
        responses=s.MovingSerializer,
        filters=False,
        summary="拆分或合并时随之调整的内容",
    )
    @action(detail=True, pagination_class=None, query_params=("with",))
    def moving(self, request: Request, pk: str) -> Response:
        wanted = {pk, *request.query_params.getlist("with")}
        keys = {int(key) for key in wanted if key.isascii() and key.isdecimal() and len(key) < 19}
        rows = Grid.objects.visible_to(request.user).filter(pk__in=keys).select_related("parent").order_by("code")
        grids = list(rows.defer(*heavy("parent")))
        if len(grids) < len(wanted):
            raise Http404
        for grid in grids:
            can_redraw(request.user, scope_of(request.user), grid).insist()
        return Response(s.MovingSerializer(moving(grids, timezone.localdate())).data)

    @verb("split", s.SplitSerializer, s.RedrawingSerializer, "拆分网格（当日生效，或按日计划）")
    def split(self, request: Request, pk: str) -> Response:
        given = s.SplitSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(given.validated_data)
        parts = [actions.Part(**_tuples(part)) for part in values.pop("parts")]
        row = actions.split_grid(grid=self.get_object(), parts=parts, **values, by=request.user, at=timezone.now())
        return _redrawn(row, status.HTTP_200_OK)

    @verb("merge", s.MergeGridsSerializer, s.RedrawingSerializer, "合并网格（当日生效，或按日计划）", detail=False)
    def merge(self, request: Request) -> Response:
        given = s.MergeGridsSerializer(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        row = actions.merge_grids(**given.validated_data, by=request.user, at=timezone.now())
        return _redrawn(row, status.HTTP_201_CREATED)


def _tuples(part: dict[str, Any]) -> dict[str, Any]:
    return {**part, "children": tuple(part["children"]), "without": tuple(part["without"])}


def _redrawn(row: Redrawing, code: int) -> Response:
    shown = Redrawing.objects.for_detail().get(pk=row.pk)
    return Response(s.RedrawingSerializer(shown).data, status=code)


class RedrawingFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=RedrawState.choices)
    kind = django_filters.ChoiceFilter(choices=RedrawKind.choices)


class RedrawingViewSet(VerbViewSet):
    """What has been split and merged, and what is planned."""

    scopes = {"read": "grids:read", "write": "grids:write"}
    queryset = Redrawing.objects.all()
    serializer_class = s.RedrawingSerializer
    filterset_class = RedrawingFilter
    ordering = ("-id",)

    def hold_row(self, row: Any) -> None:
        hold_tree(Grid)
        super().hold_row(row)

    @verb("withdraw", Serializer, s.RedrawingSerializer, "撤回计划")
    def withdraw(self, request: Request, pk: str) -> Response:
        return self.act(Serializer, actions.withdraw_redrawing, "redrawing")
