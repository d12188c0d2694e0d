"""Mediation on a street's ground: counts by committee, kind and community, and no word of any file."""

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
from mediation.reports.figures import mediation_figures

LONGEST = dt.timedelta(days=366)


class MediationAskedSerializer(serializers.Serializer):
    """A street and the days from `since` to `until`, both counted; the last ninety without them."""

    street = serializers.RegexField(r"^\d{9}$")
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


class MediationCountsSerializer(serializers.Serializer):
    """Of disputes that ended in the period, but for `came`, `accepted` and `open` (running today). `success`, `performance` and
    `relapse` are percents, null where there is nothing to speak of."""

    came = serializers.IntegerField()
    accepted = serializers.IntegerField()
    ended = serializers.IntegerField()
    mediated = serializers.IntegerField()
    agreed = serializers.IntegerField()
    oral = serializers.IntegerField()
    in_time = serializers.IntegerField()
    people = serializers.IntegerField()
    performed = serializers.IntegerField()
    unperformed = serializers.IntegerField()
    followed = serializers.IntegerField()
    relapsed = serializers.IntegerField()
    confirmed = serializers.IntegerField()
    open = serializers.IntegerField()
    success = serializers.IntegerField(allow_null=True)
    performance = serializers.IntegerField(allow_null=True)
    relapse = serializers.IntegerField(allow_null=True)


class MediationFigureLineSerializer(serializers.Serializer):
    """`code`: a committee's id, a kind of dispute, or a community's code."""

    code = serializers.CharField()
    name = serializers.CharField()
    counts = MediationCountsSerializer()


class MediationFiguresSerializer(serializers.Serializer):
    first = serializers.DateField()
    last = serializers.DateField()
    total = MediationCountsSerializer()
    committees = MediationFigureLineSerializer(many=True)
    kinds = MediationFigureLineSerializer(many=True)
    grids = MediationFigureLineSerializer(many=True)


class MediationFiguresView(Api):
    """Counts are everybody's who works on the ground; files are not."""

    scopes = {"read": "mediation:read"}
    query_params = ("street", "since", "until")

    @extend_schema(
        parameters=[
            OpenApiParameter("street", str, required=True, description="街道代码（九位）"),
            OpenApiParameter("since", OpenApiTypes.DATE, description="起始日（含）；缺省为最近九十天"),
            OpenApiParameter("until", OpenApiTypes.DATE, description="截止日（含）"),
        ],
        responses=MediationFiguresSerializer,
        summary="人民调解情况（按调委会、纠纷类型和社区，不含案卷内容）",
        tags=["figures"],
    )
    def get(self, request: Request) -> Response:
        given: dict[str, Any] = asked(MediationAskedSerializer, request.query_params.dict())
        until = given.get("until") or timezone.localdate()
        since = given.get("since") or until - dt.timedelta(days=89)
        if not dt.timedelta() <= until - since <= LONGEST or since.year < 2000 or until.year > 2100:
            raise Invalid(_("At most a year, the first day first."), field="since")
        street = (
            Grid.objects.ground_of(request.user).filter(parent=None, code=given["street"]).defer(*heavy("")).first()
        )
        if street is None:
            raise Http404
        return Response(MediationFiguresSerializer(mediation_figures(street, since, until)).data)
