"""What the verbs ask for."""

from rest_framework import serializers

from cases.choices import (
    PHOTO_AREA_LIMIT,
    Channel,
    LimitOf,
    Outcome,
    PhotoKind,
    RejectReason,
    Score,
    Tier,
    Urgency,
)

# --- what the verbs ask for ------------------------------------------------------------------------------------------


class NothingSerializer(serializers.Serializer):
    """For verbs that ask for nothing."""


class ReportSerializer(serializers.Serializer):
    """A report. The place is a point, a grid code, or the reporter's only post."""

    category = serializers.CharField(max_length=4)
    text = serializers.CharField(max_length=2000)
    channel = serializers.ChoiceField(Channel.choices, default=Channel.GRID_WORKER)
    title = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    tier = serializers.ChoiceField(Tier.choices, required=False, default="", allow_blank=True)
    urgency = serializers.ChoiceField(Urgency.choices, required=False, default="", allow_blank=True)
    grid = serializers.CharField(max_length=18, required=False, default="", allow_blank=True)
    place = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    lng = serializers.FloatField(required=False, allow_null=True, default=None, min_value=-180, max_value=180)
    lat = serializers.FloatField(required=False, allow_null=True, default=None, min_value=-90, max_value=90)
    crs = serializers.ChoiceField(["WGS84", "GCJ02"], default="WGS84")
    reporter_name = serializers.CharField(max_length=48, required=False, default="", allow_blank=True)
    reporter_phone = serializers.RegexField(r"^[0-9+*\- ]{0,20}$", required=False, default="", allow_blank=True)
    anonymous = serializers.BooleanField(default=False)
    confidential = serializers.BooleanField(
        default=False, help_text="Nobody sees the reporter but who is entrusted with it; no API ever does."
    )
    occurred_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="When it was noted, by the device's clock."
    )


class SolveSerializer(ReportSerializer):
    """A report of what has been dealt with already. What asks for a photo is reported and completed step by step."""

    result = serializers.CharField(max_length=2000)


class AcceptSerializer(serializers.Serializer):
    tier = serializers.ChoiceField(Tier.choices, required=False, default="", allow_blank=True)
    category = serializers.CharField(max_length=4, required=False, default="", allow_blank=True)
    grid = serializers.CharField(max_length=18, required=False, default="", allow_blank=True)
    urgency = serializers.ChoiceField(Urgency.choices, required=False, default="", allow_blank=True)


class RejectSerializer(serializers.Serializer):
    reason = serializers.ChoiceField(RejectReason.choices)
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class DispatchSerializer(serializers.Serializer):
    """Either a unit (its number) or a grid (its code)."""

    unit = serializers.IntegerField(required=False, allow_null=True, default=None)
    grid = serializers.CharField(max_length=18, required=False, default="", allow_blank=True)
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ReassignSerializer(serializers.Serializer):
    unit = serializers.IntegerField(required=False, allow_null=True, default=None)
    grid = serializers.CharField(max_length=18, required=False, default="", allow_blank=True)
    reason = serializers.CharField(max_length=500)


class NoteSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=2000)


class OptionalNoteSerializer(serializers.Serializer):
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class RaiseSerializer(serializers.Serializer):
    tier = serializers.ChoiceField(Tier.choices)
    reason = serializers.CharField(max_length=500)


class CompleteSerializer(serializers.Serializer):
    """`result` is the office's own account, `reply` what the reporter reads."""

    result = serializers.CharField(max_length=2000)
    outcome = serializers.ChoiceField(Outcome.choices, default=Outcome.SOLVED)
    reply = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class RateSerializer(serializers.Serializer):
    score = serializers.ChoiceField(Score.choices)
    solved = serializers.BooleanField()
    text = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class PhotoUploadSerializer(serializers.Serializer):
    photo = serializers.FileField()
    kind = serializers.ChoiceField(PhotoKind.choices, default=PhotoKind.BEFORE)


class AreasSerializer(serializers.Serializer):
    """Areas of a photo to cover: x, y, width, height in shares (0 to 1) of its sides."""

    areas = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(min_value=0, max_value=1), min_length=4, max_length=4),
        min_length=1, max_length=PHOTO_AREA_LIMIT,
    )  # fmt: skip


class SwitchesSerializer(serializers.Serializer):
    """Whether a matter is in use, and what it asks for; what is not named stays."""

    enabled = serializers.BooleanField(required=False)
    needs_place = serializers.BooleanField(required=False)
    needs_photo = serializers.BooleanField(required=False)
    needs_photo_before = serializers.BooleanField(required=False)
    public = serializers.BooleanField(required=False)


class SetPolicySerializer(serializers.Serializer):
    limit = serializers.ChoiceField(LimitOf.choices, default=LimitOf.CASE)
    tier = serializers.ChoiceField(Tier.choices, required=False, default="", allow_blank=True)
    category = serializers.CharField(max_length=4, required=False, default="", allow_blank=True)
    street = serializers.CharField(max_length=9, required=False, default="", allow_blank=True)
    value = serializers.DecimalField(max_digits=8, decimal_places=2)
    unit = serializers.CharField(max_length=16)
    effective_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
