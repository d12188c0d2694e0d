"""The visit log at the desk: read, by diligence and community."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import FIELD_ROLES, Role
from fieldwork.admin import looks
from fieldwork.admin.filters import VisitedFilter
from fieldwork.models import Visit
from gridgov.core.admin_base import LinesAdmin
from grids.admin.filters import CommunityFilter


@admin.register(Visit)
class VisitAdmin(LinesAdmin):
    """Only to read: a visit is logged on the phone, by whoever made it."""

    viewers = FIELD_ROLES | {Role.STREET}
    by_key = True
    list_display = ("when", "kind", "place", "note", "where", "who", "became")
    list_filter = (VisitedFilter, "kind", CommunityFilter)
    empty = _("No visit is logged here. They are logged on the phone: My day in the grid, Log a visit.")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("time"))
    def when(self, row: Visit) -> str:
        return looks.moment(row.at)

    @display(description=_("grid"))
    def where(self, row: Visit) -> str:
        return looks.where(row)

    @display(description=_("worker"))
    def who(self, row: Visit) -> str:
        return looks.who(row)

    @display(description=_("case"))
    def became(self, row: Visit) -> str:
        if row.case is None:
            return "—"
        url = reverse("admin:cases_case_change", args=[row.case_id])
        return format_html('<a class="gg-no" href="{}">{}</a>', url, row.case.no)
