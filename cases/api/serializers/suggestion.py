"""What is proposed for a report, and which cases are like it. Only read; a person confirms by the ordinary verbs."""

from rest_framework import serializers

from cases.choices import CaseState, Tier, Urgency


class SuggestSerializer(serializers.Serializer):
    """A report as far as it is known. Nothing of it is kept."""

    text = serializers.CharField(max_length=2000)
    place = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    grid = serializers.CharField(max_length=18, required=False, default="", allow_blank=True)
    category = serializers.CharField(max_length=4, required=False, default="", allow_blank=True)
    lng = serializers.FloatField(required=False, allow_null=True, default=None, min_value=-180, max_value=180)
    lat = serializers.FloatField(required=False, allow_null=True, default=None, min_value=-90, max_value=90)
    crs = serializers.ChoiceField(["WGS84", "GCJ02"], default="WGS84")


class GuessSerializer(serializers.Serializer):
    score = serializers.FloatField(help_text="0–1")
    because = serializers.ListField(child=serializers.CharField(), help_text="The words that led to it.")


class UnitGuessSerializer(GuessSerializer):
    """`unit` is null where the matter list's name fits no unit here, or where the grid settles it (`own_grid`)."""

    unit = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    own_grid = serializers.BooleanField()


class CategoryGuessSerializer(GuessSerializer):
    code = serializers.CharField()
    name = serializers.CharField()
    tier = serializers.ChoiceField(Tier.choices)
    urgency = serializers.ChoiceField(Urgency.choices)
    unit = UnitGuessSerializer(allow_null=True)


class GridGuessSerializer(GuessSerializer):
    code = serializers.CharField()
    name = serializers.CharField()


class SuggestionSerializer(serializers.Serializer):
    """Proposals, the likeliest first. `urgency` is proposed for the words in `danger`; `cases` were learned from."""

    categories = CategoryGuessSerializer(many=True)
    unit = UnitGuessSerializer(allow_null=True)
    grid = GridGuessSerializer(allow_null=True)
    urgency = serializers.ChoiceField(Urgency.choices, allow_blank=True)
    danger = serializers.ListField(child=serializers.CharField())
    trained_at = serializers.DateTimeField(allow_null=True)
    cases = serializers.IntegerField()


class SimilarSerializer(serializers.Serializer):
    """A case that may be the same matter. `through` is the number of the merged case that led to this, its leading one."""

    id = serializers.IntegerField(source="pk")
    no = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(CaseState.choices)
    category = serializers.CharField()
    category_name = serializers.CharField()
    place = serializers.CharField()
    reported_at = serializers.DateTimeField()
    score = serializers.FloatField()
    reasons = serializers.ListField(child=serializers.CharField())
    metres = serializers.IntegerField(allow_null=True)
    through = serializers.CharField()


class AdviceSerializer(serializers.Serializer):
    suggestion = SuggestionSerializer()
    similar = SimilarSerializer(many=True)
