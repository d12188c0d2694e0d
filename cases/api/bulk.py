"""One verb over many cases, answered row by row: each case in its own right, none held up by another's refusal."""

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from cases import actions
from cases.choices import MOST_AT_ONCE, BulkVerb, OwnGrid
from cases.forms import case_named
from cases.models import Bulk, BulkLine
from gridgov.core.api import ScopedViewSet, asked, shown

_KEY: Any = {"min_value": 1, "max_value": 2**63 - 1}


class SeenCaseSerializer(serializers.Serializer):
    """A case as it was seen: one that has changed since is left alone."""

    id = serializers.IntegerField(**_KEY)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class RunSerializer(serializers.Serializer):
    """`dispatch` needs `unit` or `own`, `merge` needs `leading` (number or id) and `reason`; `note` goes with dispatch and urge."""

    verb = serializers.ChoiceField(BulkVerb.choices)
    cases = serializers.ListField(child=SeenCaseSerializer(), allow_empty=False, max_length=MOST_AT_ONCE)
    unit = serializers.IntegerField(required=False, allow_null=True, default=None, **_KEY)
    own = serializers.ChoiceField(OwnGrid.choices, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    leading = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class BulkLineSerializer(serializers.ModelSerializer):
    """`done` is null until its turn has come; a refusal says in `words` why."""

    id = serializers.IntegerField(source="case_id")
    no = serializers.CharField(source="case.no")

    class Meta:
        model = BulkLine
        fields = ("id", "no", "version", "done", "words")


class BulkSerializer(serializers.ModelSerializer):
    class Meta:
        model = Bulk
        fields: tuple[str, ...] = ("id", "verb", "at", "finished_at")


class BulkDetailSerializer(BulkSerializer):
    """A case that is missing among the lines is not in the own scope."""

    lines = BulkLineSerializer(many=True)

    class Meta(BulkSerializer.Meta):
        fields = (*BulkSerializer.Meta.fields, "lines")


class BulkViewSet(ScopedViewSet):
    """The own runs of one verb over many cases."""

    scopes = {"read": "cases:read", "write": "cases:write"}
    queryset = Bulk.objects.all()
    serializer_class = BulkDetailSerializer
    list_serializer_class = BulkSerializer
    filterset_fields = ("verb",)
    ordering = ("-id",)

    @extend_schema(
        request=RunSerializer, responses={201: BulkDetailSerializer}, summary="批量派遣、催办、并案（逐件答复）"
    )
    def create(self, request: Request) -> Response:
        values = asked(RunSerializer, request.data)
        given = _given(values, request.user)
        rows = {row["id"]: row["version"] for row in values["cases"] if row["id"] != given.get("leading")}
        told = {"key": uuid.uuid4(), "verb": values["verb"], "rows": rows, "given": given}
        run = actions.do_in_bulk(**told, by=request.user, at=timezone.now())
        row = self.get_queryset().get(pk=run.pk)
        return Response(shown(BulkDetailSerializer, row), status=status.HTTP_201_CREATED)


def _given(values: dict[str, Any], by: User) -> dict[str, Any]:
    """What the verb wants to know."""
    if values["verb"] == BulkVerb.MERGE:
        return {"leading": case_named(values["leading"], by), "reason": values["reason"]}
    if values["verb"] == BulkVerb.DISPATCH:
        return {name: values[name] for name in ("unit", "own", "note")}
    return {"note": values["note"]}
