"""The columns of the case list, as each person wants them."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.actions import choose_columns
from accounts.models import ListColumns
from cases.admin.saved import PAGE
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Refusal


class ColumnsAdmin(VerbAdmin):
    """A list of which everybody sees the own columns, in the order of the list."""

    # Without these a row could not be told from another.
    always: ClassVar[tuple[str, ...]] = ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.columns_view)
        return [path("columns/", view, name=self._name("columns")), *super().get_urls()]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        shown = self._shown(request)
        columns = super().get_list_display(request)
        return [name for name in columns if name in self.always or shown is None or name in shown]

    def columns(self, request: HttpRequest) -> list[dict[str, Any]]:
        """What can be shown and hidden, by name and words."""
        shown = self._shown(request)
        return [
            {
                "name": name,
                "words": getattr(type(self), name).short_description,
                "shown": shown is None or name in shown,
            }
            for name in self._free()
        ]

    def _free(self) -> list[str]:
        return [name for name in self.list_display if name not in self.always]

    def _shown(self, request: HttpRequest) -> set[str] | None:
        """One query a request; None: all of them."""
        if not hasattr(request, "shown_columns"):
            row = ListColumns.objects.filter(user=request.user, page=PAGE).first()
            request.shown_columns = set(row.shown) if row else None  # type: ignore[attr-defined]
        return request.shown_columns  # type: ignore[attr-defined, no-any-return]

    def columns_view(self, request: HttpRequest) -> HttpResponse:
        """Remember the columns of the form, or the usual ones; back to the list under the filters it had."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        free = self._free()
        shown = free if "usual" in request.POST else request.POST.getlist("column")
        try:
            choose_columns(page=PAGE, shown=shown, columns=free, by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        return HttpResponseRedirect(f"{self.url_of('changelist')}?{request.GET.urlencode()}")
