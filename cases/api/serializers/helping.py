"""Co-handling and special teams: what their verbs ask for, and what is shown of them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.choices import CaseState
from cases.models import Team, TeamMember, TeamReview


class CalledUnitSerializer(serializers.Serializer):
    """A unit, and whom of it to call by name."""

    unit = serializers.IntegerField(min_value=1)
    person = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)


class CallSerializer(serializers.Serializer):
    helpers = serializers.ListField(child=CalledUnitSerializer(), allow_empty=False, max_length=20)
    whistle = serializers.BooleanField(default=False)
    note = serializers.CharField(max_length=500)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """As the action takes it: units, and who is called of which."""
        given = super().to_internal_value(data)
        rows = given.pop("helpers")
        called = {row["unit"]: row["person"] for row in rows if row["person"]}
        return {**given, "units": [row["unit"] for row in rows], "called": called}


class ResultSerializer(serializers.Serializer):
    result = serializers.CharField(max_length=2000)


class SpecialistSerializer(serializers.Serializer):
    """A professional worker bound to the ground of the case. The phone is masked unless it is a public one."""

    user = serializers.IntegerField()
    name = serializers.CharField()
    phone = serializers.CharField()
    grid_code = serializers.CharField()
    grid_name = serializers.CharField()
    fits = serializers.BooleanField()


class HelperSerializer(serializers.Serializer):
    """A unit that can be called; `usual` where the matter list names it."""

    unit = serializers.IntegerField()
    name = serializers.CharField()
    usual = serializers.BooleanField()
    people = SpecialistSerializer(many=True)


class MemberSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="user.full_name", read_only=True)

    class Meta:
        model = TeamMember
        fields = ("user", "name", "task")


class TeamReviewSerializer(serializers.ModelSerializer):
    held_by = serializers.CharField(source="held_by.full_name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = TeamReview
        fields = ("id", "due_on", "held_at", "held_by", "note")


class CaseOfTeamSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    no = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(CaseState.choices)


class TeamSerializer(serializers.ModelSerializer):
    """A special team with its people and review days; its lead is one of the members."""

    case = serializers.SerializerMethodField()
    by = serializers.CharField(source="by.full_name", read_only=True)
    members = MemberSerializer(many=True, read_only=True)
    reviews = TeamReviewSerializer(many=True, read_only=True)

    class Meta:
        model = Team
        fields = ("id", "case", "lead", "plan", "by", "at", "ended_at", "summary", "members", "reviews")

    @extend_schema_field(CaseOfTeamSerializer)
    def get_case(self, team: Team) -> dict[str, Any]:
        return dict(CaseOfTeamSerializer(team.case).data)


class AskedMemberSerializer(serializers.Serializer):
    user = serializers.IntegerField(min_value=1)
    task = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


def _pairs(given: dict[str, Any]) -> dict[str, Any]:
    """Members as the actions take them."""
    if given.get("members") is not None:
        given["members"] = [(row["user"], row["task"]) for row in given["members"]]
    return given


class FormTeamSerializer(serializers.Serializer):
    lead = serializers.IntegerField(min_value=1)
    members = serializers.ListField(child=AskedMemberSerializer(), max_length=30)
    plan = serializers.CharField(max_length=4000)
    review_days = serializers.ListField(child=serializers.DateField(), max_length=24)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return _pairs(super().to_internal_value(data))


class ChangeTeamSerializer(serializers.Serializer):
    """What is not named stays; `members` is the whole new list, `review_days` are further ones."""

    lead = serializers.IntegerField(min_value=1, required=False, allow_null=True, default=None)
    members = serializers.ListField(
        child=AskedMemberSerializer(), max_length=30, required=False, allow_null=True, default=None
    )
    plan = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)
    review_days = serializers.ListField(child=serializers.DateField(), max_length=24, required=False, default=list)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return _pairs(super().to_internal_value(data))


class SummarySerializer(serializers.Serializer):
    summary = serializers.CharField(max_length=2000)
