"""Keyset paging: page 1000 costs what page 1 costs, and nothing counts a whole list to show a page of it."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from gridgov.core.errors import Invalid


class KeysetPagination(CursorPagination):
    """Pages by the ordering's key; `next` and `previous` are opaque addresses."""

    ordering = ("-pk",)
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    invalid_cursor_message: Any = _("This page address is not valid (any more). Begin again at the first page.")

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("page_size")
        if text is None:
            return self.page_size
        size = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
        if not 1 <= size <= self.max_page_size:
            told = _("A page has 1 to %(most)s rows.") % {"most": self.max_page_size}
            raise Invalid(told, code="bad_page_size", field="page_size")
        return size

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
            {"name": "page_size", "in": "query", "schema": size},
        ]


class BoundedPaginator(Paginator):
    """For the admin's numbered pages: counts to LIMIT and no further, so that its cost has an end."""

    LIMIT = 5000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by().values("pk")[: self.LIMIT].count()
