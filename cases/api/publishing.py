"""Results that everybody may read 公开问效: published and taken back, listed, and how content their reporters were."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions
from cases.api import serializers as s
from cases.api.verbs import CaseVerbs, verb
from cases.choices import Score
from cases.models import Publication
from cases.reports.published import satisfaction
from cases.rules import REPLY_CHARS, TITLE_CHARS
from gridgov.core.api import ScopedViewSet, shown
from grids.forms.codes import origin_of


class PublishSerializer(serializers.Serializer):
    """What tells whom it is about is refused, or asked about: `looked` says that somebody has, and that it harms nobody."""

    title = serializers.CharField(max_length=TITLE_CHARS)
    text = serializers.CharField(max_length=REPLY_CHARS)
    photos = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, default=list, max_length=50
    )
    looked = serializers.BooleanField(default=False)


class PublicationSerializer(serializers.ModelSerializer):
    no = serializers.CharField(source="case.no")
    category = s.NamedSerializer(source="case.category")
    grid = s.NamedSerializer(source="case.grid")
    by = serializers.CharField(source="by.full_name")

    class Meta:
        model = Publication
        fields = ("id", "case", "no", "category", "grid", "title", "text", "closed_at", "by", "at", "withdrawn_at")


class PublicationDetailSerializer(PublicationSerializer):
    """`address`: where everybody reads it, while the street's pages are open."""

    photos = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    class Meta(PublicationSerializer.Meta):
        fields = (*PublicationSerializer.Meta.fields, "photos", "address")

    def get_photos(self, row: Publication) -> list[int]:
        return list(row.photos.values_list("photo", flat=True))

    def get_address(self, row: Publication) -> str:
        return f"{origin_of(self.context['request']._request)}{reverse('result', args=[row.case.no])}"


class ScoreCountSerializer(serializers.Serializer):
    score = serializers.ChoiceField(Score.choices)
    count = serializers.IntegerField()


class SatisfactionSerializer(serializers.Serializer):
    """`share`: of those content, in percent; null where so few have rated that it would speak about single people."""

    total = serializers.IntegerField()
    share = serializers.IntegerField(allow_null=True)
    scores = ScoreCountSerializer(many=True)


class PublishingVerbs(CaseVerbs):
    """Part of CaseViewSet."""

    @verb("publish", PublishSerializer, "公开办理结果", answers=PublicationSerializer)
    def publish(self, request: Request, pk: str) -> Response:
        return Response(shown(PublicationSerializer, self.act(actions.publish_case, PublishSerializer)))

    @verb("unpublish", s.ReasonSerializer, "撤回公开的办理结果", answers=PublicationSerializer)
    def unpublish(self, request: Request, pk: str) -> Response:
        return Response(shown(PublicationSerializer, self.act(actions.unpublish_case, s.ReasonSerializer)))


class PublicationFilter(django_filters.FilterSet):
    """`grid`, a code, with all below it; `open` leaves only what everybody can read now."""

    grid = django_filters.CharFilter(method="of_grid", max_length=18)
    category = django_filters.CharFilter("case__category__code", "startswith", max_length=4)
    open = django_filters.BooleanFilter(method="only_open")
    closed_after = django_filters.IsoDateTimeFilter("closed_at", "gte")
    closed_before = django_filters.IsoDateTimeFilter("closed_at", "lt")

    class Meta:
        model = Publication
        fields: tuple[str, ...] = ()

    def of_grid(self, rows: QuerySet, name: str, code: str) -> QuerySet:
        return rows.at_grid(code)

    def only_open(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        return rows.open() if wanted else rows


class PublicationViewSet(ScopedViewSet):
    """Published results of the cases in the own scope. They are published and taken back at their cases."""

    scopes = {"read": "public:read"}
    queryset = Publication.objects.all()
    serializer_class = PublicationDetailSerializer
    list_serializer_class = PublicationSerializer
    filterset_class = PublicationFilter
    ordering = ("-id",)

    @extend_schema(responses=SatisfactionSerializer, summary="公开结果的满意度")
    @action(detail=False, pagination_class=None)
    def satisfaction(self, request: Request) -> Response:
        """Of the results that everybody can read; narrowed by the list's filters."""
        found: Any = satisfaction(self.filter_queryset(self.get_queryset()).open())
        said = {"total": found.total, "share": found.share}
        return Response({**said, "scores": [{"score": score, "count": count} for score, count in found.scores]})
