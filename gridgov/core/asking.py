"""What may stand behind the question mark of an API address: names that are known there, and nothing else.

A misspelt filter that is ignored answers with everything; so an unknown name is refused, with those that are known.
"""

from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, ListSerializer
from rest_framework.views import APIView

from gridgov.core.errors import Invalid

FIELDS = "fields"
PAGING = frozenset({"cursor", "page_size", "ordering"})


class Filters(DjangoFilterBackend):
    """Builds the filter's form only where something is asked for: a plain list would pay a quarter of its cost for it."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> QuerySet:
        asked = request.query_params.keys() - PAGING - {FIELDS}
        return super().filter_queryset(request, queryset, view) if asked else queryset

    def get_filterset(self, request: Request, queryset: QuerySet, view: APIView) -> Any:
        """A filter by a row knows the rows that one sees and those that the list speaks of. Any other is refused like a number
        that nothing has, or the answer would tell which numbers there are elsewhere."""
        found: Any = super().get_filterset(request, queryset, view)
        for one in found.filters.values() if found is not None else ():
            rows = one.extra.get("queryset")
            if rows is not None and hasattr(rows, "visible_to"):
                spoken_of = Q(pk__in=queryset.order_by().values(one.field_name))
                one.queryset = rows.filter(Q(pk__in=rows.visible_to(request.user).order_by().values("pk")) | spoken_of)
        return found


class Ordering(OrderingFilter):
    """`ordering` takes the names that a list allows, each with a `-` before it for the other way."""

    def remove_invalid_fields(
        self, queryset: QuerySet, fields: list[str], view: APIView, request: Request
    ) -> list[str]:
        known = [name for name, _label in self.get_valid_fields(queryset, view, {"request": request})]
        refuse_unknown([field.removeprefix("-") for field in fields], known, code="unknown_ordering", where="ordering")
        return fields

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        ways = [way + name for name in view.ordering_fields for way in ("", "-")]
        return [{"name": "ordering", "in": "query", "schema": {"type": "string", "enum": ways}}] if ways else []


def refuse_unknown(given: Any, known: Any, *, code: str, where: str | None = None) -> None:
    """Raise Invalid CODE at WHERE (the first unknown name without) where GIVEN names something that isn't KNOWN."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        names = {"unknown": ", ".join(unknown)[:100], "known": ", ".join(sorted(known)) or "–"}
        raise Invalid(
            _("Not known here: %(unknown)s. Known are: %(known)s") % names, code=code, field=where or unknown[0][:40]
        )


@cache
def names_of(shape: type[BaseSerializer]) -> tuple[str, ...]:
    """The names that SHAPE shows."""
    found: Any = shape()
    return tuple(getattr(found, "fields", ()))


def known_parameters(view: Any) -> frozenset[str]:
    """Names that the action of a viewset takes: its own, and for a list those of its pages, order and filter."""
    key = (type(view), view.action, view.request.method)
    if key not in _known:
        own = (
            {FIELDS, *view.query_params}
            if view.action in {"list", "retrieve"} and view.tagged
            else {*view.query_params}
        )
        listing = view.request.method in {"GET", "HEAD"} and not view.detail and view.action != "retrieve"
        _known[key] = frozenset(own | _of_list(view) if listing else own)
    return _known[key]


_known: dict[tuple[Any, ...], frozenset[str]] = {}


def _of_list(view: Any) -> set[str]:
    known = {"cursor", "page_size"} if view.pagination_class else set()
    if not view.filter_backends:
        return known
    if view.ordering_fields:
        known.add("ordering")
    filters = Filters().get_filterset_class(view, view.queryset)
    return known | set(filters.base_filters) if filters else known


def wanted(request: Request, shape: type[BaseSerializer]) -> tuple[str, ...]:
    """The names of SHAPE that `fields` asks for, in SHAPE's order; none where it does not stand there."""
    text = request.query_params.get(FIELDS)
    if text is None:
        return ()
    given, known = {name.strip() for name in text.split(",")}, names_of(shape)
    refuse_unknown(given, known, code="unknown_field", where=FIELDS)
    return tuple(name for name in known if name in given)


def only(data: Any, names: tuple[str, ...]) -> Any:
    """An answer's DATA (a row, rows, a page of rows) with NAMES alone."""
    if isinstance(data, list):
        return [only(row, names) for row in data]
    if "results" in data and "results" not in names:
        return {**data, "results": only(data["results"], names)}
    return {name: data[name] for name in names if name in data}


def leave_out(serializer: BaseSerializer, names: tuple[str, ...]) -> None:
    """Let SERIALIZER work out NAMES alone."""
    shape: Any = serializer.child if isinstance(serializer, ListSerializer) else serializer
    for name in set(getattr(shape, "fields", ())) - set(names):
        shape.fields.pop(name)


def fetch_less(rows: QuerySet, shape: type[BaseSerializer], names: tuple[str, ...], ordering: Any) -> QuerySet:
    """ROWS with the columns of NAMES alone, where each is a plain column; as they are otherwise."""
    fields: Any = getattr(shape(), "fields", {})
    try:
        columns = {rows.model._meta.get_field(str(fields[name].source)) for name in names}
    except FieldDoesNotExist:
        return rows
    if not all(column.concrete and not column.is_relation for column in columns) or rows.query.values_select:
        return rows
    kept = {column.name for column in columns} | {str(name).lstrip("-") for name in ordering or ()}
    return rows.select_related(None).prefetch_related(None).defer(None).only(*kept)
