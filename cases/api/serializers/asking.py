"""Applications, approval rules, and what asking and deciding take."""

from rest_framework import serializers

from cases.choices import Ask, AskState, Level, PauseReason, Tier
from cases.models import Application, ApprovalRule
from gridgov.core.calendar import LimitUnit


class ApplicationSerializer(serializers.ModelSerializer):
    """`data` holds what is asked for; `level` is the rung that decides."""

    case = serializers.IntegerField(source="case_id")
    case_no = serializers.CharField(source="case.no")
    title = serializers.CharField(source="case.title")
    order = serializers.IntegerField(source="order_id", allow_null=True)
    for_whom = serializers.CharField(source="order.__str__", allow_null=True, default=None)
    kind = serializers.ChoiceField(Ask.choices)
    state = serializers.ChoiceField(AskState.choices)
    level = serializers.ChoiceField(Level.choices)
    by = serializers.CharField(source="by.full_name")
    decided_by = serializers.CharField(source="decided_by.full_name", allow_null=True, default=None)

    class Meta:
        model = Application
        fields = (
            "id", "case", "case_no", "title", "order", "for_whom", "kind", "state", "level", "nth", "data", "reason", "by", "at",
            "lapses_at", "decided_by", "decided_at", "note",
        )  # fmt: skip


class ApprovalRuleSerializer(serializers.ModelSerializer):
    street = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta:
        model = ApprovalRule
        fields = (
            "id", "street", "kind", "steps", "again", "least", "most", "longest", "unit", "effective_from", "reason",
        )  # fmt: skip


class AskSerializer(serializers.Serializer):
    """`value` and `unit` for an extension; `until`, `cause`, `plan` for suspension and parking; `category`, `tier` for
    reclassification; `whose`, `contact`, `basis` for a return. The others need a reason only."""

    kind = serializers.ChoiceField(Ask.choices)
    reason = serializers.CharField(max_length=500)
    value = serializers.DecimalField(max_digits=6, decimal_places=2, required=False, allow_null=True, default=None)
    unit = serializers.ChoiceField(LimitUnit.choices, required=False, default="", allow_blank=True)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    cause = serializers.ChoiceField(PauseReason.choices, required=False, default="", allow_blank=True)
    plan = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    category = serializers.CharField(max_length=4, required=False, default="", allow_blank=True)
    tier = serializers.ChoiceField(Tier.choices, required=False, default="", allow_blank=True)
    whose = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    contact = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    basis = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class ReturnSerializer(serializers.Serializer):
    """A return names whose matter it is, whom one spoke to there, and the rule."""

    reason = serializers.CharField(max_length=500)
    whose = serializers.CharField(max_length=200)
    contact = serializers.CharField(max_length=200)
    basis = serializers.CharField(max_length=200)


class DecideSerializer(serializers.Serializer):
    approve = serializers.BooleanField()
    note = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ReviewSerializer(serializers.Serializer):
    until = serializers.DateTimeField()
    note = serializers.CharField(max_length=500)


class SetApprovalRuleSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Ask.choices)
    street = serializers.CharField(max_length=9, required=False, default="", allow_blank=True)
    steps = serializers.IntegerField(min_value=0, max_value=3, default=1)
    again = serializers.IntegerField(min_value=0, max_value=3, default=1)
    least = serializers.ChoiceField(Level.choices, default=Level.NONE)
    most = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True, default=None)
    longest = serializers.DecimalField(max_digits=6, decimal_places=2, required=False, allow_null=True, default=None)
    unit = serializers.ChoiceField(LimitUnit.choices, required=False, default="", allow_blank=True)
    effective_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
