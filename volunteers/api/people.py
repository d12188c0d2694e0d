"""Volunteers and squads: every verb is one POST that calls one action."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.models import User
from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.errors import Invalid
from volunteers import actions
from volunteers.api import people_serializers as s
from volunteers.choices.people import Skill, SquadGap
from volunteers.models import Member, Squad, Volunteer
from volunteers.reports.own_ground import grid_for, volunteers_for


class VolunteerFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it."""

    grid = django_filters.CharFilter("grid__code", lookup_expr="startswith", max_length=18)
    skill = django_filters.ChoiceFilter(choices=Skill.choices, method="able")

    class Meta:
        model = Volunteer
        fields = ("grid", "state", "kind", "no", "skill")

    def able(self, rows: QuerySet, name: str, skill: str) -> QuerySet:
        return rows.filter(skills__contains=[skill])


class VolunteerViewSet(ScopedViewSet):
    """志愿者: those in the own scope, and oneself. Names and numbers are shown by `reveal` alone."""

    queryset = Volunteer.objects.all()
    scopes = {"read": "volunteers:read", "write": "volunteers:write", "reveal": "volunteers:personal"}
    serializer_class = s.VolunteerSerializer
    filterset_class = VolunteerFilter
    ordering = ("-id",)

    def _do(self, act: Callable[..., Any], shape: type[Serializer]) -> Any:
        given = asked(shape, self.request.data)
        return act(volunteer=self.get_object(), **given, by=self.request.user, at=timezone.now())

    def _move(self, act: Callable[..., Any], shape: type[Serializer]) -> Response:
        self._do(act, shape)
        return Response(shown(s.VolunteerSerializer, self.get_object()))

    @extend_schema(request=s.ReviewVolunteerSerializer, responses=s.VolunteerSerializer, summary="审核志愿者")
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        return self._move(actions.review_volunteer, s.ReviewVolunteerSerializer)

    @extend_schema(request=s.WhySerializer, responses=s.VolunteerSerializer, summary="暂停服务")
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        return self._move(actions.pause_volunteer, s.WhySerializer)

    @extend_schema(request=s.NothingSerializer, responses=s.VolunteerSerializer, summary="恢复服务")
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        return self._move(actions.resume_volunteer, s.NothingSerializer)

    @extend_schema(request=s.WhySerializer, responses=s.VolunteerSerializer, summary="退出志愿服务")
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        return self._move(actions.leave_volunteering, s.WhySerializer)

    @extend_schema(
        request=s.LookAtSerializer, responses=s.RevealedVolunteerSerializer, summary="查看姓名电话（需说明理由，留痕）"
    )
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, pk: str) -> Response:
        row = self._do(actions.reveal_volunteer, s.LookAtSerializer)
        return Response(shown(s.RevealedVolunteerSerializer, row), headers={"Cache-Control": "no-store"})


class SquadFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it; `gap`: what standing squads lack."""

    grid = django_filters.CharFilter("grid__code", lookup_expr="startswith", max_length=18)
    ended = django_filters.BooleanFilter("ended_on", lookup_expr="isnull", exclude=True)
    gap = django_filters.ChoiceFilter(choices=SquadGap.choices, method="lacking")

    class Meta:
        model = Squad
        fields = ("grid", "kind", "ended", "gap")

    def lacking(self, rows: Any, name: str, gap: str) -> QuerySet:
        found: QuerySet = rows.counted().lacking(gap)
        return found


class SquadViewSet(ScopedViewSet):
    """志愿队伍: those in the own scope, those one leads or stands in."""

    queryset = Squad.objects.all()
    scopes = {"read": "volunteers:read", "write": "volunteers:write"}
    serializer_class = s.SquadSerializer
    list_serializer_class = s.SquadLineSerializer
    filterset_class = SquadFilter
    ordering = ("-id",)

    def rows(self) -> QuerySet:
        rows = super().rows().prefetch_related("micros")
        if self.action == "list":
            return rows
        members = Member.objects.current().select_related("volunteer").order_by("pk")
        return rows.prefetch_related(Prefetch("members", members, to_attr="standing_members"))

    def _row(self, row: Squad, code: int = status.HTTP_200_OK) -> Response:
        return Response(shown(s.SquadSerializer, self.rows().get(pk=row.pk)), status=code)

    @extend_schema(request=s.FormSquadSerializer, responses={201: s.SquadSerializer}, summary="组建志愿队伍")
    def create(self, request: Request) -> Response:
        given = asked(s.FormSquadSerializer, request.data)
        grid, lead = grid_for(request.user, given["grid"]), None
        micros = [grid_for(request.user, code, field="micros") for code in dict.fromkeys(given["micros"])]
        if given["lead"]:
            lead = User.objects.able().filter(username=given["lead"]).first()
            if lead is None:
                raise Invalid(_("There is no such account."), field="lead")
        named = {"kind": given["kind"], "name": given["name"]}
        row = actions.form_squad(grid=grid, micros=micros, lead=lead, **named, by=request.user, at=timezone.now())
        return self._row(row, status.HTTP_201_CREATED)

    @extend_schema(request=s.NumbersSerializer, responses=s.SquadSerializer, summary="增加志愿者")
    @action(detail=True, methods=["post"])
    def add(self, request: Request, pk: str) -> Response:
        row, numbers = self.get_object(), asked(s.NumbersSerializer, request.data)["volunteers"]
        found = volunteers_for(request.user, numbers)
        return self._row(actions.add_members(squad=row, volunteers=found, by=request.user, at=timezone.now()))

    @extend_schema(request=s.NumberSerializer, responses=s.SquadSerializer, summary="移出志愿者")
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: str) -> Response:
        row, number = self.get_object(), asked(s.NumberSerializer, request.data)["volunteer"]
        member = Member.objects.current().filter(squad=row, volunteer__no=number).first()
        if member is None:
            raise Invalid(_("Nobody of this number stands in the squad."), field="volunteer")
        actions.remove_member(member=member, by=request.user, at=timezone.now())
        return self._row(row)

    @extend_schema(request=s.NothingSerializer, responses=s.SquadSerializer, summary="解散志愿队伍")
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        return self._row(actions.end_squad(squad=self.get_object(), by=request.user, at=timezone.now()))
