"""What whoever takes a case in may ask: what it seems to be, and which cases are like it."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import reports, rules
from cases.api import serializers as s
from cases.models import Case
from gridgov.core.api import asked, shown
from gridgov.core.geodesy import to_wgs84
from grids.queries import heavy

_STEPS = ("street", "total", "comprehensive", "grid")


class Suggesting:
    """Proposals for reports and cases. They are read, never kept; nothing is decided here."""

    @extend_schema(request=s.SuggestSerializer, responses=s.AdviceSerializer, summary="建议分类、网格和疑似重复案件")
    @action(detail=False, methods=["post"])
    def suggest(self, request: Request) -> Response:
        rules.can_report(request.user).insist()
        given = asked(s.SuggestSerializer, request.data)
        lng, lat, crs = given.pop("lng"), given.pop("lat"), given.pop("crs")
        point = None if lng is None or lat is None else to_wgs84(lng, lat, crs)
        advice = reports.advise(**given, point=point, by=request.user, at=timezone.now())
        return Response(shown(s.AdviceSerializer, advice))

    @extend_schema(responses=s.SuggestionSerializer, summary="对这件案件的建议", tags=["cases"])
    @action(detail=True, pagination_class=None, filter_backends=())
    def suggestion(self, request: Request, pk: str) -> Response:
        found = reports.advise_on(_case(request, pk), by=request.user, at=timezone.now())
        return Response(shown(s.SuggestionSerializer, found))

    @extend_schema(responses=s.SimilarSerializer(many=True), summary="疑似重复的案件", tags=["cases"])
    @action(detail=True, pagination_class=None, filter_backends=())
    def similar(self, request: Request, pk: str) -> Response:
        found = reports.similar_to(_case(request, pk), by=request.user, at=timezone.now())
        return Response(s.SimilarSerializer(found, many=True).data)


def _case(request: Request, pk: str) -> Case:
    """The case with its category and its grids; an invisible one is not there."""
    rows = Case.objects.visible_to(request.user).select_related("category", *_STEPS)
    return get_object_or_404(rows.defer("search", *heavy(*_STEPS)), pk=pk)
