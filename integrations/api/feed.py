"""Whole lists for a warehouse, and what has changed since: docs/feed.md."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core.api import Api
from gridgov.core.errors import Invalid
from gridgov.core.positions import LONGEST, Position, Reader, reader
from integrations.api import streams
from integrations.reports.feed import Page, changes, events, ground_of
from integrations.reports.resources import RESOURCES, Resource
from integrations.reports.rows import batches, columns

# Records looked at for one page of a stream: some hundred rows a query, and a cursor after each.
STEP, USUAL, MOST = 1000, 1000, 5000
_TAGS = ["feed"]
_NAME = OpenApiParameter("resource", str, OpenApiParameter.PATH, enum=sorted(RESOURCES))
_SINCE = OpenApiParameter("cursor", str, description="Read on from here.")


class AskedSerializer(serializers.Serializer):
    """What may stand behind the ? of an address here."""

    cursor = serializers.CharField(required=False, max_length=LONGEST, default="")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MOST, default=USUAL)
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1, default=0)


class ListedSerializer(serializers.Serializer):
    name = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    ndjson = serializers.CharField()
    csv = serializers.CharField()
    changes = serializers.CharField()


class FeedSerializer(serializers.Serializer):
    """What there is to read; `cursor` is where the feed ends at this moment."""

    cursor = serializers.CharField()
    resources = ListedSerializer(many=True)


class EventSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    subject = serializers.CharField()
    key = serializers.IntegerField()
    grid = serializers.CharField()
    changes = serializers.DictField()
    data = serializers.DictField()


class EventsSerializer(serializers.Serializer):
    results = EventSerializer(many=True)
    cursor = serializers.CharField()
    more = serializers.BooleanField()


class ChangeSerializer(serializers.Serializer):
    """All rows that there are now under a key; none where it left the own ground."""

    key = serializers.IntegerField()
    rows = serializers.ListField(child=serializers.DictField())


class ChangesSerializer(serializers.Serializer):
    results = ChangeSerializer(many=True)
    cursor = serializers.CharField()
    more = serializers.BooleanField()


class FeedBase(Api):
    """Reads for `request.user`: what is shown is what `visible_to` shows."""

    scopes = {"read": "feed:read"}
    refusals = (status.HTTP_410_GONE,)
    # Without HEAD, for which a whole list would be read and thrown away.
    http_method_names = ("get", "options")

    def asked(self, *needed: str) -> tuple[dict[str, Any], Reader, Position, dt.datetime]:
        """What was asked for, who reads, from where (the beginning where no cursor was given), and the moment."""
        given = AskedSerializer(data=self.request.query_params)
        given.is_valid(raise_exception=True)
        asked, at = given.validated_data, timezone.now()
        for name in needed:
            if not asked[name]:
                raise Invalid(_("Load the list first; its cursor is where its changes begin."), field=name)
        source, ground = reader(at), ground_of(self.request.user)
        position = Position.read(asked["cursor"]) if asked["cursor"] else source.start(ground)
        source.insist_on(position, ground)
        return asked, source, position, at

    def resource(self) -> Resource:
        found = RESOURCES.get(self.kwargs["resource"])
        if found is None:
            raise Http404
        return found


def _answer(page: Page) -> Response:
    return Response({"results": page.lines, "cursor": str(page.position), "more": page.more})


def _pages(step: Callable[[Position], Page], position: Position) -> Iterator[Page]:
    more = True
    while more:
        page = step(position)
        yield page
        position, more = page.position, page.more


class FeedView(FeedBase):
    """What can be loaded."""

    @extend_schema(responses=FeedSerializer, summary="可批量读取的数据", tags=_TAGS)
    def get(self, request: Request) -> Response:
        _asked, source, _position, _at = self.asked()
        listed = [
            {
                "name": row.name,
                "columns": columns(row),
                **{
                    kind: reverse(f"feed-{kind}", args=[row.name]) for kind in ("ndjson", "csv", "changes")
                },
            }
            for row in RESOURCES.values()
        ]  # fmt: skip
        return Response({"cursor": str(source.end(ground_of(request.user))), "resources": listed})


class EventsView(FeedBase):
    """What was recorded, in an order in which nothing is skipped and nothing comes twice."""

    query_params = ("cursor", "limit")

    @extend_schema(
        parameters=[_SINCE, OpenApiParameter("limit", int)], responses=EventsSerializer, summary="事件(按游标增量读取)",
        tags=_TAGS,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        asked, source, position, _at = self.asked()
        return _answer(events(request.user, source, position, asked["limit"]))


class EventStreamView(FeedBase):
    query_params = ("cursor",)

    @extend_schema(
        parameters=[_SINCE],
        responses={(200, streams.NDJSON): OpenApiTypes.BINARY},
        summary="事件流(NDJSON)",
        tags=_TAGS,
    )
    def get(self, request: Request) -> StreamingHttpResponse:
        _asked, source, position, _at = self.asked()
        pages = _pages(lambda since: events(request.user, source, since, STEP), position)
        return streams.streamed(request, streams.page_lines(pages), streams.NDJSON, "events.ndjson", str(position))


class ChangesView(FeedBase):
    """What has changed, as it is now."""

    query_params = ("cursor", "limit")

    @extend_schema(
        parameters=[_NAME, OpenApiParameter("cursor", str, required=True), OpenApiParameter("limit", int)],
        responses=ChangesSerializer, summary="变化的数据(按游标增量读取)", tags=_TAGS,
    )  # fmt: skip
    def get(self, request: Request, resource: str) -> Response:
        rows = self.resource()
        asked, source, position, at = self.asked("cursor")
        return _answer(changes(request.user, rows, source, position, asked["limit"], at))


class ChangeStreamView(FeedBase):
    query_params = ("cursor",)

    @extend_schema(
        parameters=[_NAME, OpenApiParameter("cursor", str, required=True)],
        responses={(200, streams.NDJSON): OpenApiTypes.BINARY}, summary="变化的数据流(NDJSON)", tags=_TAGS,
    )  # fmt: skip
    def get(self, request: Request, resource: str) -> StreamingHttpResponse:
        rows = self.resource()
        _asked, source, position, at = self.asked("cursor")
        pages = _pages(lambda since: changes(request.user, rows, source, since, STEP, at), position)
        name = f"{rows.name}-changes.ndjson"
        return streams.streamed(request, streams.page_lines(pages), streams.NDJSON, name, str(position))


_RESUME = [
    _NAME,
    OpenApiParameter("cursor", str, description="Going on: the first Feed-Cursor."),
    OpenApiParameter("after", int, description="Going on: id of the last whole row."),
]


class ListView(FeedBase):
    """A whole list. Its changes begin at the cursor of the moment at which it began to be read."""

    query_params = ("cursor", "after")

    def begin(self) -> tuple[Resource, Iterator[list[dict[str, Any]]], str]:
        """The list, its batches, and the cursor: of now, or, gone on with, the one of its beginning."""
        rows, resumed = self.resource(), "after" in self.request.query_params
        asked, source, position, at = self.asked(*(["cursor"] if resumed else []))
        cursor = position if asked["cursor"] else source.end(ground_of(self.request.user))
        return rows, batches(rows, self.request.user, at=at, after=asked["after"]), str(cursor)


class NdjsonView(ListView):
    @extend_schema(
        parameters=_RESUME,
        responses={(200, streams.NDJSON): OpenApiTypes.BINARY},
        summary="整表读取(NDJSON)",
        tags=_TAGS,
    )
    def get(self, request: Request, resource: str) -> StreamingHttpResponse:
        rows, found, cursor = self.begin()
        return streams.streamed(
            request, streams.list_lines(found, cursor), streams.NDJSON, f"{rows.name}.ndjson", cursor
        )


class CsvView(ListView):
    @extend_schema(
        parameters=_RESUME, responses={(200, streams.CSV): OpenApiTypes.BINARY}, summary="整表读取(CSV)", tags=_TAGS
    )
    def get(self, request: Request, resource: str) -> StreamingHttpResponse:
        rows, found, cursor = self.begin()
        cells = streams.list_cells(found, columns(rows))
        return streams.streamed(request, cells, streams.CSV, f"{rows.name}.csv", cursor)
