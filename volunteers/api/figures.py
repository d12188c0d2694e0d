"""Volunteering on a street's grids: by community, and never by person."""

import datetime as dt
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core.api import Api, asked
from gridgov.core.errors import Invalid
from grids.models import Grid
from grids.queries import heavy
from volunteers.reports.figures import volunteer_figures

LONGEST = dt.timedelta(days=366)


class AskedSerializer(serializers.Serializer):
    """A street and the days from `since` to `until`, both counted; the last thirty without them."""

    street = serializers.RegexField(r"^\d{9}$")
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class VolunteerFigureSerializer(serializers.Serializer):
    """`attendance`: percent of those expected who came."""

    code = serializers.CharField()
    name = serializers.CharField()
    volunteers = serializers.IntegerField()
    squads = serializers.IntegerField()
    short = serializers.IntegerField(help_text="squads with fewer members than they should have")
    shifts = serializers.IntegerField()
    hours = serializers.FloatField()
    served = serializers.IntegerField()
    missed = serializers.IntegerField()
    attendance = serializers.IntegerField(allow_null=True)


class VolunteerFiguresView(Api):
    """A community is the least that is told."""

    scopes = {"read": "figures:read"}
    query_params = ("street", "since", "until")

    @extend_schema(
        parameters=[
            OpenApiParameter("street", str, required=True, description="街道代码（九位）"),
            OpenApiParameter("since", OpenApiTypes.DATE, description="起始日（含）；缺省为最近三十天"),
            OpenApiParameter("until", OpenApiTypes.DATE, description="截止日（含）"),
        ],
        responses=VolunteerFigureSerializer(many=True),
        summary="各社区志愿服务情况（不分人员）",
        tags=["figures"],
    )
    def get(self, request: Request) -> Response:
        given: dict[str, Any] = asked(AskedSerializer, request.query_params.dict())
        until = given.get("until") or timezone.localdate()
        since = given.get("since") or until - dt.timedelta(days=29)
        if not dt.timedelta() <= until - since <= LONGEST or since.year < 2000 or until.year > 2100:
            raise Invalid(_("At most a year, the first day first."), field="since")
        rows = Grid.objects.ground_of(request.user).filter(parent=None, code=given["street"])
        street = rows.defer(*heavy("")).first()
        if street is None:
            raise Http404
        lines = volunteer_figures(street, since, until)
        return Response(VolunteerFigureSerializer(lines, many=True).data)
