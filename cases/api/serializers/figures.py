"""What the API shows of figures."""

import datetime as dt
from typing import Any

from django.core.validators import MinValueValidator
from rest_framework import serializers

from cases.choices.figures import Dimension
from cases.forms import list_behind
from cases.models import FrozenFigures
from cases.reports import Asked, Figure, Kind, Statistics


class PlainFigureSerializer(serializers.Serializer):
    """`value` is a percentage, hours, a count or points of 100 (`kind`); null where there is nothing to divide by."""

    name = serializers.CharField()
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True)


class FigureSerializer(PlainFigureSerializer):
    label = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    definition = serializers.CharField()
    target = serializers.FloatField(allow_null=True)
    list = serializers.CharField(
        allow_blank=True, help_text="Page of the cases of the denominator, if these are cases."
    )


class PartSerializer(serializers.Serializer):
    code = serializers.CharField(allow_blank=True)
    label = serializers.CharField()
    figures = PlainFigureSerializer(many=True)


class PeriodSerializer(serializers.Serializer):
    first = serializers.DateField()
    last = serializers.DateField()


class FiguresSerializer(serializers.Serializer):
    """Figures as they are at `at`; of a period that is not over, limits count only up to then."""

    period = PeriodSerializer()
    at = serializers.DateTimeField()
    grid = serializers.CharField(allow_null=True)
    by = serializers.ChoiceField(choices=Dimension.choices, allow_blank=True)
    figures = FigureSerializer(many=True)
    parts = PartSerializer(many=True)


class FrozenLineSerializer(serializers.ModelSerializer):
    grid = serializers.SlugRelatedField("code", read_only=True)
    month = serializers.DateField()
    by = serializers.CharField(source="by.full_name")

    class Meta:
        model = FrozenFigures
        fields = ("id", "grid", "month", "at", "by")


class FrozenSerializer(FrozenLineSerializer):
    figures = serializers.DictField(help_text="`figures` and `parts` as they were, and the weights that held.")

    class Meta(FrozenLineSerializer.Meta):
        fields = (*FrozenLineSerializer.Meta.fields, "figures")


class FreezeSerializer(serializers.Serializer):
    """The grid's code and the first day of a month that is over."""

    grid = serializers.CharField(max_length=18)
    month = serializers.DateField(validators=[MinValueValidator(dt.date(2000, 1, 1))])


def plain(figure: Figure) -> dict[str, Any]:
    """A figure's numbers."""
    numerator = None if figure.numerator is None else float(figure.numerator)
    value = None if figure.value is None else float(figure.value)
    return {"name": figure.name, "numerator": numerator, "denominator": figure.denominator, "value": value}


def _whole(figure: Figure, asked: Asked) -> dict[str, Any]:
    about = figure.definition
    return {
        **plain(figure), "label": str(about.label), "kind": about.kind.value, "definition": str(about.text),
        "target": None if about.target is None else float(about.target), "list": list_behind(about.bottom or about.top, asked),
    }  # fmt: skip


def figures_shown(found: Statistics) -> dict[str, Any]:
    """FOUND in the shape of FiguresSerializer."""
    asked = found.asked
    parts = [
        {"code": part.code, "label": part.label, "figures": [plain(figure) for figure in part.figures]}
        for part in found.parts
    ]
    return {
        "period": {"first": asked.first.isoformat(), "last": asked.last.isoformat()}, "at": found.at.isoformat(),
        "grid": found.grid.code if found.grid else None, "by": asked.by,
        "figures": [_whole(figure, asked) for figure in found.figures], "parts": parts,
    }  # fmt: skip
