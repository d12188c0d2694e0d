"""What was done on a street's grids: patrols, minutes and visits by community, and never by person."""

import datetime as dt

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from fieldwork.choices import Diligence
from fieldwork.reports import grid_figures
from gridgov.core.api import Api, asked
from gridgov.core.errors import Invalid
from grids.models import Grid
from grids.queries import heavy


class AskedSerializer(serializers.Serializer):
    """A street and the days from `since` to `until`, both counted; the last seven without them."""

    street = serializers.RegexField(r"^\d{9}$")
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class FieldFigureSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    patrols = serializers.IntegerField()
    minutes = serializers.IntegerField()
    visits = serializers.DictField(child=serializers.IntegerField(), help_text="by diligence")


class FieldFiguresView(Api):
    """A community is the least that is told: in a smaller grid one number would be one worker's."""

    scopes = {"read": "figures:read"}
    query_params = ("street", "since", "until")

    @extend_schema(
        parameters=[
            OpenApiParameter("street", str, required=True, description="街道代码（九位）"),
            OpenApiParameter("since", OpenApiTypes.DATE, description="起始日（含）；缺省为最近七天"),
            OpenApiParameter("until", OpenApiTypes.DATE, description="截止日（含）"),
        ],
        responses=FieldFigureSerializer(many=True),
        summary="各社区巡查走访情况（不分人员）",
        tags=["figures"],
    )
    def get(self, request: Request) -> Response:
        given = asked(AskedSerializer, request.query_params.dict())
        until = given.get("until") or timezone.localdate()
        since = given.get("since") or until - dt.timedelta(days=6)
        if not 0 <= (until - since).days <= 366 or since.year < 2000 or until.year > 2100:
            raise Invalid(_("At most a year, the first day first."), field="since")
        rows = Grid.objects.ground_of(request.user).filter(parent=None, code=given["street"])
        street = rows.defer(*heavy("")).first()
        if street is None:
            raise Http404
        lines = grid_figures(street, since, until)
        visits = [{kind.value: line.visits[kind] for kind in Diligence} for line in lines]
        said = [{**_plain(line), "visits": found} for line, found in zip(lines, visits, strict=True)]
        return Response(FieldFigureSerializer(said, many=True).data)


def _plain(line: object) -> dict[str, object]:
    return {name: getattr(line, name) for name in ("code", "name", "patrols", "minutes")}
