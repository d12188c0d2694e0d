"""The phrasebook by API: what a street's workers tap instead of typing."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions
from cases.api import serializers as s
from cases.api.asking import own_street
from cases.api.views import named
from cases.models import Category, StreetPhrase
from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.errors import Invalid


class PhraseViewSet(ScopedViewSet):
    """The own phrases of a street; a street without any has the house's. Retired, never deleted."""

    scopes = {"read": "catalogue:read", "write": "catalogue:write"}
    queryset = StreetPhrase.objects.all()
    serializer_class = s.PhraseSerializer
    filterset_fields: Any = {"category__code": ["exact"], "retired_at": ["isnull"]}
    ordering = ("-id",)

    @extend_schema(request=s.AddPhraseSerializer, responses={201: s.PhraseSerializer}, summary="添加常用语")
    def create(self, request: Request) -> Response:
        given = asked(s.AddPhraseSerializer, request.data)
        given["street"] = own_street(request.user, given["street"])
        given["category"] = named(Category.objects.choosable(), given["category"], "category")
        row = actions.add_phrase(**given, by=request.user, at=timezone.now())
        return Response(shown(s.PhraseSerializer, row), status=status.HTTP_201_CREATED)

    @extend_schema(request=s.ChangePhraseSerializer, responses=s.PhraseSerializer, summary="修改常用语")
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        row, given = self.get_object(), asked(s.ChangePhraseSerializer, request.data)
        if not given:
            raise Invalid(_("Name something to change."), field="text")
        row = actions.change_phrase(phrase=row, **given, by=request.user, at=timezone.now())
        return Response(shown(s.PhraseSerializer, row))

    @extend_schema(request=None, responses=s.PhraseSerializer, summary="停用常用语")
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        row = actions.retire_phrase(phrase=self.get_object(), by=request.user, at=timezone.now())
        return Response(shown(s.PhraseSerializer, row))
