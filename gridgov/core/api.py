"""The base of every API resource: scope applied once, to list and detail alike."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, viewsets
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView


class FilterBackend(DjangoFilterBackend):
    """Builds the filter's form only where something is asked for: a plain list would pay a quarter of its cost for it."""

    PAGING = frozenset({"cursor", "page_size", "ordering"})

    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> QuerySet:
        asked = request.query_params.keys() - self.PAGING
        return super().filter_queryset(request, queryset, view) if asked else queryset


class ScopedViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Reads what `visible_to(request.user)` shows; everything else does not exist (404).

    Changes of meaning are POST verbs that call one action each; a subclass sets `queryset`, `serializer_class`
    (and `list_serializer_class` where a list shows less), `filterset_class` or `filterset_fields`, `ordering_fields`.
    """

    filter_backends: ClassVar[Any] = (FilterBackend, OrderingFilter)
    ordering_fields: ClassVar[Any] = ()
    list_serializer_class: ClassVar[type[BaseSerializer] | None] = None
    lookup_value_regex = r"\d+"

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        rows = self.queryset.all().visible_to(self.request.user)
        return rows.for_list() if self.action == "list" else rows.for_detail()

    def get_serializer_class(self) -> type[BaseSerializer]:
        if self.action == "list" and self.list_serializer_class is not None:
            return self.list_serializer_class
        return super().get_serializer_class()
