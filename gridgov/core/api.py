"""The base of every API resource: scope applied once, to list and detail alike."""

import json
from collections.abc import Callable
from functools import cache, partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, viewsets
from rest_framework.filters import OrderingFilter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from gridgov.core import idempotency


@cache
def _one(shape: type[BaseSerializer]) -> BaseSerializer:
    """One SHAPE for all requests. Building a serializer copies each of its fields; reading and showing keep nothing in it."""
    return shape()


def asked(shape: type[BaseSerializer], data: Any) -> dict[str, Any]:
    """DATA as SHAPE reads it; raises ValidationError."""
    return dict(_one(shape).run_validation(data))


def shown(shape: type[BaseSerializer], row: Any) -> dict[str, Any]:
    """ROW as SHAPE shows it."""
    return dict(_one(shape).to_representation(row))


class FilterBackend(DjangoFilterBackend):
    """Builds the filter's form only where something is asked for: a plain list would pay a quarter of its cost for it."""

    PAGING = frozenset({"cursor", "page_size", "ordering"})

    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> QuerySet:
        asked = request.query_params.keys() - self.PAGING
        return super().filter_queryset(request, queryset, view) if asked else queryset


def _once(key: str, verb: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
    """The answer of VERB, or the one that KEY got before. What no browser may store is not kept here either."""
    answers = []

    def act() -> idempotency.Reply:
        answer = verb(request, *args, **kwargs)
        answers.append(answer)
        if not isinstance(answer, Response) or "no-store" in answer.headers.get("Cache-Control", ""):
            return idempotency.Reply(answer.status_code, None, kept=False)
        return idempotency.Reply(answer.status_code, json.loads(JSONRenderer().render(answer.data) or b"null"))

    asked = (
        idempotency.digest_of_form(request._request)
        if request.FILES
        else idempotency.digest(request.method or "", request.get_full_path(), request.data)
    )
    client = idempotency.client_of(request._request)
    found = idempotency.once(client=client, key=key, asked=asked, act=act, at=timezone.now())
    return answers[0] if answers else Response(found.body, found.status, headers={"Idempotency-Replayed": "true"})


class ScopedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Reads what `visible_to(request.user)` shows; everything else does not exist (404).

    Changes of meaning are POST verbs that call one action each, and once for an `Idempotency-Key`; a subclass sets
    `queryset`, `scopes` (what the key of another system must allow: gridgov.core.keys), `serializer_class` (and
    `list_serializer_class` where a list shows less), `filterset_class` or `filterset_fields`, `ordering_fields`.
    """

    filter_backends: ClassVar[Any] = (FilterBackend, OrderingFilter)
    ordering_fields: ClassVar[Any] = ()
    scopes: ClassVar[dict[str, str]] = {}
    list_serializer_class: ClassVar[type[BaseSerializer] | None] = None
    lookup_value_regex = r"\d+"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(idempotency.HEADER, "")
        name = (request.method or "").lower()
        if key and name in {"post", "patch", "put", "delete"} and hasattr(self, name):
            setattr(self, name, partial(_once, key, getattr(self, name)))

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.rows().visible_to(self.request.user)

    def rows(self) -> QuerySet:
        """All rows with what this answer shows of them; the scope comes on top."""
        rows = self.queryset.all()
        return rows.for_list() if self.action == "list" else rows.for_detail()

    def get_serializer_class(self) -> type[BaseSerializer]:
        if self.action == "list" and self.list_serializer_class is not None:
            return self.list_serializer_class
        return super().get_serializer_class()
