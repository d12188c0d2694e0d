"""What the worker's day asks for and shows. A patrol shows when it began and ended; its trail is another answer."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from cases.actions.intake import TEXT_CHARS
from fieldwork.choices import (
    GCJ02,
    MOST_POINTS,
    NOTE_CHARS,
    PAGE_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    WGS84,
    DailyKind,
    Diligence,
)
from fieldwork.models import DailyReport, NeedlessWork, Patrol, TrailLook, TrailPoint, Visit
from fieldwork.reports import minutes_of, speaker_for

_GRID = {"max_length": 18, "required": False, "default": "", "allow_blank": True}


def _words(length: int, **more: Any) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=False, default="", allow_blank=True, **more)


# --- patrols


class StartSerializer(serializers.Serializer):
    """Without `grid` it is the first of the own ones."""

    grid = serializers.CharField(**_GRID)
    kind = serializers.ChoiceField(Diligence.choices, default=Diligence.PATROL)


class StopSerializer(serializers.Serializer):
    """`until`: when stop was pressed, where the phone had no net then."""

    note = _words(NOTE_CHARS)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class PatrolSerializer(serializers.ModelSerializer):
    worker = serializers.CharField(source="user.full_name", read_only=True)
    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    minutes = serializers.SerializerMethodField()

    class Meta:
        model = Patrol
        fields = (
            "id", "worker", "grid_code", "grid_name", "kind", "started_at", "ended_at", "ending", "minutes", "note",
        )  # fmt: skip

    def get_minutes(self, row: Patrol) -> int:
        return minutes_of(row, timezone.now())


class ReadingSerializer(serializers.Serializer):
    """One reading of the phone: `at` by its own clock, `accuracy` in metres."""

    at = serializers.DateTimeField()
    lng = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    crs = serializers.ChoiceField([WGS84, GCJ02], default=WGS84)
    accuracy = serializers.FloatField(required=False, allow_null=True, default=None, min_value=0)


class PointsSerializer(serializers.Serializer):
    points = serializers.ListField(child=ReadingSerializer(), min_length=1, max_length=MOST_POINTS)


class WalkSerializer(serializers.Serializer):
    """A patrol that began without a network, told of afterwards; sent again under its `key`, it is the same one. The trail
    goes with its end."""

    key = serializers.UUIDField()
    grid = serializers.CharField(**_GRID)
    kind = serializers.ChoiceField(Diligence.choices, default=Diligence.PATROL)
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    note = _words(NOTE_CHARS)
    points = serializers.ListField(child=ReadingSerializer(), required=False, default=list, max_length=MOST_POINTS)


class TakenSerializer(serializers.Serializer):
    """Kept; thrown away as too near to another in time; thrown away as not taken while the patrol ran."""

    kept = serializers.IntegerField()
    thinned = serializers.IntegerField()
    outside = serializers.IntegerField()


class PointSerializer(serializers.ModelSerializer):
    class Meta:
        model = TrailPoint
        fields = ("taken_at", "received_at", "lng", "lat", "accuracy", "crs")


class LookSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.full_name", read_only=True)

    class Meta:
        model = TrailLook
        fields = ("by", "at", "reason")


class TrailSerializer(serializers.Serializer):
    """WGS-84. `looks`: who of the street office has looked at it, and why."""

    kilometres = serializers.FloatField()
    points = PointSerializer(many=True)


class OwnTrailSerializer(TrailSerializer):
    looks = LookSerializer(many=True)


class LookReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON_CHARS)


# --- visits


class LogSerializer(serializers.Serializer):
    """`at`: when it was, where the phone had no net then. Words without names and numbers of people."""

    grid = serializers.CharField(**_GRID)
    kind = serializers.ChoiceField(Diligence.choices, default=Diligence.VISIT)
    place = serializers.CharField(max_length=PLACE_CHARS)
    note = _words(NOTE_CHARS)
    at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class VisitSerializer(serializers.ModelSerializer):
    worker = serializers.CharField(source="user.full_name", read_only=True)
    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    case_no = serializers.CharField(source="case.no", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Visit
        fields = (
            "id",
            "worker",
            "grid_code",
            "grid_name",
            "kind",
            "at",
            "entered_at",
            "place",
            "note",
            "case",
            "case_no",
        )


class MakeCaseSerializer(serializers.Serializer):
    category = serializers.CharField(max_length=16)
    text = serializers.CharField(max_length=TEXT_CHARS)


# --- daily reports


class GiveSerializer(serializers.Serializer):
    """Without `day` it is today's."""

    grid = serializers.CharField(**_GRID)
    kind = serializers.ChoiceField(DailyKind.choices)
    note = _words(NOTE_CHARS)
    day = serializers.DateField(required=False, allow_null=True, default=None)


class DailyReportSerializer(serializers.ModelSerializer):
    """`counts`: what the day's records said when the report was given."""

    worker = serializers.CharField(source="user.full_name", read_only=True)
    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)

    class Meta:
        model = DailyReport
        fields = ("id", "worker", "grid_code", "grid_name", "day", "kind", "note", "counts", "given_at")


# --- needless work


class SaySerializer(serializers.Serializer):
    """`anonymous`: nobody can know who said it. `street` where there are several."""

    street = serializers.CharField(**_GRID)
    words = serializers.CharField(max_length=NOTE_CHARS)
    page = _words(PAGE_CHARS)
    anonymous = serializers.BooleanField(default=False)


class NeedlessWorkSerializer(serializers.ModelSerializer):
    """`said_by` is named to the street office and to the person."""

    street_name = serializers.CharField(source="street.name", read_only=True)
    said_by = serializers.SerializerMethodField()
    answered_by = serializers.CharField(source="answered_by.full_name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = NeedlessWork
        fields = ("id", "street_name", "page", "words", "said_by", "said_on", "answer", "answered_by", "answered_at")

    def get_said_by(self, row: NeedlessWork) -> str | None:
        request = self.context.get("request")
        return speaker_for(request.user, row) if request else None


class AnswerNeedlessSerializer(serializers.Serializer):
    answer = serializers.CharField(max_length=NOTE_CHARS)
