"""The duty list of a street by API."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from grids import actions
from grids.api.serializers import AboveSerializer, EndSerializer, VisibleField
from grids.api.verbs import VerbViewSet, verb
from grids.choices import DutyArea, PostKind
from grids.models import Duty, Grid


class DutySerializer(serializers.ModelSerializer):
    street = AboveSerializer()

    class Meta:
        model = Duty
        fields = ("id", "street", "kind", "area", "position", "text", "valid_from", "valid_to")


class ChangeDutySerializer(serializers.Serializer):
    """What is left out stays."""

    area = serializers.ChoiceField(DutyArea.choices, required=False)
    text = serializers.CharField(max_length=200, required=False)
    position = serializers.IntegerField(min_value=0, max_value=9999, required=False, help_text="place in the list")


class AddDutySerializer(serializers.Serializer):
    street: Any = VisibleField(queryset=Grid.objects.filter(parent=None))
    kind = serializers.ChoiceField(PostKind.choices)
    area = serializers.ChoiceField(DutyArea.choices)
    text = serializers.CharField(max_length=200)
    position = serializers.IntegerField(
        min_value=0, max_value=9999, required=False, allow_null=True, default=None, help_text="default: at the end"
    )
    valid_from = serializers.DateField(required=False, allow_null=True, default=None, help_text="default: today")


class DutyFilter(django_filters.FilterSet):
    """`street` is a code; `current` leaves only what holds today."""

    street = django_filters.CharFilter("street__code", max_length=9)
    kind = django_filters.ChoiceFilter(choices=PostKind.choices)
    area = django_filters.ChoiceFilter(choices=DutyArea.choices)
    current = django_filters.BooleanFilter(method="only_current")

    def only_current(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.current(timezone.localdate()) if wanted else rows


class DutyViewSet(VerbViewSet):
    """What each kind of post has to do, in a street's own words and order."""

    scopes = {"read": "posts:read", "write": "posts:write"}
    queryset = Duty.objects.all()
    serializer_class = DutySerializer
    filterset_class = DutyFilter
    ordering = ("id",)

    @extend_schema(request=AddDutySerializer, responses={201: DutySerializer}, summary="增列职责")
    def create(self, request: Request) -> Response:
        return self.act(AddDutySerializer, actions.add_duty)

    @verb("change", ChangeDutySerializer, DutySerializer, "修改职责")
    def change(self, request: Request, pk: str) -> Response:
        return self.act(ChangeDutySerializer, actions.change_duty, "duty")

    @verb("end", EndSerializer, DutySerializer, "停用职责")
    def end(self, request: Request, pk: str) -> Response:
        return self.act(EndSerializer, actions.end_duty, "duty")
