"""Feedback, panels and certificates: every verb is one POST that calls one action."""

from typing import Any

import django_filters
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.errors import Invalid
from volunteers.actions import certificates, panels
from volunteers.api import honours_serializers as s
from volunteers.models import Certificate, Feedback, Panel, Volunteer
from volunteers.reports.own_ground import grid_for
from volunteers.reports.panels import fitting

SCOPES = {"read": "volunteers:read", "write": "volunteers:write"}


class FeedbackFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it."""

    grid = django_filters.CharFilter("project__grid__code", lookup_expr="startswith", max_length=18)
    project = django_filters.NumberFilter(min_value=0, max_value=2**62)

    class Meta:
        model = Feedback
        fields = ("grid", "project", "stars")


class FeedbackViewSet(ScopedViewSet):
    """居民评价, without a name."""

    queryset = Feedback.objects.all()
    scopes = SCOPES
    serializer_class = s.FeedbackSerializer
    filterset_class = FeedbackFilter
    ordering = ("-id",)


class PanelViewSet(ScopedViewSet):
    """评议: those in scope, and those one sits on."""

    queryset = Panel.objects.all()
    scopes = SCOPES
    serializer_class = s.PanelSerializer
    list_serializer_class = s.PanelLineSerializer
    filterset_fields: Any = ("state",)
    ordering = ("-id",)

    @extend_schema(request=s.OpenPanelSerializer, responses={201: s.PanelSerializer}, summary="发起评议")
    def create(self, request: Request) -> Response:
        given = asked(s.OpenPanelSerializer, request.data)
        grid = grid_for(request.user, given["grid"])
        row = panels.open_panel(**{**given, "grid": grid}, by=request.user, at=timezone.now())
        return self._row(row, status.HTTP_201_CREATED)

    @extend_schema(request=s.SeatMemberSerializer, responses=s.PanelSerializer, summary="增加评议组成员")
    @action(detail=True, methods=["post"])
    def seat(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.SeatMemberSerializer, request.data)
        user = User.objects.filter(username=given["account"]).first()
        if user is None:
            raise Invalid(_("There is no such account."), field="account")
        panels.seat_member(panel=row, user=user, part=given["part"], by=request.user, at=timezone.now())
        return self._row(row)

    @extend_schema(request=s.PutForwardSerializer, responses=s.PanelSerializer, summary="推荐候选人")
    @action(detail=True, methods=["post"], url_path="put-forward")
    def put_forward(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.PutForwardSerializer, request.data)
        found = fitting(row, given["volunteers"], None)
        panels.put_forward(panel=row, volunteers=found, by=request.user, at=timezone.now())
        return self._row(row)

    @extend_schema(request=s.ScoreSerializer, responses={204: None}, summary="评分或回避")
    @action(detail=True, methods=["post"])
    def score(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.ScoreSerializer, request.data)
        panels.score_candidate(panel=row, **given, by=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=s.PanelSerializer, summary="结束评议并得出结果")
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        return self._row(panels.close_panel(panel=self.get_object(), by=request.user, at=timezone.now()))

    @extend_schema(request=s.HonourSerializer, responses={201: s.CertificateSerializer}, summary="拟授予荣誉并公示")
    @action(detail=True, methods=["post"])
    def honour(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.HonourSerializer, request.data)
        made = certificates.honour(panel=row, **given, by=request.user, at=timezone.now())
        return Response(shown(s.CertificateSerializer, made), status=status.HTTP_201_CREATED)

    def _row(self, row: Panel, code: int = status.HTTP_200_OK) -> Response:
        return Response(shown(s.PanelSerializer, Panel.objects.for_detail().get(pk=row.pk)), status=code)


class CertificateFilter(django_filters.FilterSet):
    """`volunteer`: a volunteer's number. `grid`: a grid's code, with those below it."""

    volunteer = django_filters.CharFilter("volunteer__no", max_length=16)
    grid = django_filters.CharFilter("volunteer__grid__code", lookup_expr="startswith", max_length=18)

    class Meta:
        model = Certificate
        fields = ("volunteer", "grid", "kind", "state")


class CertificateViewSet(ScopedViewSet):
    """志愿服务记录证明和荣誉证书, in the own scope; volunteers their own."""

    queryset = Certificate.objects.all()
    scopes = SCOPES
    serializer_class = s.CertificateSerializer
    filterset_class = CertificateFilter
    ordering = ("-id",)

    @extend_schema(
        request=s.IssueRecordSerializer, responses={201: s.CertificateSerializer}, summary="出具志愿服务记录证明"
    )
    def create(self, request: Request) -> Response:
        given = asked(s.IssueRecordSerializer, request.data)
        volunteer = Volunteer.objects.visible_to(request.user).filter(no=given.pop("volunteer")).first()
        if volunteer is None:
            raise Http404
        row = certificates.issue_record(volunteer=volunteer, **given, by=request.user, at=timezone.now())
        return Response(shown(s.CertificateSerializer, row), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=s.CertificateSerializer, summary="公示期满后颁发")
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        row = certificates.issue_certificate(certificate=self.get_object(), by=request.user, at=timezone.now())
        return Response(shown(s.CertificateSerializer, row))

    @extend_schema(request=s.WithdrawSerializer, responses=s.CertificateSerializer, summary="说明理由后撤销")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.WithdrawSerializer, request.data)
        row = certificates.withdraw_certificate(certificate=row, **given, by=request.user, at=timezone.now())
        return Response(shown(s.CertificateSerializer, row))
