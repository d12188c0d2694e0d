"""The work calendar: the plain list of its rows, and the addresses of its other pages (admin.year, admin.day_lists)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from gridgov.core import actions, rules
from gridgov.core.admin import day_lists, year
from gridgov.core.admin.day_forms import DayForm
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.calendar import loaded_until, runs_out, windows_text
from gridgov.core.models import CalendarDay, DayKind
from gridgov.core.verbs import Verb

KEEPERS = frozenset({"system_admin", "street"})


class NamedFilter(admin.SimpleListFilter):
    title = _("holidays")
    parameter_name = "named"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("holidays and make-up days only"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.exclude(name="") if self.value() else rows


class MonthFilter(ChoiceFilter):
    title = _("month")
    parameter_name = "month"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(month), _t("month %(month)s") % {"month": month}) for month in range(1, 13)]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        month = self.chosen()
        return rows.filter(date__month=month) if month else rows


class YearFilter(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = CalendarDay.objects.dates("date", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        """A year without rows is none of the choices, but its page leads here."""
        number = year.year_in(self.value() or "")
        return rows.filter(date__year=number) if number else rows


class PlaceFilter(admin.SimpleListFilter):
    """The nation's days, or a place's own."""

    title = _("holds for")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(year.NATION, _("everywhere")), ("local", _("districts and streets"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if self.value() == year.NATION:
            return rows.filter(scope="")
        return rows.exclude(scope="") if self.value() else rows


def calendar_runs_out(until: dt.date | None, today: dt.date) -> dict[str, Any] | None:
    """What to warn of when the nation's calendar, known up to UNTIL, runs out or is empty; None while all is well."""
    if until is None:
        return {"until": None, "left": 0, "year": today.year}
    if not runs_out(until, today):
        return None
    return {"until": until, "left": max((until - today).days, 0), "year": until.year + 1}


@admin.register(CalendarDay)
class CalendarDayAdmin(VerbAdmin):
    """Which days work. A changed day makes provisional deadlines be worked out again."""

    viewers = KEEPERS
    form = DayForm
    list_display = ("date", "weekday", "counts", "name", "hours", "where", "source")
    list_filter = (YearFilter, MonthFilter, NamedFilter, PlaceFilter, "kind")
    search_fields = ("name",)
    search_help_text = _("Name of a holiday")
    ordering = ("-date", "scope")
    list_before_template = "admin/calendar_list_top.html"
    empty = _("No day is loaded. Until then Monday to Friday count, and deadlines are provisional.")
    verbs = (
        Verb(
            "drop", _("Take the local day back"), lambda row, **by: actions.drop_day(day=row, **by),
            may=lambda by, row: rules.can_drop_day(by, row.scope), icon="undo", danger=True,
            done=_("The wider place's day counts again."),
        ),
    )  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, Callable[..., HttpResponse]] = {
            "year": year.show_year,
            "day": year.one_day,
            "load-year": day_lists.load_year,
            "import": day_lists.take_in,
            "export": day_lists.write_out,
        }
        return [
            path(f"{page}/", self._page_view(view), name=self._name(page.replace("-", "_")))
            for page, view in pages.items()
        ] + super().get_urls()

    def _page_view(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """VIEW behind the door, for those who see the calendar."""

        def guarded(request: HttpRequest) -> HttpResponse:
            return view(request, self) if self.has_view_permission(request) else HttpResponse(status=403)

        return self.admin_site.admin_view(guarded)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and bool(rules.can_keep_any_day(request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return self.has_view_permission(request) and bool(rules.can_keep_days(request.user, obj.scope))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("date", "scope") if obj else ()

    def act(self, request: HttpRequest, row: Any, form: Any, *, change: bool) -> CalendarDay:
        return actions.change_day(
            date=row.date,
            kind=row.kind,
            windows=row.windows,
            name=row.name,
            scope=row.scope,
            by=request.user,
            at=timezone.now(),
        )

    def after_verb(self, request: HttpRequest, verb: Verb, row: Any) -> str:
        """The day is gone: back to its year."""
        return year.address(year=row.date.year, scope=row.scope, day=row.date)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**self.top(request), **(extra_context or {})})

    def top(self, request: HttpRequest) -> dict[str, Any]:
        """What stands above each page of the calendar: up to where it is known, and what this person may do about it."""
        today = timezone.localdate()
        until = loaded_until(today)
        return {
            "calendar": calendar_runs_out(until, today),
            "until": until,
            "can_load": bool(rules.can_keep_days(request.user, "")),
            "can_import": self.has_add_permission(request),
        }

    def page_context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, **self.top(request), **more}

    @property
    def list_url(self) -> str:
        return reverse("admin:core_calendarday_changelist")

    @display(description=_("weekday"))
    def weekday(self, row: CalendarDay) -> str:
        return str(WEEKDAYS[row.date.weekday()])

    @display(description=_("counts as"))
    def counts(self, row: CalendarDay) -> str:
        return format_html('<span class="gg-chip gg-{}">{}</span>', row.kind, DayKind(row.kind).label)

    @display(description=_("hours of work"))
    def hours(self, row: CalendarDay) -> str:
        return windows_text(row.windows) or "—"

    @display(description=_("holds for"))
    def where(self, row: CalendarDay) -> str:
        return row.scope or _t("everywhere")
