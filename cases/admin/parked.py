"""The ledger of parked cases 挂账台账: every hard case that waits, with its plan and the day on which it is looked at."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.choices import CASE_ROLES
from cases.models import Pause
from gridgov.core.admin_base import LinesAdmin


class ReviewFilter(SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("late", _("overdue")), ("week", _("within a week"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        now = timezone.now()
        if self.value() == "late":
            return rows.filter(until__lt=now)
        return rows.filter(until__range=(now, now + dt.timedelta(days=7))) if self.value() == "week" else rows


@admin.register(Pause)
class ParkedAdmin(LinesAdmin):
    """Only to read: a case is parked, reviewed and resumed by its verbs on its own page."""

    viewers = CASE_ROLES
    list_display = ("number", "headline", "review", "days", "cause_now", "plan_now", "team", "where", "reviewed")
    list_filter = (ReviewFilter, "cause")
    empty = _("No case in your scope is parked.")
    list_per_page = 50
    ordering = ("until", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).parked().for_list()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": _("Parked cases"), **(extra_context or {})})

    @display(description=_("number"))
    def number(self, row: Pause) -> str:
        url = reverse("admin:cases_case_change", args=[row.case_id])
        return format_html('<a class="gg-no" href="{}">{}</a>', url, row.case.no)

    @display(description=_("title"))
    def headline(self, row: Pause) -> str:
        url = reverse("admin:cases_case_change", args=[row.case_id])
        return format_html('<a class="gg-headline" href="{}">{}</a>', url, row.case.title)

    @display(description=_("review day"))
    def review(self, row: Pause) -> str:
        day = f"{timezone.localtime(row.until):%Y-%m-%d}"
        if row.until >= timezone.now():
            return format_html('<span class="gg-nowrap">{}</span>', day)
        return format_html(
            '<span class="gg-nowrap">{}</span> <span class="gg-chip gg-light-late">{}</span>', day, _t("review overdue")
        )

    @display(description=_("days parked"))
    def days(self, row: Pause) -> int:
        return (timezone.localdate() - timezone.localdate(row.started_at)).days

    @display(description=_("why it waits"))
    def cause_now(self, row: Pause) -> str:
        return row.get_cause_display()

    @display(description=_("plan"))
    def plan_now(self, row: Pause) -> str:
        return format_html('<span title="{}">{}</span>', row.plan, Truncator(row.plan).chars(60)) if row.plan else "—"

    @display(description=_("special team"))
    def team(self, row: Pause) -> str:
        teams = row.case.open_teams
        return str(teams[0].lead) if teams else "—"

    @display(description=_("community / grid"))
    def where(self, row: Pause) -> str:
        community = row.case.total.name if row.case.total else "—"
        return format_html(
            '<span class="gg-two"><span>{}</span><small>{}</small></span>', community, row.case.grid.name
        )

    @display(description=_("times reviewed"))
    def reviewed(self, row: Pause) -> int:
        return row.reviews
