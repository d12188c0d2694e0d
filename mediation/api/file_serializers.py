"""Files and sessions as JSON, for whoever mediates in them and for the committee's director."""

from rest_framework import serializers

from mediation.actions.parties import PartyData
from mediation.choices.files import MATTER_CHARS, MOST_PARTIES, NAME_CHARS, RECORD_CHARS, PartyRole, Source
from mediation.choices.people import PHONE_CHARS, PLACE_CHARS, DisputeKind
from mediation.models import Agreement, Assignment, Attendance, Mediation, Party, Session
from mediation.rules.files import REFERRED

MOST_THERE = 100


class PartySerializer(serializers.ModelSerializer):
    class Meta:
        model = Party
        fields = (
            "id", "role", "name", "is_organisation", "phone", "agent_name", "agent_phone", "consent", "consented_at", "told_at",
            "extends_at",
        )  # fmt: skip


class AssignmentSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="mediator.name", read_only=True)

    class Meta:
        model = Assignment
        fields = ("id", "mediator", "name", "is_lead", "since")


class AgreementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Agreement
        fields = (
            "form", "facts", "points", "duties", "content", "manner", "deadline", "digest", "written_at", "effective_on",
            "confirm_by", "confirmation", "confirmation_on",
        )  # fmt: skip


class MediationLineSerializer(serializers.ModelSerializer):
    """`parties`: their names."""

    committee_name = serializers.CharField(source="committee.name", read_only=True)
    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)
    parties = serializers.SlugRelatedField("name", many=True, read_only=True)

    class Meta:
        model = Mediation
        fields: tuple[str, ...] = (
            "id", "no", "committee", "committee_name", "grid_code", "grid_name", "kind", "source", "state", "outcome", "title",
            "applied_at", "accepted_at", "due_at", "extended_at", "ended_at", "filed_at", "version", "parties",
        )  # fmt: skip


class MediationSerializer(MediationLineSerializer):
    parties = PartySerializer(many=True, read_only=True)  # type: ignore[assignment]
    mediators = AssignmentSerializer(source="current_assignments", many=True, read_only=True)
    agreement = AgreementSerializer(read_only=True, allow_null=True, default=None)

    class Meta(MediationLineSerializer.Meta):
        fields = (
            *MediationLineSerializer.Meta.fields, "facts", "points", "happened_at", "people", "is_hard", "is_open", "reference",
            "case", "reason", "mediators", "agreement",
        )  # fmt: skip


class SessionLineSerializer(serializers.ModelSerializer):
    mediation_no = serializers.CharField(source="mediation.no", read_only=True)
    room_name = serializers.CharField(source="room.name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Session
        fields: tuple[str, ...] = (
            "id", "mediation", "mediation_no", "kind", "state", "starts_at", "ends_at", "room", "room_name", "place", "is_open",
            "version", "recorded_at",
        )  # fmt: skip


class AttendanceSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = Attendance
        fields = ("id", "party", "helper", "name", "on_panel", "came")


class SessionSerializer(SessionLineSerializer):
    attendances = AttendanceSerializer(many=True, read_only=True)

    class Meta(SessionLineSerializer.Meta):
        fields = (*SessionLineSerializer.Meta.fields, "record", "opinion", "reason", "attendances")


class WriteRecordSerializer(serializers.Serializer):
    """`version` is the one that was read: where somebody has written since, the answer is 409 `changed`. `came`: ids of
    attendances."""

    record = serializers.CharField(max_length=RECORD_CHARS)
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    came = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=MOST_THERE, default=list
    )
    opinion = serializers.CharField(max_length=MATTER_CHARS, required=False, allow_blank=True, default="")


class NamedPartySerializer(serializers.Serializer):
    """Somebody who takes part, as far as the sender knows: what is missing is asked by the mediators."""

    role = serializers.ChoiceField(PartyRole.choices)
    name = serializers.CharField(max_length=NAME_CHARS)
    phone = serializers.CharField(max_length=PHONE_CHARS, required=False, allow_blank=True, default="")
    address = serializers.CharField(max_length=PLACE_CHARS, required=False, allow_blank=True, default="")
    is_organisation = serializers.BooleanField(default=False)

    def to_internal_value(self, data: object) -> PartyData:
        return PartyData(**super().to_internal_value(data))


class ReferSerializer(serializers.Serializer):
    """`committee`: its id; `reference`: the number that the court, the police or the authority has for it."""

    committee = serializers.IntegerField(min_value=1, max_value=2**62)
    source = serializers.ChoiceField([one for one in Source.choices if one[0] in REFERRED])
    kind = serializers.ChoiceField(DisputeKind.choices)
    title = serializers.CharField(max_length=NAME_CHARS)
    facts = serializers.CharField(max_length=MATTER_CHARS)
    points = serializers.CharField(max_length=MATTER_CHARS, required=False, allow_blank=True, default="")
    parties = serializers.ListField(child=NamedPartySerializer(), max_length=MOST_PARTIES)
    place = serializers.CharField(max_length=PLACE_CHARS, required=False, allow_blank=True, default="")
    people = serializers.IntegerField(min_value=1, max_value=10_000, default=2)
    reference = serializers.CharField(max_length=NAME_CHARS, required=False, allow_blank=True, default="")


class ReferredSerializer(serializers.ModelSerializer):
    """What the sender learns: that it came in. How it goes on stands in no answer."""

    class Meta:
        model = Mediation
        fields = ("id", "reference", "state", "applied_at")
