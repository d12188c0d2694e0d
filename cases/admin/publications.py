"""What everybody can read, as a list at the desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import LEADS, Role
from cases.models import Publication
from gridgov.core.admin_base import HouseAdmin


@admin.register(Publication)
class PublicationAdmin(HouseAdmin):
    """The rows lead to their cases, where they are published and taken back."""

    viewers = LEADS | {Role.STREET}
    list_display = ("title", "case_no", "grid_name", "closed_at", "by", "at", "withdrawn_at", "public_page")
    search_fields = ("title", "case__no")
    actions = None
    by_key = True
    ordering = ("-closed_at", "-id")
    empty = _("No result is published yet. It is done on the page of a closed case of a public category.")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return HttpResponseRedirect(reverse("admin:cases_case_change", args=[found.case_id]))

    @display(description=_("number"))
    def case_no(self, row: Publication) -> str:
        return row.case.no

    @display(description=_("grid"))
    def grid_name(self, row: Publication) -> str:
        return row.case.grid.name

    @display(description=_("public page"))
    def public_page(self, row: Publication) -> str:
        if row.withdrawn_at is not None:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("result", args=[row.case.no]), _("See it"))
