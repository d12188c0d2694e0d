"""Co-handling and special teams in the API."""

from typing import Any, ClassVar

import django_filters
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions
from cases.api import serializers as s
from cases.api.verbs import CaseVerbs, verb
from cases.models import Case, Order, Team, TeamReview
from cases.reports import helpers_for
from gridgov.core.api import ScopedViewSet, asked, shown


class HelpingVerbs(CaseVerbs):
    """What CaseViewSet gets for co-handling: calling, and the verbs of one assisting order."""

    def _of_order(self, does: Any, asks: type, order: str) -> Response:
        try:
            return Response(s.moved(self.act(does, asks, order=int(order))))
        except Order.DoesNotExist:
            raise Http404 from None

    @extend_schema(responses=s.HelperSerializer(many=True), summary="可吹哨的单位与专业网格员", tags=["cases"])
    @action(detail=True, pagination_class=None, filter_backends=())
    def helpers(self, request: Request, pk: str) -> Response:
        rows = Case.objects.visible_to(request.user).select_related("category").defer("search")
        case = get_object_or_404(rows, pk=pk)
        return Response(s.HelperSerializer(helpers_for(case, request.user, timezone.now()), many=True).data)

    @verb("call", s.CallSerializer, "吹哨 / 请求协办")
    def call(self, request: Request, pk: str) -> Response:
        return self.move(actions.call_for_help, s.CallSerializer)

    @verb(r"orders/(?P<order>\d+)/report-in", s.NothingSerializer, "报到")
    def report_in(self, request: Request, pk: str, order: str) -> Response:
        return self._of_order(actions.report_in, s.NothingSerializer, order)

    @verb(r"orders/(?P<order>\d+)/finish", s.ResultSerializer, "协办办结")
    def finish_assist(self, request: Request, pk: str, order: str) -> Response:
        return self._of_order(actions.finish_assist, s.ResultSerializer, order)

    @verb(r"orders/(?P<order>\d+)/excuse", s.ReasonSerializer, "免除协办")
    def excuse_assist(self, request: Request, pk: str, order: str) -> Response:
        return self._of_order(actions.excuse_assist, s.ReasonSerializer, order)

    @extend_schema(request=s.FormTeamSerializer, responses={201: s.TeamSerializer}, summary="成立专班", tags=["cases"])
    @action(detail=True, methods=["post"])
    def team(self, request: Request, pk: str) -> Response:
        team = self.act(actions.form_team, s.FormTeamSerializer)
        return Response(_shown(team), status=status.HTTP_201_CREATED)


def _shown(team: Team) -> dict[str, Any]:
    """The team as it is now."""
    return shown(s.TeamSerializer, Team.objects.for_detail().get(pk=team.pk))


class TeamFilter(django_filters.FilterSet):
    case = django_filters.NumberFilter("case_id")

    class Meta:
        model = Team
        fields: ClassVar[dict[str, list[str]]] = {"ended_at": ["isnull"]}


class TeamViewSet(ScopedViewSet):
    """Special teams 一事一策一专班 of the cases in sight."""

    scopes = {"read": "cases:read", "write": "cases:write"}
    queryset = Team.objects.all()
    serializer_class = s.TeamSerializer
    filterset_class = TeamFilter
    ordering = ("-id",)

    def _act(self, does: Any, asks: type) -> Response:
        given = asked(asks, self.request.data)
        try:
            team = does(team=int(self.kwargs["pk"]), by=self.request.user, at=timezone.now(), **given)
        except Team.DoesNotExist:
            raise Http404 from None
        return Response(_shown(team))

    @extend_schema(request=s.ChangeTeamSerializer, responses={200: s.TeamSerializer}, summary="调整专班")
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        return self._act(actions.change_team, s.ChangeTeamSerializer)

    @extend_schema(request=s.SummarySerializer, responses={200: s.TeamSerializer}, summary="解散专班")
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        return self._act(actions.end_team, s.SummarySerializer)

    @extend_schema(request=s.NoteSerializer, responses={200: s.TeamSerializer}, summary="登记专班复盘")
    @action(detail=True, methods=["post"], url_path=r"reviews/(?P<review>\d+)/hold")
    def hold(self, request: Request, pk: str, review: str) -> Response:
        given = asked(s.NoteSerializer, request.data)
        one = get_object_or_404(TeamReview, pk=review, team=pk)
        try:
            held = actions.hold_review(review=one, by=request.user, at=timezone.now(), **given)
        except Team.DoesNotExist:
            raise Http404 from None
        return Response(_shown(held.team))
