"""Both ledgers by API: lines are read, and put right by verbs that write others."""

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core.api import ScopedViewSet, asked
from volunteers import actions
from volunteers.api import ledger_serializers as s
from volunteers.choices.ledger import AppealState, HoursKind, PointsFor, PointsKind
from volunteers.models import Appeal, HoursEntry, PointsEntry, PointsRule
from volunteers.reports.own_ground import street_for

SCOPES = {"read": "volunteers:read", "write": "volunteers:write"}
_KEY: Any = {"min_value": 1, "max_value": 2**62}


class OfVolunteerFilter(django_filters.FilterSet):
    """`grid`: the code of the volunteers' grid, with those below it; `volunteer`: the number in the list of volunteers."""

    grid = django_filters.CharFilter("volunteer__grid__code", lookup_expr="startswith", max_length=18)
    volunteer = django_filters.NumberFilter(**_KEY)
    since = django_filters.DateFilter("day", lookup_expr="gte")
    until = django_filters.DateFilter("day", lookup_expr="lte")


class HoursFilter(OfVolunteerFilter):
    kind = django_filters.ChoiceFilter(choices=HoursKind.choices)
    sign_up = django_filters.NumberFilter(**_KEY)
    to_look_at = django_filters.BooleanFilter(method="flagged")

    def flagged(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        flagged: Any = HoursEntry.objects.to_look_at().order_by().values("pk")
        return rows.filter(pk__in=flagged) if wanted else rows.exclude(pk__in=flagged)


class AppealFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=AppealState.choices)
    sign_up = django_filters.NumberFilter(**_KEY)


class PointsFilter(OfVolunteerFilter):
    kind = django_filters.ChoiceFilter(choices=PointsKind.choices)
    what = django_filters.ChoiceFilter("rule__what", choices=PointsFor.choices)


class LedgerViewSet(ScopedViewSet):
    """Rows that only verbs change."""

    scopes = SCOPES
    ordering = ("-id",)

    def done(self, act: Callable[..., Any], shape: Any, code: int = status.HTTP_200_OK, **named: Any) -> Response:
        """Let ACT do what the request asks for in SHAPE to what is NAMED; the row as it is now."""
        given = asked(shape, self.request.data)
        try:
            row = act(**named, **given, by=self.request.user, at=timezone.now())
        except ObjectDoesNotExist:
            raise Http404 from None
        found = self.queryset.all().for_detail().get(pk=row.pk)
        return Response(self.get_serializer(found).data, status=code)


class HoursViewSet(LedgerViewSet):
    """服务时长台账: one's own lines; for organisers those of volunteers and shifts in scope."""

    queryset = HoursEntry.objects.all()
    serializer_class = s.HoursSerializer
    filterset_class = HoursFilter

    @extend_schema(request=s.CorrectSerializer, responses=s.HoursSerializer, summary="更正时长（原记录冲销）")
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        """Answers the line as it is now: taken back."""
        entry = self.get_object()
        if entry.sign_up_id is None:
            raise Http404

        def act(**given: Any) -> HoursEntry:
            actions.correct_hours(sign_up=entry.sign_up_id, **given)
            return entry

        return self.done(act, s.CorrectSerializer)

    @extend_schema(request=s.LedgerReasonSerializer, responses=s.HoursSerializer, summary="核查超时时长无误")
    @action(detail=True, methods=["post"], url_path="look-over")
    def look_over(self, request: Request, pk: str) -> Response:
        entry = self.get_object()
        return self.done(lambda **given: actions.look_over_hours(entry=entry, **given).entry, s.LedgerReasonSerializer)


class AppealViewSet(LedgerViewSet):
    """时长申诉."""

    queryset = Appeal.objects.all()
    serializer_class = s.AppealSerializer
    filterset_class = AppealFilter

    @extend_schema(request=s.AppealingSerializer, responses={201: s.AppealSerializer}, summary="申诉本人时长")
    def create(self, request: Request) -> Response:
        return self.done(actions.appeal_hours, s.AppealingSerializer, status.HTTP_201_CREATED)

    @extend_schema(request=s.AnswerAppealSerializer, responses=s.AppealSerializer, summary="答复申诉")
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        return self.done(actions.answer_appeal, s.AnswerAppealSerializer, appeal=self.get_object())


class PointsViewSet(LedgerViewSet):
    """积分台账: one's own lines; for organisers those of volunteers in scope."""

    queryset = PointsEntry.objects.all()
    serializer_class = s.PointsSerializer
    filterset_class = PointsFilter

    @extend_schema(request=s.LedgerReasonSerializer, responses=s.PointsSerializer, summary="收回误发积分")
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Answers the line that takes it back."""
        return self.done(actions.take_back_points, s.LedgerReasonSerializer, entry=self.get_object())


class PointsRuleViewSet(LedgerViewSet):
    """积分规则: the house's own and those of the own street."""

    queryset = PointsRule.objects.all()
    serializer_class = s.PointsRuleSerializer
    filterset_fields: ClassVar[Any] = ("what", "kind")

    @extend_schema(request=s.SetRuleSerializer, responses={201: s.PointsRuleSerializer}, summary="设定积分规则")
    def create(self, request: Request) -> Response:
        def act(*, street: str, **given: Any) -> PointsRule:
            return actions.set_points_rule(street=street_for(request.user, street), **given)

        return self.done(act, s.SetRuleSerializer, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None}, summary="撤销未生效的积分规则")
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        actions.drop_points_rule(rule=self.get_object(), by=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
