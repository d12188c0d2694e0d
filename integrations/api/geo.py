"""Grids and cases for programs that draw maps (QGIS, GeoPandas, a web map): docs/geojson.md."""

import math
import time
from collections.abc import Iterator
from typing import Any

import orjson
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from django_filters.utils import translate_validation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from cases.api.views import CaseFilter
from gridgov.core.api import Api
from gridgov.core.fields import Bounds
from gridgov.core.keys import insist_on_scope
from grids.api.views import GridFilter
from integrations.api import streams
from integrations.reports.geo import Feature, case_features, figures_of, first, grid_features, grids_version

GEOJSON, SEQUENCE = "application/geo+json", "application/geo+json-seq"
# Before each text of a sequence (RFC 8142).
_MARK = b"\x1e"
USUAL, MOST, MOST_DAYS = 1000, 10_000, 366
_TAGS = ["geojson"]


class AnyAccept(BaseContentNegotiation):
    """One kind of answer whatever is accepted; refusals are the API's own."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class BoxSerializerField(serializers.CharField):
    """`west,south,east,north`."""

    def to_internal_value(self, data: Any) -> Bounds:
        parts = str(data).split(",")
        try:
            west, south, east, north = (float(part) for part in parts)
        except ValueError:
            raise serializers.ValidationError(_("A box is west,south,east,north.")) from None
        if not all(map(math.isfinite, (west, south, east, north))) or west > east or south > north:
            raise serializers.ValidationError(_("A box is west,south,east,north."))
        return west, south, east, north


class PageSerializer(serializers.Serializer):
    """Of which box, and how many after which one."""

    bbox = BoxSerializerField(required=False, default=None)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MOST, default=USUAL)
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1, default=0)


class GridPageSerializer(PageSerializer):
    figures = serializers.ChoiceField(["cases"], required=False, default="")
    days = serializers.IntegerField(required=False, min_value=1, max_value=MOST_DAYS, default=30)


# What RFC 7946 says of a collection, as far as it is used here.
FEATURES: dict[str, Any] = {
    "type": "object",
    "required": ["type", "features", "numberReturned", "links"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": "integer"},
                    "geometry": {
                        "type": "object",
                        "required": ["type", "coordinates"],
                        "properties": {
                            "type": {"enum": ["Point", "Polygon"]},
                            "coordinates": {"type": "array", "description": "WGS-84, longitude first"},
                        },
                    },
                    "properties": {"type": "object", "additionalProperties": True},
                },
            },
        },
        "numberReturned": {"type": "integer"},
        "links": {
            "type": "array",
            "description": "Where the next page lies, if there is one",
            "items": {"type": "object", "properties": {"rel": {"const": "next"}, "href": {"type": "string"}}},
        },
    },
}


def _parameters(*more: OpenApiParameter) -> list[Any]:
    return [OpenApiParameter("bbox", str, description="west,south,east,north (WGS-84)"), *more]


_PAGE = [
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
    OpenApiParameter("after", int, description="id of the last one that was read"),
]


def _filters(filterset: type[FilterSet]) -> list[Any]:
    """The list's own filters, as words: they are checked like there."""
    return [OpenApiParameter(name, str) for name in sorted(filterset.base_filters)]


class GeoView(Api):
    """Reads for `request.user`; takes the filters of the list that it draws."""

    content_negotiation_class = AnyAccept
    http_method_names = ("get", "head", "options")
    filterset: type[FilterSet]
    page: type[serializers.Serializer] = PageSerializer

    def known_parameters(self) -> frozenset[str]:
        return frozenset(self.page().fields) | frozenset(self.filterset.base_filters)

    def asked(self) -> dict[str, Any]:
        """What stands behind the ?; raises ValidationError."""
        given = self.page(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        found: dict[str, Any] = given.validated_data
        return found

    def narrow(self, rows: Any) -> Any:
        """ROWS that the list's filters leave; raises ValidationError."""
        found = self.filterset(self.request.query_params, rows, request=self.request)
        if not found.is_valid():
            raise translate_validation(found.errors)
        return found.qs

    def collection(self, features: list[Feature], after: int | None) -> HttpResponse:
        links = []
        if after is not None:
            query = self.request.query_params.copy()
            query["after"] = str(after)
            links = [{"rel": "next", "href": self.request.build_absolute_uri(f"?{query.urlencode()}")}]
        whole = {"type": "FeatureCollection", "features": features, "numberReturned": len(features), "links": links}
        return HttpResponse(orjson.dumps(whole), content_type=GEOJSON, headers={"X-Content-Type-Options": "nosniff"})


class GridsGeoView(GeoView):
    """Grids on the own ground that have a border."""

    scopes = {"read": "grids:read"}
    filterset = GridFilter
    page = GridPageSerializer

    @extend_schema(
        parameters=[
            *_parameters(*_PAGE), *_filters(GridFilter),
            OpenApiParameter("figures", str, enum=["cases"], description="With cases_open, cases_late, cases_reported"),
            OpenApiParameter("days", {"type": "integer", "minimum": 1, "maximum": MOST_DAYS, "default": 30}),
        ],
        responses={(200, GEOJSON): FEATURES, 304: None}, summary="网格(GeoJSON)", operation_id="geo_grids", tags=_TAGS,
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        asked, at = self.asked(), timezone.now()
        figures = self._figures(asked["days"], at) if asked["figures"] else None
        tag = None
        if figures is None:
            said = request.query_params.lists()
            tag = f'W/"{grids_version(request.user, said, timezone.localdate(at))}"'
            if found := get_conditional_response(request._request, etag=tag):
                return found
        box = asked["bbox"]

        def narrow(rows: Any) -> Any:
            return self.narrow(rows if box is None else rows.filter(box__overlaps=box))

        answer = self.collection(
            *first(grid_features(request.user, narrow, figures, after=asked["after"]), asked["limit"])
        )
        answer["Cache-Control"] = "private, no-cache" if tag else "private, no-store"
        if tag:
            answer["ETag"] = tag
        return answer

    def _figures(self, days: int, at: Any) -> Any:
        """Raises PermissionDenied for a system that may not read figures."""
        insist_on_scope(self.request.auth, "figures:read")
        return figures_of(self.request.user, days, at)


class CasesGeoView(GeoView):
    """Cases with a place, page by page."""

    scopes = {"read": "cases:read"}
    filterset = CaseFilter

    @extend_schema(
        parameters=[*_parameters(*_PAGE), *_filters(CaseFilter)],
        responses={(200, GEOJSON): FEATURES}, summary="案件点位(GeoJSON)", operation_id="geo_cases", tags=_TAGS,
    )  # fmt: skip
    def get(self, request: Request) -> HttpResponse:
        asked = self.asked()
        found = case_features(request.user, self.narrow, asked["bbox"], at=timezone.now(), after=asked["after"])
        answer = self.collection(*first(found, asked["limit"]))
        answer["Cache-Control"] = "private, no-store"
        return answer


class CaseSequenceView(GeoView):
    """All of them, one after the other, however many there are."""

    scopes = {"read": "cases:read"}
    filterset = CaseFilter
    http_method_names = ("get", "options")

    @extend_schema(
        parameters=[*_parameters(_PAGE[1]), *_filters(CaseFilter)],
        responses={(200, SEQUENCE): OpenApiTypes.BINARY}, summary="案件点位流(GeoJSON 序列)", operation_id="geo_case_sequence", tags=_TAGS,
    )  # fmt: skip
    def get(self, request: Request) -> StreamingHttpResponse:
        asked = self.asked()
        self.narrow(CaseFilter.Meta.model.objects.none())
        found = case_features(request.user, self.narrow, asked["bbox"], at=timezone.now(), after=asked["after"])
        return streams.streamed(request, _texts(batch.features for batch in found), SEQUENCE, "cases.geojsons")


def _texts(batches: Iterator[list[Feature]]) -> Iterator[bytes]:
    """Features as a sequence of texts (RFC 8142); cut off where it is read too slowly, to be gone on with by `after`."""
    end = time.monotonic() + streams.LONGEST_SECONDS
    for features in batches:
        yield b"".join(_MARK + orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in features)
        if time.monotonic() > end:
            raise TimeoutError("these cases are read too slowly")
