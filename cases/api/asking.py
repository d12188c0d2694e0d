"""Asking, deciding, resuming."""

from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions
from cases.api import serializers as s
from cases.api.verbs import CaseVerbs, verb
from cases.choices import Ask, AskState
from cases.models import Application, ApprovalRule
from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.errors import Invalid
from grids.models import Grid


class AskingVerbs(CaseVerbs):
    """Verbs of a case that ask for something, or let it run on."""

    @verb(
        "ask",
        s.AskSerializer,
        "申请(延期、挂起、挂账、改类、退回、作废、不计入考核及申诉)",
        answers=s.ApplicationSerializer,
    )
    def ask(self, request: Request, pk: str) -> Response:
        return Response(shown(s.ApplicationSerializer, self.act(actions.ask, s.AskSerializer)))

    @verb("return", s.ReturnSerializer, "申请退回", answers=s.ApplicationSerializer)
    def give_back(self, request: Request, pk: str) -> Response:
        asking = partial(actions.ask, kind=Ask.RETURN)
        return Response(shown(s.ApplicationSerializer, self.act(asking, s.ReturnSerializer)))

    @verb("resume", s.OptionalNoteSerializer, "恢复计时")
    def resume(self, request: Request, pk: str) -> Response:
        return self.move(actions.resume_case, s.OptionalNoteSerializer)

    @verb("review", s.ReviewSerializer, "挂账复核,延至下次复核日")
    def review(self, request: Request, pk: str) -> Response:
        return self.move(actions.review_parked, s.ReviewSerializer)


class ApplicationFilter(django_filters.FilterSet):
    """`waits_for_me`: those that the caller may decide."""

    kind = django_filters.MultipleChoiceFilter(choices=Ask.choices)
    state = django_filters.MultipleChoiceFilter(choices=AskState.choices)
    case = django_filters.NumberFilter("case_id")
    waits_for_me = django_filters.BooleanFilter(method="only_mine")

    class Meta:
        model = Application
        fields = ()

    def only_mine(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        return rows.waiting_for(self.request.user, timezone.now()) if wanted else rows


class ApplicationViewSet(ScopedViewSet):
    """Applications about the cases in the own scope."""

    scopes = {"read": "cases:read", "write": "cases:write"}
    queryset = Application.objects.all()
    serializer_class = s.ApplicationSerializer
    filterset_class = ApplicationFilter
    ordering = ("-id",)

    def rows(self) -> QuerySet:
        return Application.objects.lines()

    def _act(self, verb: Any, asks: type) -> Response:
        given = asked(asks, self.request.data)
        try:
            row = verb(application=int(self.kwargs["pk"]), by=self.request.user, at=timezone.now(), **given)
        except Application.DoesNotExist:
            raise Http404 from None
        return Response(shown(s.ApplicationSerializer, row))

    @extend_schema(request=s.DecideSerializer, responses={200: s.ApplicationSerializer}, summary="审批申请")
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        return self._act(actions.decide, s.DecideSerializer)

    @extend_schema(request=s.NothingSerializer, responses={200: s.ApplicationSerializer}, summary="撤回申请")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self._act(actions.withdraw_application, s.NothingSerializer)


class ApprovalRuleViewSet(ScopedViewSet):
    """Who decides about which application, how often and how long. A new row takes over; none is edited."""

    scopes = {"read": "catalogue:read", "write": "catalogue:write"}
    queryset = ApprovalRule.objects.all()
    serializer_class = s.ApprovalRuleSerializer
    filterset_fields = ("kind",)
    ordering = ("-id",)

    @extend_schema(
        request=s.SetApprovalRuleSerializer, responses={201: s.ApprovalRuleSerializer}, summary="设定审批规则"
    )
    def create(self, request: Request) -> Response:
        given = asked(s.SetApprovalRuleSerializer, request.data)
        given["street"] = own_street(request.user, given["street"])
        rule = actions.set_approval_rule(by=request.user, at=timezone.now(), **given)
        return Response(shown(s.ApprovalRuleSerializer, rule), status=status.HTTP_201_CREATED)


def own_street(user: Any, code: str) -> Grid | None:
    """The street CODE in USER's scope, or None where none was named."""
    if not code:
        return None
    found = Grid.objects.visible_to(user).filter(parent=None, code=code).first()
    if found is None:
        raise Invalid(_("There is no %(code)s.") % {"code": code}, field="street")
    return found
