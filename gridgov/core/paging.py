"""Keyset paging: page 1000 costs what page 1 costs, and nothing counts a whole list to show a page of it."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Pages by the ordering's key; `next` and `previous` are opaque addresses."""

    ordering = ("-pk",)
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    invalid_cursor_message: Any = _("This page address is not valid (any more). Begin again at the first page.")


class BoundedPaginator(Paginator):
    """For the admin's numbered pages: counts to LIMIT and no further, so that its cost has an end."""

    LIMIT = 5000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by().values("pk")[: self.LIMIT].count()
