"""The matter list taken in whole by API, as the desk takes it from a file: all rows or none."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions
from cases.choices import Tier, Urgency
from gridgov.core.api import ScopedViewSet, asked

MOST_ROWS = 2000
_OPEN = {"required": False, "allow_blank": True}


class MatterRowSerializer(serializers.Serializer):
    """A group (two digits) or an item (four). What is left out stays as it is; of a new one it is empty."""

    code = serializers.RegexField(r"^[0-9]{2}([0-9]{2})?$")
    name = serializers.CharField(max_length=32)
    name_en = serializers.CharField(max_length=64, **_OPEN)
    area = serializers.CharField(max_length=16, **_OPEN)
    tier = serializers.ChoiceField(Tier.choices, **_OPEN)
    urgency = serializers.ChoiceField(Urgency.choices, **_OPEN)
    response_hours = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    lead_unit = serializers.CharField(max_length=64, **_OPEN)
    assist_units = serializers.ListField(child=serializers.CharField(max_length=64), required=False, max_length=20)
    keywords = serializers.ListField(child=serializers.CharField(max_length=32), required=False, max_length=50)
    basis = serializers.CharField(max_length=128, **_OPEN)
    enabled = serializers.BooleanField(required=False)
    needs_place = serializers.BooleanField(required=False)
    needs_photo = serializers.BooleanField(required=False)
    needs_photo_before = serializers.BooleanField(required=False)
    public = serializers.BooleanField(required=False)


class MatterListSerializer(serializers.Serializer):
    """With `dry_run` it is only checked."""

    rows = serializers.ListField(child=MatterRowSerializer(), allow_empty=False, max_length=MOST_ROWS)
    dry_run = serializers.BooleanField(default=False)


class MattersTakenSerializer(serializers.Serializer):
    """How many rows were (or, in a dry run, would be) new, changed, and left as they stood."""

    founded = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class MatterLists(ScopedViewSet):
    """Part of CategoryViewSet."""

    @extend_schema(
        request=MatterListSerializer,
        responses=MattersTakenSerializer,
        summary="按清单设定事项(可试运行;有错则全部不入)",
    )
    @action(detail=False, methods=["post"], url_path="import")
    def take_in(self, request: Request) -> Response:
        given: dict[str, Any] = asked(MatterListSerializer, request.data)
        rows = [actions.MatterRow(row.pop("code"), row) for row in map(dict, given["rows"])]
        found = actions.import_matters(rows=rows, dry_run=given["dry_run"], by=request.user, at=timezone.now())
        return Response(MattersTakenSerializer(found).data)
