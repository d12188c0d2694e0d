"""An admin list that is paged by key (gridgov.core.keyset): first, previous, next; counted to a thousand and no further."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from gridgov.core.keyset import Keyset

AFTER, BEFORE = "after", "before"
COUNTED = 1000


class KeysetList(ChangeList):
    """Django's list of rows with marks in place of page numbers. `own_params` of the admin are no filters either."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        # What forms and links of the page carry on.
        for name in self._own():
            self.params.pop(name, None)
            self.filter_params.pop(name, None)

    def _own(self) -> set[str]:
        return {AFTER, BEFORE, *self.model_admin.own_params}

    def get_filters_params(self, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in self._own()}

    def get_query_string(self, new_params: Mapping[str, Any] | None = None, remove: list[str] | None = None) -> str:
        """Whoever changes a filter begins at the first page."""
        return super().get_query_string({**dict.fromkeys(self._own()), **(new_params or {})}, remove)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[Any]:
        """The key's order and no other, whatever ?o= says."""
        return list(self.model_admin.get_ordering(request))

    def get_results(self, request: HttpRequest) -> None:
        size = self.list_per_page
        page = Keyset(self.queryset).page(size, after=request.GET.get(AFTER, ""), before=request.GET.get(BEFORE, ""))
        whole = not (page.before or page.after)
        count = len(page.rows) if whole else self.queryset.order_by().values("pk")[: COUNTED + 1].count()
        self.result_list = page.rows
        self.result_count = min(count, COUNTED)
        self.counted_all = count <= COUNTED
        self.full_result_count, self.show_full_result_count = self.result_count, False
        self.show_admin_actions = bool(page.rows)
        self.can_show_all = self.multi_page = False
        self.paginator = SimpleNamespace(template_name="admin/keyset.html", per_page=size, count=count)
        self.first_url = self.get_query_string() if page.before else ""
        self.previous_url = self.get_query_string({BEFORE: page.before}) if page.before else ""
        self.next_url = self.get_query_string({AFTER: page.after}) if page.after else ""
