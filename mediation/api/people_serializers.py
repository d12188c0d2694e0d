"""Committees, who mediates in them, experts and rooms as JSON. Telephones are shown at the desk alone."""

from rest_framework import serializers

from mediation.models import Committee, Expert, Mediator, Room


class OnGridSerializer(serializers.ModelSerializer):
    grid_code = serializers.CharField(source="grid.code", read_only=True)
    grid_name = serializers.CharField(source="grid.name", read_only=True)


class CommitteeSerializer(OnGridSerializer):
    """The telephone of a committee is public: it stands on its door."""

    class Meta:
        model = Committee
        fields = (
            "id", "grid_code", "grid_name", "kind", "name", "short", "place", "phone", "term_from", "term_until", "ended_on",
        )  # fmt: skip


class MediatorSerializer(OnGridSerializer):
    """`skills`: kinds of disputes, none for any. `serves`: the codes of the grids that disputes come from."""

    skills = serializers.ListField(child=serializers.CharField(), read_only=True)
    serves = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Mediator
        fields = ("id", "grid_code", "grid_name", "kind", "name", "about", "skills", "serves", "ended_on")


class MediationRoomSerializer(OnGridSerializer):
    class Meta:
        model = Room
        fields = ("id", "grid_code", "grid_name", "name", "place", "seats", "ended_on")


class MediationExpertSerializer(OnGridSerializer):
    class Meta:
        model = Expert
        fields = ("id", "grid_code", "grid_name", "profession", "name", "office", "about", "ended_on")
