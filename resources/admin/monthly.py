"""Monthly services at the desk: what is on this month, day by day, and all that stand as a list."""

import datetime as dt
from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Invalid
from grids.admin.filters import CommunityFilter
from grids.admin.ground import address
from grids.choices import GridKind
from grids.models import Grid
from resources import actions, rules
from resources.admin import looks
from resources.choices import READERS
from resources.forms.month import first_of
from resources.models import Service
from resources.reports.month import month_of

PAGE = "admin:resources_service_month"
MOST_COMMUNITIES = 100


class OfResources(CommunityFilter):
    path = "resource__grid"


@admin.register(Service)
class ServiceAdmin(VerbAdmin):
    """They are added on the page of their resource."""

    viewers = READERS
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("end", _("End the service"), lambda row, **given: actions.end_service(service=row, **given), may=rules.can_end_service,
             done=_("Today is its last day."), icon="event_busy", danger=True),
    )  # fmt: skip
    by_key = True
    list_display = ("what", "days", "of", "where", "standing")
    list_display_links = ("what",)
    list_filter = ("weekday", OfResources)
    search_fields = ("what", "resource__name")
    actions = None
    actions_list: ClassVar = ["month"]
    sortable_by = ()
    ordering = ("-id",)
    empty = _("No monthly service yet. They are added on the page of a resource.")
    fields = ("what", "days", "of", "where", "standing")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("when"))
    def days(self, row: Service) -> str:
        return looks.when(row)

    @display(description=_("resource"))
    def of(self, row: Service) -> SafeString:
        url = reverse("admin:resources_resource_change", args=[row.resource_id])
        return format_html('<a class="gg-link" href="{}">{}</a>', url, row.resource)

    @display(description=_("grid"))
    def where(self, row: Service) -> SafeString:
        return looks.two(row.resource.grid.name, row.resource.place or row.resource.grid.code)

    @display(description=_("valid"))
    def standing(self, row: Service) -> str:
        return f"{row.since:%Y-%m-%d} – {row.ended_on:%Y-%m-%d}" if row.ended_on else f"{row.since:%Y-%m-%d} –"

    @action(description=_("What is on this month"), url_path="month", permissions=["view"], icon="calendar_month")
    def month(self, request: HttpRequest) -> HttpResponse:
        """?month=2026-11, and the community ?at=…; this month where the address names none."""
        today = timezone.localdate()
        try:
            first = first_of(request.GET.get("month", ""), today)
        except Invalid as refusal:
            return self._month(request, today.replace(day=1), refused=str(refusal), status=refusal.status)
        return self._month(request, first)

    def _month(self, request: HttpRequest, first: dt.date, refused: str = "", status: int = 200) -> HttpResponse:
        communities = Grid.objects.visible_to(request.user).filter(kind=GridKind.TOTAL).order_by("code")
        choices = list(communities.values_list("code", "name")[:MOST_COMMUNITIES])
        at = request.GET.get("at", "")
        rows = Service.objects.visible_to(request.user)
        if at:
            rows = rows.filter(resource__grid__in=_below(at) if at in dict(choices) else [])
        days = month_of(rows, first)
        last_month, next_month = first - dt.timedelta(days=1), first + dt.timedelta(days=31)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("What is on this month"),
            "first": first, "today": timezone.localdate(), "days": days, "communities": choices, "at": at,
            "count": sum(len(day.services) for day in days), "refused": refused,
            "before": address(PAGE, month=f"{last_month:%Y-%m}", at=at),
            "after": address(PAGE, month=f"{next_month:%Y-%m}", at=at),
        }  # fmt: skip
        return render(request, "resources/month.html", context, status=status)


def _below(code: str) -> QuerySet:
    return Grid.objects.under(Grid.objects.only("tree_id", "lft", "rght").get(code=code)).order_by().values("pk")
