"""Committees, mediators, experts and rooms, read in the own scope. They are set up at the desk."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from gridgov.core.api import ScopedViewSet
from mediation.api import people_serializers as s
from mediation.choices.people import CommitteeKind, DisputeKind, MediatorKind, Profession
from mediation.models import Committee, Expert, Mediator, Room

SCOPES = {"read": "mediation:read"}


class OnGridFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it; `ended`: whether it is over."""

    grid = django_filters.CharFilter("grid__code", lookup_expr="startswith", max_length=18)
    ended = django_filters.BooleanFilter("ended_on", lookup_expr="isnull", exclude=True)


class CommitteeFilter(OnGridFilter):
    kind = django_filters.ChoiceFilter(choices=CommitteeKind.choices)


class MediatorFilter(OnGridFilter):
    kind = django_filters.ChoiceFilter(choices=MediatorKind.choices)
    skill = django_filters.ChoiceFilter(choices=DisputeKind.choices, method="able")
    committee = django_filters.NumberFilter(min_value=0, max_value=2**62, method="seated")

    def able(self, rows: QuerySet, name: str, skill: str) -> QuerySet:
        return rows.filter(skills__contains=[skill])

    def seated(self, rows: QuerySet, name: str, committee: Any) -> QuerySet:
        return rows.filter(seats__committee=committee, seats__until=None)


class ExpertFilter(OnGridFilter):
    profession = django_filters.ChoiceFilter(choices=Profession.choices)


class CommitteeViewSet(ScopedViewSet):
    """人民调解委员会, in the own scope."""

    queryset = Committee.objects.all()
    scopes = SCOPES
    serializer_class = s.CommitteeSerializer
    filterset_class = CommitteeFilter
    ordering = ("-id",)


class MediatorViewSet(ScopedViewSet):
    """调解员, in the own scope."""

    queryset = Mediator.objects.all()
    scopes = SCOPES
    serializer_class = s.MediatorSerializer
    filterset_class = MediatorFilter
    ordering = ("-id",)

    def rows(self) -> QuerySet:
        return super().rows().prefetch_related("serves")


class MediationRoomViewSet(ScopedViewSet):
    """调解室, in the own scope."""

    queryset = Room.objects.all()
    scopes = SCOPES
    serializer_class = s.MediationRoomSerializer
    filterset_class = OnGridFilter
    ordering = ("-id",)


class MediationExpertViewSet(ScopedViewSet):
    """专家库, in the own scope."""

    queryset = Expert.objects.all()
    scopes = SCOPES
    serializer_class = s.MediationExpertSerializer
    filterset_class = ExpertFilter
    ordering = ("-id",)
