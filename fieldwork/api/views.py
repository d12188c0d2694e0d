"""Every verb is one POST that calls one action; list and detail are scoped in the base."""

from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from fieldwork import actions, rules
from fieldwork.api import serializers as s
from fieldwork.choices import DailyKind, Diligence
from fieldwork.models import DailyReport, NeedlessWork, Patrol, TrailLook, Visit
from fieldwork.reports import Trail, place_of, street_of, trail_of
from gridgov.core.api import ScopedViewSet, asked, shown


class DayFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it."""

    grid = django_filters.CharFilter("grid__code", lookup_expr="startswith", max_length=18)


class PatrolFilter(DayFilter):
    running = django_filters.BooleanFilter("ended_at", lookup_expr="isnull")
    since = django_filters.IsoDateTimeFilter("started_at", lookup_expr="gte")
    kind = django_filters.ChoiceFilter(choices=Diligence.choices)


class VisitFilter(DayFilter):
    since = django_filters.IsoDateTimeFilter("at", lookup_expr="gte")
    kind = django_filters.ChoiceFilter(choices=Diligence.choices)


class DailyFilter(DayFilter):
    day = django_filters.DateFilter()
    kind = django_filters.ChoiceFilter(choices=DailyKind.choices)


class PatrolViewSet(ScopedViewSet):
    """巡查: when it began and ended, in the own scope. Where it went only the worker sees, at …/trail/."""

    queryset = Patrol.objects.all()
    serializer_class = s.PatrolSerializer
    filterset_class = PatrolFilter
    ordering = ("-id",)

    @extend_schema(request=s.StartSerializer, responses={201: s.PatrolSerializer}, summary="开始巡查")
    def create(self, request: Request) -> Response:
        given, now = asked(s.StartSerializer, request.data), timezone.now()
        given["grid"] = place_of(request.user, given["grid"], timezone.localdate(now))
        row = actions.start_patrol(**given, by=request.user, at=now)
        return Response(shown(s.PatrolSerializer, row), status=status.HTTP_201_CREATED)

    @extend_schema(request=s.WalkSerializer, responses={201: s.PatrolSerializer}, summary="补报无网络时的巡查")
    @action(detail=False, methods=["post"])
    def log(self, request: Request) -> Response:
        given, now = asked(s.WalkSerializer, request.data), timezone.now()
        given["grid"] = place_of(request.user, given["grid"], timezone.localdate(now))
        readings = tuple(actions.Reading(**reading) for reading in given.pop("points"))
        row = actions.log_walk(walk=actions.Walk(**given, readings=readings), by=request.user, at=now)
        return Response(shown(s.PatrolSerializer, row), status=status.HTTP_201_CREATED)

    @extend_schema(request=s.StopSerializer, responses=s.PatrolSerializer, summary="结束巡查")
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str) -> Response:
        given = asked(s.StopSerializer, request.data)
        row = actions.stop_patrol(patrol=self.get_object(), **given, by=request.user, at=timezone.now())
        return Response(shown(s.PatrolSerializer, row))

    @extend_schema(request=s.PointsSerializer, responses=s.TakenSerializer, summary="上传本人轨迹点")
    @action(detail=True, methods=["post"])
    def points(self, request: Request, pk: str) -> Response:
        readings = [actions.Reading(**reading) for reading in asked(s.PointsSerializer, request.data)["points"]]
        taken = actions.add_points(patrol=self.get_object(), readings=readings, by=request.user, at=timezone.now())
        return Response(shown(s.TakenSerializer, taken))

    @extend_schema(responses=s.OwnTrailSerializer, summary="查看本人轨迹")
    @action(detail=True)
    def trail(self, request: Request, pk: str) -> Response:
        patrol = self.get_object()
        rules.can_see_trail(request.user, patrol).insist()
        trail, looks = trail_of(patrol), TrailLook.objects.filter(patrol=patrol).select_related("by")
        answer = {**shown(s.TrailSerializer, trail), "looks": s.LookSerializer(looks, many=True).data}
        return Response(answer, headers={"Cache-Control": "no-store"})

    @extend_schema(
        request=s.LookReasonSerializer, responses=s.TrailSerializer, summary="街道说明理由后核查轨迹（告知本人）"
    )
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, pk: str) -> Response:
        given = asked(s.LookReasonSerializer, request.data)
        trail: Trail = actions.look_at_trail(patrol=self.get_object(), **given, by=request.user, at=timezone.now())
        return Response(shown(s.TrailSerializer, trail), headers={"Cache-Control": "no-store"})


class VisitViewSet(ScopedViewSet):
    """走访日志, in the own scope."""

    queryset = Visit.objects.all()
    serializer_class = s.VisitSerializer
    filterset_class = VisitFilter
    ordering = ("-id",)

    @extend_schema(request=s.LogSerializer, responses={201: s.VisitSerializer}, summary="登记走访")
    def create(self, request: Request) -> Response:
        given, now = asked(s.LogSerializer, request.data), timezone.now()
        given["grid"] = place_of(request.user, given["grid"], timezone.localdate(now))
        given["happened_at"] = given.pop("at")
        row = actions.log_visit(**given, by=request.user, at=now)
        return Response(shown(s.VisitSerializer, row), status=status.HTTP_201_CREATED)

    @extend_schema(request=s.MakeCaseSerializer, responses=s.VisitSerializer, summary="由走访转为案件")
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: str) -> Response:
        given = asked(s.MakeCaseSerializer, request.data)
        actions.make_case_of(visit=self.get_object(), **given, by=request.user, at=timezone.now())
        return Response(shown(s.VisitSerializer, self.get_object()))


class DailyReportViewSet(ScopedViewSet):
    """每日报告 with the zero report 零报告, in the own scope."""

    queryset = DailyReport.objects.all()
    serializer_class = s.DailyReportSerializer
    filterset_class = DailyFilter
    ordering = ("-id",)

    @extend_schema(
        request=s.GiveSerializer, responses={201: s.DailyReportSerializer}, summary="提交每日报告（含零报告）"
    )
    def create(self, request: Request) -> Response:
        given, now = asked(s.GiveSerializer, request.data), timezone.now()
        given["grid"] = place_of(request.user, given["grid"], timezone.localdate(now))
        row = actions.give_daily(**given, by=request.user, at=now)
        return Response(shown(s.DailyReportSerializer, row), status=status.HTTP_201_CREATED)


class NeedlessWorkViewSet(ScopedViewSet):
    """不必要工作的反映 and its answers: the street office reads all, everybody else the own words and what was answered."""

    queryset = NeedlessWork.objects.all()
    serializer_class = s.NeedlessWorkSerializer
    filterset_fields: Any = {"answered_at": ["isnull"]}
    ordering = ("-id",)

    @extend_schema(request=s.SaySerializer, responses={204: None}, summary="反映不必要的工作（可匿名）")
    def create(self, request: Request) -> Response:
        """Answers nothing to keep: an answer under a key would say whose it was."""
        given = asked(s.SaySerializer, request.data)
        given["street"] = street_of(request.user, given["street"])
        actions.say_needless(**given, by=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT, headers={"Cache-Control": "no-store"})

    @extend_schema(request=s.AnswerNeedlessSerializer, responses=s.NeedlessWorkSerializer, summary="答复")
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        given = asked(s.AnswerNeedlessSerializer, request.data)
        try:
            actions.answer_needless(said=self.get_object(), **given, by=request.user, at=timezone.now())
        except NeedlessWork.DoesNotExist:
            raise Http404 from None
        return Response(self.get_serializer(self.get_object()).data)
