"""Files and sessions, for the tokens of people who mediate. No client reads any: see mediation.api.figures for counts."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core.api import ScopedViewSet, asked, shown
from mediation.actions.files import open_file
from mediation.actions.looking import look_at
from mediation.actions.meeting import write_record
from mediation.api import file_serializers as s
from mediation.choices.files import FileState, Outcome, SessionKind, SessionState, Source
from mediation.choices.people import DisputeKind
from mediation.models import Assignment, Attendance, Mediation, Session

NO_STORE = {"Cache-Control": "no-store"}
_ID: dict[str, Any] = {"min_value": 0, "max_value": 2**62}


class MediationFilter(django_filters.FilterSet):
    """`grid`: a grid's code, with those below it."""

    grid = django_filters.CharFilter("grid__code", lookup_expr="startswith", max_length=18)
    committee = django_filters.NumberFilter(**_ID)
    state = django_filters.ChoiceFilter(choices=FileState.choices)
    outcome = django_filters.ChoiceFilter(choices=[one for one in Outcome.choices if one[0]])
    kind = django_filters.ChoiceFilter(choices=DisputeKind.choices)
    source = django_filters.ChoiceFilter(choices=Source.choices)
    since = django_filters.IsoDateTimeFilter("applied_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter("applied_at", lookup_expr="lt")


class SessionFilter(django_filters.FilterSet):
    mediation = django_filters.NumberFilter(**_ID)
    room = django_filters.NumberFilter(**_ID)
    kind = django_filters.ChoiceFilter(choices=SessionKind.choices)
    state = django_filters.ChoiceFilter(choices=SessionState.choices)
    since = django_filters.IsoDateTimeFilter("starts_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter("starts_at", lookup_expr="lt")


class MediationViewSet(ScopedViewSet):
    """调解案卷: those one mediates today, and those of the committee one directs. Every look at one is recorded."""

    queryset = Mediation.objects.all()
    scopes = {"refer": "mediation:refer"}
    serializer_class = s.MediationSerializer
    list_serializer_class = s.MediationLineSerializer
    filterset_class = MediationFilter
    ordering = ("-id",)

    def rows(self) -> QuerySet:
        rows = super().rows().prefetch_related("parties")
        if self.action == "list":
            return rows
        standing = Assignment.objects.current().select_related("mediator")
        return rows.prefetch_related(Prefetch("assignments", standing, to_attr="current_assignments"))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        look_at(mediation=row, what="file", by=request.user, at=timezone.now())
        return Response(self.get_serializer(row).data, headers=NO_STORE)

    @extend_schema(
        request=s.ReferSerializer,
        responses={201: s.ReferredSerializer},
        summary="向调委会移交纠纷（法院、公安、其他部门）",
    )
    @action(detail=False, methods=["post"])
    def refer(self, request: Request) -> Response:
        """The file waits for the committee; the sender doesn't read it."""
        given = asked(s.ReferSerializer, request.data)
        row = open_file(**given, by=request.user, at=timezone.now())
        return Response(shown(s.ReferredSerializer, row), status=status.HTTP_201_CREATED)


class SessionViewSet(ScopedViewSet):
    """调解场次 of such files; the record stands in the detail."""

    queryset = Session.objects.all()
    serializer_class = s.SessionSerializer
    list_serializer_class = s.SessionLineSerializer
    filterset_class = SessionFilter
    ordering = ("-id",)

    def rows(self) -> QuerySet:
        rows = super().rows()
        if self.action == "list":
            return rows
        return rows.prefetch_related(Prefetch("attendances", Attendance.objects.select_related("party", "helper")))

    def hold_row(self, row: Session) -> None:
        """Verbs take the file first, then rows of it."""
        Mediation.objects.locked(row.mediation_id)
        super().hold_row(row)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        look_at(mediation=row.mediation, what="file", by=request.user, at=timezone.now())
        return Response(self.get_serializer(row).data, headers=NO_STORE)

    @extend_schema(request=s.WriteRecordSerializer, responses=s.SessionSerializer, summary="填写调解记录")
    @action(detail=True, methods=["post"])
    def record(self, request: Request, pk: str) -> Response:
        given = asked(s.WriteRecordSerializer, request.data)
        write_record(session=self.get_object(), **given, by=request.user, at=timezone.now())
        return Response(shown(s.SessionSerializer, self.get_object()), headers=NO_STORE)
