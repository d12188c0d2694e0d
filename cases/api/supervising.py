"""The ladder by API: urging, supervising and answering a case, and the list of supervision."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions
from cases.api import serializers as s
from cases.api.verbs import CaseVerbs, verb
from cases.choices import CardLevel
from cases.models import Case, Supervision
from gridgov.core.api import ScopedViewSet, shown
from gridgov.core.errors import Conflict


class SupervisingVerbs(CaseVerbs):
    """Verbs of a case (CaseViewSet)."""

    @verb("urge", s.UrgeSerializer, "催办")
    def urge(self, request: Request, pk: str) -> Response:
        return self.move(actions.urge_case, s.UrgeSerializer)

    @verb("supervise", s.SuperviseSerializer, "督办", answers=s.SupervisionSerializer)
    def supervise(self, request: Request, pk: str) -> Response:
        return Response(shown(s.SupervisionSerializer, self.act(actions.supervise_case, s.SuperviseSerializer)))

    @verb("answer", s.AnswerSerializer, "答复督办", answers=s.SupervisionSerializer)
    def answer(self, request: Request, pk: str) -> Response:
        return Response(shown(s.SupervisionSerializer, self.act(_answer, s.AnswerSerializer)))


def _answer(*, case: int, **given: Any) -> Supervision:
    """Answer the supervision of the case that is open."""
    row = Supervision.objects.visible_to(given["by"]).open().filter(case=case).only("pk").first()
    if row is None:
        Case.objects.visible_to(given["by"]).only("pk").get(pk=case)
        raise Conflict(_("No supervision of this case waits for an answer."), code="none_open")
    return actions.answer_supervision(supervision=row.pk, **given)


class SupervisionFilter(django_filters.FilterSet):
    """`open`: still waiting for an answer, or no more."""

    open = django_filters.BooleanFilter(method="only_open")
    level = django_filters.MultipleChoiceFilter(choices=CardLevel.choices)
    case = django_filters.NumberFilter("case_id")

    class Meta:
        model = Supervision
        fields = ("kind",)

    def only_open(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        return rows.open() if wanted else rows.exclude(replied_at=None, superseded_at=None)


class SupervisionViewSet(ScopedViewSet):
    """Supervision 督办 of the cases in the own scope."""

    scopes = {"read": "cases:read", "write": "cases:write"}
    queryset = Supervision.objects.all()
    serializer_class = s.SupervisionSerializer
    filterset_class = SupervisionFilter
    ordering = ("-id",)

    def rows(self) -> QuerySet:
        return Supervision.objects.lines()
