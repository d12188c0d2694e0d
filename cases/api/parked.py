"""Cases that stand still: suspensions, and the ledger of parked cases 挂账台账."""

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from cases.choices import Hold, PauseReason
from cases.models import Pause
from gridgov.core.api import ScopedViewSet


class PauseSerializer(serializers.ModelSerializer):
    """`until`: when a suspension ends by itself; of a parked case the day on which it is looked at again."""

    no = serializers.CharField(source="case.no")
    title = serializers.CharField(source="case.title")
    grid = serializers.CharField(source="case.grid.code")
    team = serializers.SerializerMethodField(help_text="who leads the special team")

    class Meta:
        model = Pause
        fields = (
            "id", "case", "no", "title", "grid", "kind", "cause", "plan", "team", "started_at", "until", "reviews", "ended_at",
        )  # fmt: skip

    def get_team(self, row: Pause) -> str | None:
        teams = row.case.open_teams
        return str(teams[0].lead) if teams else None


class PauseFilter(django_filters.FilterSet):
    """`running`: still standing still, or no more; `until_before`: reviews due by then."""

    kind = django_filters.ChoiceFilter(choices=[choice for choice in Hold.choices if choice[0]])
    cause = django_filters.ChoiceFilter(choices=PauseReason.choices)
    case = django_filters.NumberFilter("case_id")
    running = django_filters.BooleanFilter(method="only_running")
    until_before = django_filters.IsoDateTimeFilter("until", "lt")

    class Meta:
        model = Pause
        fields: tuple[str, ...] = ()

    def only_running(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        return rows.filter(ended_at__isnull=wanted)


class PauseViewSet(ScopedViewSet):
    """Only to read: a case is parked, reviewed and resumed by its verbs."""

    scopes = {"read": "cases:read"}
    queryset = Pause.objects.all()
    serializer_class = PauseSerializer
    filterset_class = PauseFilter
    ordering = ("-id",)
