"""Merged cases, the public reply and calls back, in the API's shape."""

from rest_framework import serializers

from cases.models import Callback


class MergeSerializer(serializers.Serializer):
    """`leading`: the number of the case it goes into, or its id."""

    leading = serializers.CharField(max_length=20)
    reason = serializers.CharField(max_length=500)


class ReplySerializer(serializers.Serializer):
    """`reply` is what the reporter reads."""

    reply = serializers.CharField(max_length=2000)


class CloseSerializer(serializers.Serializer):
    """`note` stays in the house; `reply` is what the reporter reads, needed where one waits and none stands yet."""

    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    reply = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class CalledSerializer(serializers.Serializer):
    """`solved` is needed where somebody was reached."""

    reached = serializers.BooleanField()
    solved = serializers.BooleanField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class CallbackSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.full_name", read_only=True)

    class Meta:
        model = Callback
        fields = ("at", "by", "round", "reached", "solved", "note")


class MergedSerializer(serializers.Serializer):
    """A case merged into this one: its number, and nothing of its reporter."""

    id = serializers.IntegerField(source="pk")
    no = serializers.CharField()
    reported_at = serializers.DateTimeField()
