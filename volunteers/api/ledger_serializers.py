"""Hours, points and what they are exchanged for as JSON. Volunteers are numbers and nicknames here. What points were given for is
said by its kind alone: who reported a case stays unsaid."""

from typing import Any

from rest_framework import serializers

from volunteers.choices.ledger import (
    CODE_CHARS,
    DAY_MOST,
    MOST_AT_ONCE,
    MOST_DAYS,
    MOST_POINTS,
    MOST_PRICE,
    MOST_STOCK,
    NAME_CHARS,
    PLACE_CHARS,
    REASON_CHARS,
    PointsFor,
)
from volunteers.choices.people import VolunteerKind
from volunteers.models import Appeal, Good, HoursEntry, PointsEntry, PointsRule, Redemption, Station

_KEEPER: dict[str, Any] = {"max_length": 48, "required": False, "default": "", "allow_blank": True}


class _OfVolunteer(serializers.ModelSerializer):
    volunteer_no = serializers.CharField(source="volunteer.no", read_only=True)
    volunteer_name = serializers.CharField(source="volunteer.public_name", read_only=True)


class LedgerReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=REASON_CHARS)


# --- hours


class HoursSerializer(_OfVolunteer):
    """`minutes` of a reversal are negative. `stands`: it is no reversal, and none takes it back."""

    shift = serializers.IntegerField(source="sign_up.shift_id", read_only=True, allow_null=True, default=None)
    project_title = serializers.CharField(
        source="sign_up.shift.project.title", read_only=True, allow_null=True, default=None
    )
    stands = serializers.BooleanField(read_only=True)
    to_look_at = serializers.BooleanField(source="is_to_look_at", read_only=True)

    class Meta:
        model = HoursEntry
        fields = (
            "id", "volunteer", "volunteer_no", "volunteer_name", "kind", "day", "minutes", "sign_up", "shift",
            "project_title", "reverses", "stands", "is_flagged", "to_look_at", "reason", "at",
        )  # fmt: skip


class CorrectSerializer(LedgerReasonSerializer):
    """`minutes`: what stands from now on."""

    minutes = serializers.IntegerField(min_value=0, max_value=DAY_MOST)


class AppealSerializer(_OfVolunteer):
    project_title = serializers.CharField(source="sign_up.shift.project.title", read_only=True)

    class Meta:
        model = Appeal
        fields = (
            "id", "volunteer", "volunteer_no", "volunteer_name", "sign_up", "project_title", "state", "words", "at",
            "answer", "answered_at",
        )  # fmt: skip


class AppealingSerializer(serializers.Serializer):
    sign_up = serializers.IntegerField(min_value=1, max_value=2**62)
    words = serializers.CharField(max_length=REASON_CHARS)


class AnswerAppealSerializer(serializers.Serializer):
    """With `minutes` it is upheld and they stand from now on; without it is refused."""

    answer = serializers.CharField(max_length=REASON_CHARS)
    minutes = serializers.IntegerField(min_value=0, max_value=DAY_MOST, required=False, allow_null=True, default=None)


# --- points


class PointsSerializer(_OfVolunteer):
    """`what`: for what they were earned; null for what was exchanged or has run out."""

    what = serializers.ChoiceField(PointsFor.choices, source="rule.what", read_only=True, allow_null=True, default=None)
    taken_back = serializers.BooleanField(source="is_taken_back", read_only=True)

    class Meta:
        model = PointsEntry
        fields = (
            "id", "volunteer", "volunteer_no", "volunteer_name", "kind", "day", "points", "what", "expires_on", "redemption",
            "reverses", "taken_back", "reason", "at",
        )  # fmt: skip


class PointsRuleSerializer(serializers.ModelSerializer):
    """Without a street it is the house's own."""

    street_code = serializers.CharField(source="street.code", read_only=True, allow_null=True, default=None)

    class Meta:
        model = PointsRule
        fields = ("id", "street_code", "what", "kind", "points", "day_most", "expire_days", "effective_from")


class SetRuleSerializer(serializers.Serializer):
    """`street`: the code of one's own; without it the first. `kind`: without it for everybody."""

    street = serializers.CharField(max_length=18, required=False, default="", allow_blank=True)
    what = serializers.ChoiceField(PointsFor.choices)
    kind = serializers.ChoiceField(VolunteerKind.choices, required=False, default="", allow_blank=True)
    points = serializers.IntegerField(min_value=0, max_value=MOST_POINTS)
    day_most = serializers.IntegerField(
        min_value=0, max_value=MOST_POINTS * 10, required=False, allow_null=True, default=None
    )
    expire_days = serializers.IntegerField(
        min_value=1, max_value=MOST_DAYS, required=False, allow_null=True, default=None
    )
    effective_from = serializers.DateField()


# --- stations


class StationSerializer(serializers.ModelSerializer):
    grid_code = serializers.CharField(source="grid.code", read_only=True)

    class Meta:
        model = Station
        fields = ("id", "grid_code", "name", "place", "hours", "is_open")


class _StationWordsSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=NAME_CHARS)
    place = serializers.CharField(max_length=PLACE_CHARS)
    hours = serializers.CharField(max_length=PLACE_CHARS, required=False, default="", allow_blank=True)
    keeper = serializers.CharField(**_KEEPER)


class AddStationSerializer(_StationWordsSerializer):
    """`grid`: the code of one of one's own; `keeper`: the user name of who hands over there."""

    grid = serializers.CharField(max_length=18)


class ChangeStationSerializer(_StationWordsSerializer):
    """All of it anew."""

    is_open = serializers.BooleanField(default=True)


class GoodSerializer(serializers.ModelSerializer):
    station_name = serializers.CharField(source="station.name", read_only=True)

    class Meta:
        model = Good
        fields = ("id", "station", "station_name", "name", "points", "stock", "is_open")


class AddGoodSerializer(serializers.Serializer):
    station = serializers.IntegerField(min_value=1, max_value=2**62)
    name = serializers.CharField(max_length=NAME_CHARS)
    points = serializers.IntegerField(min_value=1, max_value=MOST_PRICE)
    stock = serializers.IntegerField(min_value=0, max_value=MOST_STOCK)


class ChangeGoodSerializer(serializers.Serializer):
    """All of it anew; what is reserved keeps its price."""

    name = serializers.CharField(max_length=NAME_CHARS)
    points = serializers.IntegerField(min_value=1, max_value=MOST_PRICE)
    is_open = serializers.BooleanField(default=True)


class RestockSerializer(LedgerReasonSerializer):
    """`count` more, or fewer where it is negative."""

    count = serializers.IntegerField(min_value=-MOST_STOCK, max_value=MOST_STOCK)


class RedemptionSerializer(_OfVolunteer):
    """`code` is shown to whose it is, and to nobody else."""

    good_name = serializers.CharField(source="good.name", read_only=True)
    station = serializers.IntegerField(source="good.station_id", read_only=True)
    code = serializers.SerializerMethodField()

    class Meta:
        model = Redemption
        fields = (
            "id", "volunteer", "volunteer_no", "volunteer_name", "good", "good_name", "station", "count", "points", "state",
            "code", "at", "collect_by", "settled_at",
        )  # fmt: skip

    def get_code(self, row: Redemption) -> str | None:
        request = self.context.get("request")
        return row.code if request and row.volunteer.user_id == request.user.pk else None


class ExchangeSerializer(serializers.Serializer):
    good = serializers.IntegerField(min_value=1, max_value=2**62)
    count = serializers.IntegerField(min_value=1, max_value=MOST_AT_ONCE, default=1)


class CollectSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=CODE_CHARS + 10)


class CancelSerializer(serializers.Serializer):
    """Whoever isn't the volunteer says why."""

    reason = serializers.CharField(max_length=REASON_CHARS, required=False, default="", allow_blank=True)
