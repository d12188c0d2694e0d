"""The work calendar by API: its days, changed one by one or by list, and local days taken back."""

from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core import actions
from gridgov.core.api import ScopedViewSet, asked, shown
from gridgov.core.locks import advisory_lock
from gridgov.core.models import CalendarDay, DayKind
from gridgov.core.rules import FIRST_YEAR, LAST_YEAR

MOST_DAYS = 2000
_WINDOWS: Any = serializers.ListField(
    child=serializers.ListField(child=serializers.CharField(max_length=5), min_length=2, max_length=2),
    required=False, default=list, max_length=6, help_text='such as [["08:00", "12:00"]]; empty: the ordinary hours',
)  # fmt: skip


class CalendarDaySerializer(serializers.ModelSerializer):
    """`scope` is empty for the nation, six digits for a district, nine for a street; the nearer one holds."""

    windows = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))

    class Meta:
        model = CalendarDay
        fields = ("id", "scope", "date", "kind", "name", "windows", "source")


class DaySerializer(serializers.Serializer):
    scope = serializers.RegexField(r"^(\d{6}|\d{9})?$", required=False, allow_blank=True, default="")
    date = serializers.DateField()
    kind = serializers.ChoiceField(DayKind.choices)
    name = serializers.CharField(max_length=32, required=False, allow_blank=True, default="")
    windows = _WINDOWS


class DayListSerializer(serializers.Serializer):
    """All or nothing; with `dry_run` nothing is changed."""

    days = serializers.ListField(child=DaySerializer(), allow_empty=False, max_length=MOST_DAYS)
    dry_run = serializers.BooleanField(default=False)


class DaysTakenSerializer(serializers.Serializer):
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class DayFilter(django_filters.FilterSet):
    """`named` leaves only holidays and make-up days."""

    scope = django_filters.CharFilter(max_length=9)
    year = django_filters.NumberFilter("date__year", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    since = django_filters.DateFilter("date", "gte")
    until = django_filters.DateFilter("date", "lte")
    kind = django_filters.ChoiceFilter(choices=DayKind.choices)
    named = django_filters.BooleanFilter("name", method="only_named")

    def only_named(self, rows: Any, name: str, wanted: bool) -> Any:
        return rows.exclude(name="") if wanted else rows


class CalendarDayViewSet(ScopedViewSet):
    """Which days work: the nation's, and those of the own streets and districts."""

    scopes = {"read": "calendar:read", "write": "calendar:write"}
    queryset = CalendarDay.objects.all()
    serializer_class = CalendarDaySerializer
    filterset_class = DayFilter
    ordering = ("id",)

    def hold_row(self, row: Any) -> None:
        advisory_lock("calendar")
        super().hold_row(row)

    @extend_schema(request=DaySerializer, responses={201: CalendarDaySerializer}, summary="设定某一天（新设或替换）")
    def create(self, request: Request) -> Response:
        day = actions.change_day(**asked(DaySerializer, request.data), by=request.user, at=timezone.now())
        return Response(shown(CalendarDaySerializer, day), status=status.HTTP_201_CREATED)

    @extend_schema(request=DayListSerializer, responses=DaysTakenSerializer, summary="按清单设定多天（可试运行）")
    @action(detail=False, methods=["post"], url_path="import")
    def take_in(self, request: Request) -> Response:
        given = asked(DayListSerializer, request.data)
        rows = [_row(day) for day in given["days"]]
        found = actions.import_days(rows=rows, dry_run=given["dry_run"], by=request.user, at=timezone.now())
        return Response({"changed": len(found.changes), "unchanged": found.unchanged})

    @extend_schema(request=None, responses={204: None}, summary="撤回本地设定，恢复上级日历")
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        actions.drop_day(day=self.get_object(), by=request.user, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _row(day: dict[str, Any]) -> actions.DayRow:
    return actions.DayRow(**{**day, "windows": tuple(tuple(pair) for pair in day["windows"])})
