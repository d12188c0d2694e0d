"""Urging, supervision and its answer, asked and shown."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.choices import REPLY_CHARS, SUPERVISION_CHARS, CardLevel, SupervisionKind
from cases.models import Supervision


class UrgeSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=SUPERVISION_CHARS, required=False, default="", allow_blank=True)


class SuperviseSerializer(serializers.Serializer):
    """The level never falls within a round; without `reply_due` the time limit for answers holds."""

    kind = serializers.ChoiceField(SupervisionKind.choices, default=SupervisionKind.ORDINARY)
    level = serializers.ChoiceField(CardLevel.choices, default=CardLevel.NONE)
    text = serializers.CharField(max_length=SUPERVISION_CHARS)
    reply_due = serializers.DateTimeField(required=False, allow_null=True, default=None)


class AnswerSerializer(serializers.Serializer):
    reply = serializers.CharField(max_length=REPLY_CHARS)


class SupervisionSerializer(serializers.ModelSerializer):
    """`text` is what is demanded, of supervision by rule in the reader's language."""

    case_no = serializers.CharField(source="case.no", read_only=True)
    text = serializers.CharField(source="words", read_only=True)
    to = serializers.CharField(read_only=True)
    by = serializers.CharField(source="by.full_name", read_only=True)
    by_rule = serializers.SerializerMethodField()
    replied_by = serializers.CharField(source="replied_by.full_name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Supervision
        fields = (
            "id", "case", "case_no", "kind", "level", "round", "to", "text", "by", "by_rule", "at", "reply_due", "reply",
            "replied_by", "replied_at", "superseded_at",
        )  # fmt: skip

    @extend_schema_field(serializers.BooleanField())
    def get_by_rule(self, row: Any) -> bool:
        return bool(row.by.role == "system")
