"""The base of every API resource: scope applied once, to list and detail alike."""

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import mixins, status, viewsets
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from gridgov.core import asking, conditional, idempotency
from gridgov.core.deprecation import Deprecation
from gridgov.core.errors import Invalid


@cache
def _one(shape: type[BaseSerializer]) -> BaseSerializer:
    """One SHAPE for all requests. Building a serializer copies each of its fields; reading and showing keep nothing in it."""
    return shape()


def asked(shape: type[BaseSerializer], data: Any) -> dict[str, Any]:
    """DATA as SHAPE reads it; raises ValidationError."""
    try:
        return dict(_one(shape).run_validation(data))
    except OverflowError:  # the year 1 of a clock in China began in the year 0 of the others
        raise Invalid(_("No calendar has this day."), code="out_of_range") from None


def shown(shape: type[BaseSerializer], row: Any) -> dict[str, Any]:
    """ROW as SHAPE shows it."""
    return dict(_one(shape).to_representation(row))


def _once(key: str, verb: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
    """The answer of VERB, or the one that KEY got before. What no browser may store is not kept here either."""
    answers = []

    def act() -> idempotency.Reply:
        answer = verb(request, *args, **kwargs)
        answers.append(answer)
        if not isinstance(answer, Response) or "no-store" in answer.headers.get("Cache-Control", ""):
            return idempotency.Reply(answer.status_code, None, kept=False)
        return idempotency.Reply(answer.status_code, json.loads(JSONRenderer().render(answer.data) or b'""'))

    asked = (
        idempotency.digest_of_form(request._request)
        if request.FILES
        else idempotency.digest(request.method or "", request.get_full_path(), request.data)
    )
    client = idempotency.client_of(request._request)
    found = idempotency.once(client=client, key=key, asked=asked, act=act, at=timezone.now())
    if answers:
        return answers[0]
    body = None if found.status == status.HTTP_204_NO_CONTENT else found.body
    return Response(body, found.status, headers={"Idempotency-Replayed": "true"})


class Api(APIView):
    """What every address of the API does alike: `query_params` are the names it takes behind the question mark,
    `refusals` the statuses with which it refuses beside the usual ones, `deprecated` names its actions (or methods) that go out
    of service."""

    query_params: ClassVar[tuple[str, ...]] = ()
    refusals: ClassVar[tuple[int, ...]] = ()
    deprecated: ClassVar[Mapping[str, Deprecation]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        asking.refuse_unknown(request.query_params, self.known_parameters(), code="unknown_parameter")

    def known_parameters(self) -> frozenset[str]:
        return frozenset(self.query_params)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        name = getattr(self, "action", None) or (request.method or "").lower()
        if name in self.deprecated:
            for header, value in self.deprecated[name].headers.items():
                answer[header] = value
        # What is said to somebody is kept by no cache between, whatever they came in with.
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        return answer


class ScopedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Api, viewsets.GenericViewSet):
    """Reads what `visible_to(request.user)` shows; everything else does not exist (404).

    Changes of meaning are POST verbs that call one action each, and once for an `Idempotency-Key`; a subclass sets
    `queryset`, `scopes` (what the key of another system must allow: gridgov.core.keys), `serializer_class` (and
    `list_serializer_class` where a list shows less), `filterset_class` or `filterset_fields`, `ordering_fields`, and on an
    action of its own the `query_params` that it takes. `tagged` is false where a row is read as a file, `fleeting` names
    what changes in a row without anybody's change (gridgov.core.conditional).
    """

    filter_backends: ClassVar[Any] = (asking.Filters, asking.Ordering)
    ordering_fields: ClassVar[Any] = ("id",)
    scopes: ClassVar[dict[str, str]] = {}
    list_serializer_class: ClassVar[type[BaseSerializer] | None] = None
    lookup_value_regex = r"[0-9]{1,18}"
    tagged: ClassVar[bool] = True
    fleeting: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        name = (request.method or "").lower()
        if name not in {"post", "patch", "put", "delete"} or not hasattr(self, name):
            return
        if self.tagged and conditional.MATCH in request.headers and self.lookup_field_here in self.kwargs:
            setattr(self, name, partial(self._unchanged, getattr(self, name)))
        if key := request.headers.get(idempotency.HEADER, ""):
            setattr(self, name, partial(_once, key, getattr(self, name)))

    @property
    def lookup_field_here(self) -> str:
        return self.lookup_url_kwarg or self.lookup_field

    def _unchanged(self, verb: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> Any:
        """The answer of VERB, if the row is still what `If-Match` names: nobody changes it between look and verb."""
        name = self.lookup_field_here
        with transaction.atomic():
            self.hold_row(self.get_object())
            acting, self.action = self.action, "retrieve"
            read: Any = self.retrieve(request, **{name: kwargs[name]})
            self.action = acting
            found = conditional.tag_of(read.data, self.fleeting)
            conditional.insist_on(request.headers[conditional.MATCH], found)
            return verb(request, *args, **kwargs)

    def hold_row(self, row: Any) -> None:
        """Hold ROW until the transaction ends. Where actions take another lock first, so does this."""
        type(row)._base_manager.select_for_update(no_key=True).only("pk").get(pk=row.pk)

    def known_parameters(self) -> frozenset[str]:
        return asking.known_parameters(self)

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return self.rows().visible_to(self.request.user)

    def rows(self) -> QuerySet:
        """All rows with what this answer shows of them; the scope comes on top."""
        rows = self.queryset.all()
        return rows.for_list() if self.action == "list" else rows.for_detail()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Filters are a list's: one row is found by its number alone."""
        if self.action == "retrieve" or self.detail:
            return queryset
        rows = super().filter_queryset(queryset)
        if self.action == "list" and (names := self.wanted()):
            rows = asking.fetch_less(rows, self.get_serializer_class(), names, rows.query.order_by)
        return rows

    def get_serializer_class(self) -> type[BaseSerializer]:
        if self.action == "list" and self.list_serializer_class is not None:
            return self.list_serializer_class
        return super().get_serializer_class()

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer:
        serializer = super().get_serializer(*args, **kwargs)
        if names := self.wanted():
            asking.leave_out(serializer, names)
        return serializer

    def wanted(self) -> tuple[str, ...]:
        """The names that `fields` asks a list or a detail for; none: all."""
        if self.action not in {"list", "retrieve"} or asking.FIELDS not in self.request.query_params:
            return ()
        return asking.wanted(self.request, self.get_serializer_class())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if request.method == "GET" and answer.status_code == 200 and isinstance(answer, Response) and self.tagged:
            if names := self.wanted():
                answer.data = asking.only(answer.data, names)
            if "no-store" not in answer.headers.get("Cache-Control", ""):
                conditional.tagged(request, answer, self.fleeting)
        return answer
