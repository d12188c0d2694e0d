"""Feedback, panels and certificates as JSON. Volunteers are numbers and nicknames here: names take a scope of their own."""

from typing import Any

from rest_framework import serializers

from volunteers.choices.honours import SCORES, TITLE_CHARS, WEIGHTS, WORDS_CHARS, CertificateKind, Part
from volunteers.models import Candidate, Certificate, Feedback, Panel, Seat
from volunteers.rules.certificates import hours_of

_WORDS: dict[str, Any] = {"max_length": WORDS_CHARS, "required": False, "allow_blank": True, "default": ""}


class FeedbackSerializer(serializers.ModelSerializer):
    project_title = serializers.CharField(source="project.title", read_only=True)
    grid_code = serializers.CharField(source="project.grid.code", read_only=True)

    class Meta:
        model = Feedback
        fields = ("id", "project", "project_title", "grid_code", "stars", "words", "at")


class WeightsSerializer(serializers.Serializer):
    """Percent; a hundred together."""

    residents = serializers.IntegerField(min_value=0, max_value=100)
    social_worker = serializers.IntegerField(min_value=0, max_value=100)
    committee = serializers.IntegerField(min_value=0, max_value=100)


class PanelLineSerializer(serializers.ModelSerializer):
    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    weights = WeightsSerializer(read_only=True)

    class Meta:
        model = Panel
        fields = ("id", "grid_code", "grid_name", "title", "state", "first", "last", "weights", "made_at", "closed_at")


class SeatSerializer(serializers.ModelSerializer):
    account = serializers.CharField(source="user.username", read_only=True)

    class Meta:
        model = Seat
        fields = ("account", "part")


class CandidateSerializer(serializers.ModelSerializer):
    """`residents` and `result` are hundredths of a point, written when the panel is closed."""

    volunteer_no = serializers.CharField(source="volunteer.no", read_only=True)
    nickname = serializers.CharField(source="volunteer.public_name", read_only=True)

    class Meta:
        model = Candidate
        fields = ("id", "volunteer_no", "nickname", "residents", "voices", "result")


class PanelSerializer(PanelLineSerializer):
    """In the order in which they were put forward: nobody is ranked. What a seat gave, nobody else reads here."""

    seats = SeatSerializer(many=True, read_only=True)
    candidates = CandidateSerializer(many=True, read_only=True)

    class Meta:
        model = Panel
        fields = (*PanelLineSerializer.Meta.fields, "seats", "candidates")


class OpenPanelSerializer(serializers.Serializer):
    grid = serializers.RegexField(r"^\d{9,18}$")
    title = serializers.CharField(max_length=TITLE_CHARS)
    first = serializers.DateField()
    last = serializers.DateField()
    weights = WeightsSerializer(required=False, default=lambda: {str(what): share for what, share in WEIGHTS.items()})


class SeatMemberSerializer(serializers.Serializer):
    account = serializers.CharField(max_length=150)
    part = serializers.ChoiceField(Part.choices)


class PutForwardSerializer(serializers.Serializer):
    volunteers = serializers.ListField(child=serializers.CharField(max_length=16), min_length=1, max_length=100)


class ScoreSerializer(serializers.Serializer):
    """Without `points`: stepping back."""

    candidate = serializers.IntegerField(min_value=1, max_value=2**62)
    points = serializers.IntegerField(min_value=SCORES[0], max_value=SCORES[1], allow_null=True, default=None)
    words = serializers.CharField(**_WORDS)


class HonourSerializer(serializers.Serializer):
    candidate = serializers.IntegerField(min_value=1, max_value=2**62)
    title = serializers.CharField(max_length=TITLE_CHARS)
    words = serializers.CharField(**_WORDS)


class CertificateSerializer(serializers.ModelSerializer):
    """`code` leads to the page that verifies it: /v/c/<code>/."""

    volunteer_no = serializers.CharField(source="volunteer.no", read_only=True)
    nickname = serializers.CharField(source="volunteer.public_name", read_only=True)
    grid_code = serializers.CharField(source="volunteer.grid.code", read_only=True)
    kind = serializers.ChoiceField(CertificateKind.choices, read_only=True)
    hours = serializers.SerializerMethodField(help_text="in halves, of an official record")
    issuer = serializers.CharField(source="said.issuer", read_only=True)

    class Meta:
        model = Certificate
        fields = (
            "id", "no", "code", "kind", "state", "title", "volunteer_no", "nickname", "grid_code", "hours", "issuer", "panel",
            "made_at", "public_until", "issued_at", "withdrawn_at", "reason",
        )  # fmt: skip

    def get_hours(self, row: Certificate) -> float | None:
        minutes = row.said.get("minutes")
        return None if minutes is None else hours_of(minutes)


class IssueRecordSerializer(serializers.Serializer):
    volunteer = serializers.CharField(max_length=16)
    first = serializers.DateField()
    last = serializers.DateField()


class WithdrawSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=WORDS_CHARS)
