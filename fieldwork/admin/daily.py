"""Daily reports at the desk: who has given today's, grid by grid, and which are missing; and the reports as a list."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.actions import ask_download
from accounts.choices import FIELD_ROLES, Role
from fieldwork.admin import looks
from fieldwork.admin.sheet import KIND
from fieldwork.choices import OVERSEERS, DailyState
from fieldwork.models import DailyReport
from fieldwork.reports import DailyLine, daily_lines
from gridgov.core.admin_base import LinesAdmin
from gridgov.core.errors import Refusal
from grids.admin.filters import CommunityFilter
from grids.admin.ground import Ground, address, ground_of, grounds_beside

PAGE = "admin:fieldwork_dailyreport_of_a_day"


@admin.register(DailyReport)
class DailyReportAdmin(LinesAdmin):
    """Only to read: a report is given on the phone, by whoever's day it was."""

    viewers = FIELD_ROLES | {Role.STREET}
    by_key = True
    list_display = ("day", "stands", "note", "where", "who", "given")
    list_filter = ("kind", CommunityFilter)
    empty = _("No daily report yet. They are given on the phone: My day in the grid, Daily report.")
    actions_list: ClassVar = ["of_a_day"]
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    @display(description=_("kind of report"))
    def stands(self, row: DailyReport) -> str:
        return looks.state_chip(DailyState(row.kind))

    @display(description=_("grid"))
    def where(self, row: DailyReport) -> str:
        return looks.where(row)

    @display(description=_("worker"))
    def who(self, row: DailyReport) -> str:
        return looks.who(row)

    @display(description=_("given"))
    def given(self, row: DailyReport) -> str:
        return looks.moment(row.given_at)

    # --- a day

    def has_oversight_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, OVERSEERS)

    @action(description=_("By grid"), url_path="day", permissions=["oversight"], icon="today")
    def of_a_day(self, request: HttpRequest) -> HttpResponse:
        """?at= a grid's code, ?on= a day, ?state= one of DailyState. Sent as a form it answers the same as a file."""
        if not self.has_oversight_permission(request):
            raise PermissionDenied
        ground = ground_of(request.user, request.GET.get("at", ""))
        if ground is None:
            return self._page(request, {"nothing": True})
        today = timezone.localdate()
        day = min(_day(request.GET.get("on", "")) or today, today)
        state = request.GET.get("state", "")
        state = state if state in DailyState.values else ""
        if request.method == "POST":
            return self._file(request, ground.shown.code, day, state)
        lines = daily_lines(ground.shown, day, timezone.now())
        return self._page(request, _context(request, ground, day, state, lines) | {"today": today})

    def _page(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        base = {**self.admin_site.each_context(request), "opts": self.opts, "title": _t("Daily reports")}
        return render(request, "fieldwork/daily.html", {**base, **context})

    def _file(self, request: HttpRequest, code: str, day: dt.date, state: str) -> HttpResponse:
        ending = "csv" if request.POST.get("format") == "csv" else "xlsx"
        asked = {"at": code, "on": day.isoformat(), "state": state, "language": get_language()}
        try:
            made = ask_download(kind=KIND, ending=ending, asked=asked, by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(reverse("admin:accounts_download_file", args=[made.pk]))


def _day(text: str) -> dt.date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _context(request: HttpRequest, ground: Ground, day: dt.date, state: str, lines: list[DailyLine]) -> dict[str, Any]:
    code, on = ground.shown.code, day.isoformat()
    found = [line for line in lines if not state or line.state == state]
    choices = [("", _t("everybody"), len(lines))]
    choices += [(one.value, str(one.label), sum(line.state == one for line in lines)) for one in DailyState]
    communities: dict[tuple[str, str], list[tuple[DailyLine, str]]] = {}
    for line in found:
        communities.setdefault(line.community, []).append((line, looks.state_chip(line.state)))
    return {
        "ground": ground, "grounds": grounds_beside(request.user, ground, PAGE), "day": day, "state": state,
        "communities": [(name or code, rows) for (code, name), rows in communities.items()],
        "tabs": [
            {"label": label, "count": count, "url": address(PAGE, at=code, on=on, state=value), "current": value == state}
            for value, label, count in choices
            if count or not value or value == state
        ],
        "before": address(PAGE, at=code, on=(day - dt.timedelta(days=1)).isoformat(), state=state),
        "after": address(PAGE, at=code, on=(day + dt.timedelta(days=1)).isoformat(), state=state),
        "here": request.get_full_path(), "up": address(PAGE, on=on) if ground.shown.pk != ground.top.pk else "",
    }  # fmt: skip
