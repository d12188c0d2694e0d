"""What the API shows. Personal data is masked here; the raw value never leaves unasked."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from cases.api.serializers.merging import CallbackSerializer, MergedSerializer
from cases.choices import (
    CaseState,
    Channel,
    Hold,
    Light,
    Step,
    Tier,
    Urgency,
    Verb,
)
from cases.models import Case, Category, Deadline, Order, Photo, Policy, Rating, VoiceNote, in_readers_language
from cases.reports import calls, five_steps, light, merged_into, timeline, voices
from cases.reports.links import links_of
from gridgov.core.api import shown
from gridgov.core.calendar import CHINA


class CategorySerializer(serializers.ModelSerializer):
    parent = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta:
        model = Category
        fields = (
            "code", "parent", "level", "name", "name_en", "area", "tier", "urgency", "response_hours", "lead_unit",
            "assist_units", "needs_place", "needs_photo", "needs_photo_before", "public", "keywords", "enabled",
        )  # fmt: skip


class PolicySerializer(serializers.ModelSerializer):
    street = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    category = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta:
        model = Policy
        fields = ("id", "street", "limit", "tier", "category", "value", "unit", "effective_from", "reason")


class NamedSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


PLAIN = ("id", "no", "title", "state", "tier", "urgency", "channel", "place", "lng", "lat", "card", "version")
MOMENTS = ("reported_at", "due_at", "completed_at", "breached_at")


class CaseLineSerializer(serializers.Serializer):
    """A line of the list: the shape of what `line` makes."""

    id = serializers.IntegerField()
    no = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(CaseState.choices)
    tier = serializers.ChoiceField(Tier.choices)
    urgency = serializers.ChoiceField(Urgency.choices)
    channel = serializers.ChoiceField(Channel.choices)
    category = NamedSerializer()
    grid = NamedSerializer()
    community = NamedSerializer(allow_null=True)
    place = serializers.CharField()
    lng = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    reported_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    light = serializers.ChoiceField(Light.choices)
    card = serializers.IntegerField()
    version = serializers.IntegerField()
    merged_into = serializers.CharField(allow_null=True)


def line(case: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    """A CaseLine of CASE as `CaseQuerySet.lines` gives it, put together by hand: fifty lines of generic serializing
    cost more than the query they show."""
    community = {"code": case["total__code"], "name": case["total__name"]} if case["total__code"] else None
    category = in_readers_language(case["category__name"], case["category__name_en"])
    return {
        **{name: case[name] for name in PLAIN},
        **{name: _iso(case[name]) for name in MOMENTS},
        "category": {"code": case["category__code"], "name": category},
        "grid": {"code": case["grid__code"], "name": case["grid__name"]},
        "community": community,
        "light": light(case, at).value,
        "merged_into": case["leading__no"],
    }


def _iso(at: dt.datetime | None) -> str | None:
    return None if at is None else at.astimezone(CHINA).isoformat()


class OrderSerializer(serializers.ModelSerializer):
    to = serializers.CharField(source="__str__", read_only=True)
    unit = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True)
    grid = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    sent_by = serializers.CharField(source="sent_by.full_name", read_only=True)
    handler = serializers.CharField(source="handler.full_name", read_only=True, allow_null=True, default=None)
    called = serializers.CharField(source="called.full_name", read_only=True, allow_null=True, default=None)
    report_in_seconds = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = (
            "id", "to", "unit", "grid", "part", "whistled", "called", "state", "note", "sent_by", "sent_at", "handler",
            "signed_at", "report_in_seconds", "ended_at", "return_reason", "result", "excuse",
        )  # fmt: skip

    def get_report_in_seconds(self, order: Order) -> int | None:
        """From the call, or the dispatch, to reporting or signing in."""
        return None if order.signed_at is None else round((order.signed_at - order.sent_at).total_seconds())


class DeadlineSerializer(serializers.ModelSerializer):
    class Meta:
        model = Deadline
        fields = (
            "id", "clock", "round", "order", "value", "unit", "started_at", "original_due_at", "due_at", "provisional",
            "met_at", "dropped_at", "breached_at", "paused_at", "red_at",
        )  # fmt: skip


class PhotoSerializer(serializers.ModelSerializer):
    url = serializers.SerializerMethodField()
    thumb_url = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ("id", "kind", "width", "height", "bytes", "at", "taken_at", "areas", "url", "thumb_url")

    def get_url(self, photo: Photo) -> str:
        return f"{reverse('photo', args=[photo.pk])}?v={photo.stamp}"

    def get_thumb_url(self, photo: Photo) -> str:
        return f"{reverse('photo-thumb', args=[photo.pk])}?v={photo.stamp}"


class LinkedPhotoSerializer(PhotoSerializer):
    """With addresses that hold for some minutes, and need no signing in (cases.reports.links)."""

    link = serializers.CharField()
    thumb_link = serializers.CharField()
    link_until = serializers.DateTimeField()

    class Meta(PhotoSerializer.Meta):
        fields = (*PhotoSerializer.Meta.fields, "link", "thumb_link", "link_until")


class VoiceSerializer(serializers.ModelSerializer):
    id = serializers.IntegerField(source="pk")
    by = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="null: a confidential report, and not for this reader")

    class Meta:
        model = VoiceNote
        fields = ("id", "by", "at", "url")

    def get_url(self, voice: Any) -> str | None:
        return reverse("voice", args=[voice.pk]) if voice.heard else None


class StepSerializer(serializers.Serializer):
    step = serializers.ChoiceField(Step.choices)
    label = serializers.CharField(source="step.label")
    done_at = serializers.DateTimeField(allow_null=True)
    here = serializers.BooleanField()


class TimelineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    verb = serializers.ChoiceField(Verb.choices)
    label = serializers.CharField(source="verb.label")
    by = serializers.CharField()
    to = serializers.CharField()
    note = serializers.CharField()


class RatingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Rating
        fields = ("score", "solved", "text", "at", "changes")


class ReporterSerializer(serializers.Serializer):
    """Masked: 张*, 138****0001; of a confidential reporter nothing, here and when it is asked for with a reason."""

    name = serializers.CharField()
    phone = serializers.CharField()
    anonymous = serializers.BooleanField()
    confidential = serializers.BooleanField()


class RevealedSerializer(serializers.Serializer):
    name = serializers.CharField()
    phone = serializers.CharField()
    anonymous = serializers.BooleanField()


class LeadingSerializer(serializers.Serializer):
    """The leading case as whoever sees a merged one reads it: where it stands, and what is answered publicly."""

    id = serializers.IntegerField()
    no = serializers.CharField()
    state = serializers.ChoiceField(CaseState.choices)
    reject_reason = serializers.CharField()
    reply = serializers.CharField()
    closed_at = serializers.DateTimeField(allow_null=True)
    steps = StepSerializer(many=True)


def _leading(case: Case | None) -> dict[str, Any] | None:
    if case is None:
        return None
    return {
        **{name: getattr(case, name) for name in ("id", "no", "state", "reject_reason", "reply")},
        "closed_at": _iso(case.closed_at),
        "steps": [shown(StepSerializer, row) for row in five_steps(case)],
    }


class CaseSerializer(CaseLineSerializer):
    """Everything of one case. `result` is the office's own account, `reply` what the reporter reads; of a merged case
    the reporter reads that of `leading`."""

    text = serializers.CharField()
    street = NamedSerializer()
    comprehensive = NamedSerializer(allow_null=True)
    source_crs = serializers.CharField()
    reporter = ReporterSerializer(allow_null=True)
    entered_by = serializers.CharField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    dispatched_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    occurred_at = serializers.DateTimeField(
        allow_null=True, help_text="By the device's clock, where it was sent later."
    )
    verified_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    reject_reason = serializers.CharField()
    result = serializers.CharField()
    outcome = serializers.CharField()
    reply = serializers.CharField()
    leading = LeadingSerializer(allow_null=True)
    merged = MergedSerializer(many=True)
    callbacks = CallbackSerializer(many=True)
    round = serializers.IntegerField()
    rework_count = serializers.IntegerField()
    provisional = serializers.BooleanField()
    hold = serializers.ChoiceField(Hold.choices)
    hold_until = serializers.DateTimeField(allow_null=True)
    excluded = serializers.BooleanField()
    rating = RatingSerializer(allow_null=True)
    orders = OrderSerializer(many=True)
    deadlines = DeadlineSerializer(many=True)
    photos = LinkedPhotoSerializer(many=True)
    voices = VoiceSerializer(many=True)
    steps = StepSerializer(many=True)
    timeline = TimelineSerializer(many=True)

    def to_representation(self, case: Case) -> dict[str, Any]:
        at = self.context.get("at") or timezone.now()
        # What CaseQuerySet.for_detail brings along.
        grids = {row["pk"]: {"code": row["code"], "name": row["name"]} for row in case.around}  # type: ignore[attr-defined]
        names = (
            *MOMENTS, "occurred_at", "accepted_at", "dispatched_at", "signed_at", "verified_at", "closed_at", "hold_until",
        )  # fmt: skip
        plain = (
            *PLAIN,
            "text",
            "source_crs",
            "reject_reason",
            "result",
            "outcome",
            "reply",
            "round",
            "rework_count",
            "provisional",
            "hold",
            "excluded",
        )
        reporter, rating = getattr(case, "reporter", None), getattr(case, "rating", None)
        return {
            "category": {"code": case.category.code, "name": case.category.label},
            "grid": grids[case.grid_id],
            "community": grids.get(case.total_id),
            "light": light(case, at).value,
            **{name: _iso(getattr(case, name)) for name in names},
            **{name: getattr(case, name) for name in plain},
            "merged_into": case.leading.no if case.leading else None,
            "leading": _leading(case.leading),
            "merged": [shown(MergedSerializer, row) for row in merged_into(case)],
            "callbacks": [shown(CallbackSerializer, row) for row in calls(case)],
            "street": grids[case.street_id],
            "comprehensive": grids.get(case.comprehensive_id),
            "entered_by": case.entered_by,  # type: ignore[attr-defined]
            "reporter": shown(ReporterSerializer, reporter.masked) if reporter else None,
            "rating": shown(RatingSerializer, rating) if rating else None,
            "orders": [shown(OrderSerializer, row) for row in case.orders.all()],
            "deadlines": [shown(DeadlineSerializer, row) for row in case.deadlines.all()],
            "photos": [_linked(photo, self.context["request"].user, at) for photo in case.photos.all()],
            "voices": [shown(VoiceSerializer, row) for row in voices(case, self.context["request"].user)],
            "steps": [shown(StepSerializer, row) for row in five_steps(case)],
            "timeline": [shown(TimelineSerializer, row) for row in timeline(case)],
        }


def _linked(photo: Photo, user: Any, at: dt.datetime) -> dict[str, Any]:
    links = links_of(photo, user=user, at=at)
    return {**shown(PhotoSerializer, photo), **links, "link_until": _iso(links["link_until"])}


class CaseMovedSerializer(serializers.ModelSerializer):
    """The answer of every verb: where the case stands now; the shape of what `moved` makes."""

    class Meta:
        model = Case
        fields = ("id", "no", "state", "tier", "due_at", "provisional", "version")


def moved(case: Case) -> dict[str, Any]:
    """A CaseMoved of CASE."""
    return {
        "id": case.pk,
        "no": case.no,
        "state": case.state,
        "tier": case.tier,
        "due_at": _iso(case.due_at),
        "provisional": case.provisional,
        "version": case.version,
    }
