"""Resources and services as JSON. A contact that isn't open is masked, for everybody."""

from typing import Any

from rest_framework import serializers

from resources.choices import (
    CONTACT_CHARS,
    DISTANCES,
    HOURS_CHARS,
    MONTH_DAYS,
    NAME_CHARS,
    OFFERS_CHARS,
    PHONE_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    TIME_CHARS,
    USUAL_DISTANCE,
    WEEKDAYS,
    WEEKS,
    WHAT_CHARS,
    ResourceKind,
)
from resources.forms.near import NEAR_CHARS
from resources.models import Resource, Service
from resources.rules import contact_of


def _words(most: int) -> Any:
    return serializers.CharField(max_length=most, required=False, allow_blank=True)


class ResourceSerializer(serializers.ModelSerializer):
    grid = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    contact_name = serializers.SerializerMethodField()
    contact_phone = serializers.SerializerMethodField()

    class Meta:
        model = Resource
        fields = (
            "id", "kind", "name", "grid", "grid_name", "offers", "place", "lng", "lat", "hours", "contact_name",
            "contact_phone", "is_contact_open", "consented_on", "is_public", "state", "reason", "made_at", "changed_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_contact_name(self, row: Resource) -> str:
        return contact_of(row)[0]

    def get_contact_phone(self, row: Resource) -> str:
        return contact_of(row)[1]


class NearResourceSerializer(ResourceSerializer):
    """`metres`: from the place, or from the border of the grid (0 inside it)."""

    metres = serializers.FloatField(read_only=True)

    class Meta(ResourceSerializer.Meta):
        fields = (*ResourceSerializer.Meta.fields, "metres")
        read_only_fields = fields


class NearbySerializer(serializers.Serializer):
    """`more`: there are others, further away."""

    name = serializers.CharField()
    within = serializers.IntegerField()
    resources = NearResourceSerializer(many=True)
    more = serializers.BooleanField()


class AskNearSerializer(serializers.Serializer):
    """`near`: a grid's code, or "longitude,latitude" (WGS-84)."""

    near = serializers.CharField(max_length=NEAR_CHARS)
    within = serializers.ChoiceField([(metres, f"{metres} m") for metres in DISTANCES], default=USUAL_DISTANCE)
    kind = serializers.ChoiceField(ResourceKind.choices, required=False)


class ChangeResourceSerializer(serializers.Serializer):
    """What isn't named stays. `grid`: its code; a masked phone is never taken for a new one."""

    kind = serializers.ChoiceField(ResourceKind.choices, required=False)
    name = serializers.CharField(max_length=NAME_CHARS, required=False)
    grid = serializers.CharField(max_length=18, required=False)
    offers = _words(OFFERS_CHARS)
    place = _words(PLACE_CHARS)
    lng = serializers.FloatField(required=False, allow_null=True)
    lat = serializers.FloatField(required=False, allow_null=True)
    hours = _words(HOURS_CHARS)
    contact_name = _words(CONTACT_CHARS)
    contact_phone = _words(PHONE_CHARS)
    is_contact_open = serializers.BooleanField(required=False)
    consented_on = serializers.DateField(required=False, allow_null=True)
    is_public = serializers.BooleanField(required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Whoever sends back what was read leaves a masked contact as it is."""
        return {name: said for name, said in given.items() if not (name.startswith("contact_") and "*" in said)}


class AddResourceSerializer(ChangeResourceSerializer):
    """Without a `grid` it stands on the deepest one whose border holds the place."""

    kind = serializers.ChoiceField(ResourceKind.choices)
    name = serializers.CharField(max_length=NAME_CHARS)


class EndResourceSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON_CHARS)


class ServiceSerializer(serializers.ModelSerializer):
    """On a `weekday` (1: Monday) each week, or on the `week`th of the month (5: the last), or each month on `month_day`."""

    resource_name = serializers.CharField(source="resource.name", read_only=True)
    grid = serializers.CharField(source="resource.grid.code", read_only=True)

    class Meta:
        model = Service
        fields = (
            "id", "resource", "resource_name", "grid", "what", "weekday", "week", "month_day", "time", "since", "ended_on",
        )  # fmt: skip
        read_only_fields = fields


class AddServiceSerializer(serializers.Serializer):
    what = serializers.CharField(max_length=WHAT_CHARS)
    weekday = serializers.ChoiceField(WEEKDAYS, required=False, allow_null=True, default=None)
    week = serializers.ChoiceField(WEEKS, required=False, allow_null=True, default=None)
    month_day = serializers.IntegerField(
        min_value=1, max_value=MONTH_DAYS, required=False, allow_null=True, default=None
    )
    time = serializers.CharField(max_length=TIME_CHARS, required=False, allow_blank=True, default="")


class MonthAskedSerializer(serializers.Serializer):
    """`month` like 2026-11; this one without."""

    month = serializers.CharField(max_length=7, required=False, allow_blank=True, default="")


class ServiceDaySerializer(serializers.Serializer):
    date = serializers.DateField()
    services = ServiceSerializer(many=True)


class ServiceMonthSerializer(serializers.Serializer):
    month = serializers.CharField()
    days = ServiceDaySerializer(many=True)
