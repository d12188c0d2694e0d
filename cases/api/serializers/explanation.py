"""Why a deadline stands where it stands, in the API's shape."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.choices import (
    Clock,
    Entry,
)


class ExplanationRowSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    entry = serializers.ChoiceField(Entry.choices)
    text = serializers.CharField()
    by = serializers.CharField()
    moved_seconds = serializers.IntegerField()
    due_at = serializers.DateTimeField()


class ExplanationSerializer(serializers.Serializer):
    """Why this deadline: `original_due_at` plus the seconds of all rows is `due_at`."""

    clock = serializers.ChoiceField(Clock.choices, source="deadline.clock")
    to = serializers.SerializerMethodField()
    limit = serializers.CharField()
    started_at = serializers.DateTimeField(source="deadline.started_at")
    original_due_at = serializers.DateTimeField(source="deadline.original_due_at")
    due_at = serializers.DateTimeField(source="deadline.due_at")
    provisional = serializers.BooleanField(source="deadline.provisional")
    breached_at = serializers.DateTimeField(source="deadline.breached_at", allow_null=True)
    rows = ExplanationRowSerializer(many=True)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_to(self, explanation: Any) -> str | None:
        return explanation.to or None
