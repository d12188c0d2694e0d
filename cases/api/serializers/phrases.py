"""The phrasebook as the API shows and asks for it."""

from rest_framework import serializers

from cases.choices import PHRASE_CHARS
from cases.models import StreetPhrase

_PLACE = {"min_value": 1, "max_value": 999, "required": False}


class PhraseSerializer(serializers.ModelSerializer):
    street = serializers.CharField(source="street.code")
    category = serializers.CharField(source="category.code")

    class Meta:
        model = StreetPhrase
        fields = ("id", "street", "category", "text", "position", "retired_at")


class AddPhraseSerializer(serializers.Serializer):
    """Without `position` it comes last."""

    street = serializers.CharField(max_length=9)
    category = serializers.CharField(max_length=4)
    text = serializers.CharField(max_length=PHRASE_CHARS)
    position = serializers.IntegerField(**_PLACE)


class ChangePhraseSerializer(serializers.Serializer):
    """What is left out stays."""

    text = serializers.CharField(max_length=PHRASE_CHARS, required=False)
    position = serializers.IntegerField(**_PLACE)
