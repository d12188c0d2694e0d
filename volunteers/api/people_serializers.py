"""What the API shows of volunteers and squads: a nickname or a number. Who somebody is, is another answer (`reveal`)."""

from typing import Any

from rest_framework import serializers

from volunteers.choices.people import (
    FREE_TIMES,
    NAME_CHARS,
    PHONE_CHARS,
    WORDS_CHARS,
    Skill,
    SquadGap,
    SquadKind,
)
from volunteers.models import Member, Squad, Volunteer
from volunteers.reports.squads import gaps_of


class VolunteerSerializer(serializers.ModelSerializer):
    """`minutes` and `points` are what the ledgers add up to; null before the review."""

    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    skills = serializers.ListField(child=serializers.ChoiceField(Skill.choices))
    times = serializers.ListField(child=serializers.ChoiceField(sorted(FREE_TIMES)))
    minutes = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()

    class Meta:
        model = Volunteer
        fields = (
            "id", "no", "public_name", "kind", "state", "grid_code", "grid_name", "skills", "times", "employer",
            "national_no", "trained_on", "insured_until", "applied_at", "minutes", "points",
        )  # fmt: skip

    def get_minutes(self, row: Volunteer) -> int | None:
        balance = getattr(row, "balance", None)
        return balance and balance.minutes

    def get_points(self, row: Volunteer) -> int | None:
        balance = getattr(row, "balance", None)
        return balance and balance.points


class ReviewVolunteerSerializer(serializers.Serializer):
    """Who isn't taken in is told the `reason`."""

    accepted = serializers.BooleanField()
    reason = serializers.CharField(max_length=WORDS_CHARS, required=False, default="", allow_blank=True)


class WhySerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=WORDS_CHARS, required=False, default="", allow_blank=True)


class NothingSerializer(serializers.Serializer):
    pass


class LookAtSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=200)


class RevealedVolunteerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Volunteer
        fields = ("no", "name", "phone", "born_on", "guardian_name", "guardian_phone")
        extra_kwargs: Any = {"phone": {"max_length": PHONE_CHARS}}


class SquadLineSerializer(serializers.ModelSerializer):
    """`strength`: active volunteers in it; `gaps`: what it lacks."""

    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    lead = serializers.CharField(source="lead.full_name", read_only=True, allow_null=True, default=None)
    micros = serializers.SlugRelatedField("code", many=True, read_only=True)
    strength = serializers.IntegerField(read_only=True)
    gaps = serializers.SerializerMethodField()

    class Meta:
        model = Squad
        fields = (
            "id", "kind", "name", "grid_code", "grid_name", "lead", "micros", "strength", "gaps", "made_at", "ended_on",
        )  # fmt: skip

    def get_gaps(self, row: Squad) -> list[SquadGap]:
        return gaps_of(row)


class SquadMemberSerializer(serializers.ModelSerializer):
    no = serializers.CharField(source="volunteer.no", read_only=True)
    public_name = serializers.CharField(source="volunteer.public_name", read_only=True)

    class Meta:
        model = Member
        fields = ("no", "public_name", "since")


class SquadSerializer(SquadLineSerializer):
    members = SquadMemberSerializer(source="standing_members", many=True, read_only=True)

    class Meta(SquadLineSerializer.Meta):
        fields = (*SquadLineSerializer.Meta.fields, "members")


class FormSquadSerializer(serializers.Serializer):
    """`grid` and `micros` by their codes, `lead` by user name."""

    kind = serializers.ChoiceField(SquadKind.choices)
    name = serializers.CharField(max_length=NAME_CHARS)
    grid = serializers.CharField(max_length=18)
    micros = serializers.ListField(child=serializers.CharField(max_length=18), required=False, default=list)
    lead = serializers.CharField(max_length=48, required=False, default="", allow_blank=True)


class NumbersSerializer(serializers.Serializer):
    """Volunteers by their numbers."""

    volunteers = serializers.ListField(child=serializers.CharField(max_length=16), min_length=1, max_length=100)


class NumberSerializer(serializers.Serializer):
    volunteer = serializers.CharField(max_length=16)
