"""The page of figures: cards, a breakdown, live beside frozen; and the list of what is frozen."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from cases.actions import freeze_figures, note_report
from cases.admin.dashboard import dashboard_page
from cases.admin.figure_cards import GROUPS, cards_of, chosen, lines_of
from cases.admin.snapshots import snapshot_page
from cases.choices.figures import FIGURE_ROLES, Dimension, Period
from cases.forms import DashboardForm, FilterForm, MonthForm, month_address, narrowed
from cases.forms.figure_sheet import figure_sheet
from cases.models import FrozenFigures
from cases.reports import (
    Asked,
    Kind,
    Statistics,
    dashboard,
    last_day,
    month_pdf,
    month_sheet,
    monthly,
    shown_value,
    statistics,
)
from cases.rules import can_freeze
from gridgov.core.admin_base import HouseAdmin
from gridgov.core.errors import Refusal
from gridgov.core.sheet import download
from grids.choices import GridKind
from grids.models import Grid
from grids.queries import heavy, scope_of


@admin.register(FrozenFigures)
class FrozenFiguresAdmin(HouseAdmin):
    """What is frozen, and beside it the page of the living figures."""

    viewers = FIGURE_ROLES
    list_display = ("month_name", "grid_name", "on_time", "kept_in_grid", "at", "by")
    list_before_template = "cases/parts/figure_tabs.html"
    list_display_links = ("month_name",)
    sortable_by = ()
    empty = _("No figures are frozen yet. On the first of each month those of the last one are.")

    class Media:
        css: ClassVar = {"all": ["cases/figures.css"]}  # for the row of tabs above the list

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).for_list()

    def get_urls(self) -> list[URLPattern]:
        pages = {"live": ("cases_figures", self.figures_view), "dashboard": ("cases_dashboard", self.dashboard_view),
                 "month": ("cases_month", self.month_view)}  # fmt: skip
        own = [path(f"{at}/", self.admin_site.admin_view(view), name=name) for at, (name, view) in pages.items()]
        return [*own, *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """A frozen month as it was frozen, beside today's recount."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        row = self.get_queryset(request).filter(pk=object_id if object_id.isdecimal() else 0).first()
        if row is None:
            raise Http404
        at, month = timezone.now(), row.month
        asked = Asked(month, last_day(month), grid=row.grid.code, by=Dimension.GRID)
        found = statistics(asked=asked, by=request.user, at=at)
        live = f"{reverse('admin:cases_figures')}?{urlencode({'month': f'{month:%Y-%m}', 'grid': row.grid.code, 'by': 'grid'})}"
        context = {
            **self.admin_site.each_context(request), "title": str(row), "tabs": tabs("frozenfigures_changelist"),
            "at": at, "live": live, **snapshot_page(row, found),
        }  # fmt: skip
        return TemplateResponse(request, "cases/snapshot.html", context)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"tabs": tabs("frozenfigures_changelist"), **(extra_context or {})})

    def dashboard_view(self, request: HttpRequest) -> HttpResponse:
        """Charts of a period beside the one before, each with its numbers and these with their lists."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = timezone.now()
        today = timezone.localdate(at)
        form = DashboardForm(request.GET, today=today, by=request.user)
        if not form.is_valid():
            return self._page(request, "dashboard", form, {}, 400)
        asked = form.asked()
        grain = form.grain_for(asked)
        found = dashboard(asked=asked, by=request.user, at=at, today=today, grain=grain)
        if found is None:
            if asked.grid or asked.unit:
                raise Http404
            return self._page(request, "dashboard", form, {"nothing": True})
        periods = [
            (label, f"?{urlencode({**narrowed(asked), 'period': name})}", name == request.GET.get("period"))
            for name, label in Period.choices
        ]
        return self._page(request, "dashboard", form, {**dashboard_page(found), "asked": asked, "periods": periods})

    def month_view(self, request: HttpRequest) -> HttpResponse:
        """The report of a month as a file. Taking it out is an act, noted before it is made: hence a POST."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = timezone.now()
        today, posted = timezone.localdate(at), request.method == "POST"
        form = MonthForm(request.POST if posted else request.GET, today=today, by=request.user)
        if not form.is_valid():
            return self._page(request, "month", form, {}, 400)
        asked = form.asked()
        grid = asked.grid or getattr(_only_street(request.user), "code", "")
        if not posted or not grid:
            return self._page(request, "month", form, {"no_grid": posted}, 400 if posted else 200)
        found = monthly(grid=grid, month=asked.first, by=request.user, at=at, today=today)
        if found is None:
            raise Http404
        ending = "xlsx" if request.POST.get("format") == "xlsx" else "pdf"
        note_report(grid=found.grid, month=found.month, ending=ending, by=request.user, at=at)
        content = month_sheet(found) if ending == "xlsx" else month_pdf(found)
        return download(content, f"report-{found.month:%Y%m}-{found.grid.code}", ending)

    def figures_view(self, request: HttpRequest) -> HttpResponse:
        """Figures of a month or of some days; POST freezes the month that is shown."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = timezone.now()
        form = FilterForm(request.GET, today=timezone.localdate(at), by=request.user)
        if not form.is_valid():
            return self._page(request, "figures", form, {}, 400)
        asked = form.asked()
        found = statistics(asked=asked, by=request.user, at=at)
        if found is None:
            if asked.grid or asked.unit:
                raise Http404
            return self._page(request, "figures", form, {"nothing": True})
        if request.GET.get("format") in {"csv", "xlsx"}:
            return _sheet(found, request.GET["format"])
        grid = found.grid or _only_street(request.user)
        if request.method == "POST":
            return self._freeze(request, grid, asked, at)
        return self._page(request, "figures", form, self._context(request, found, grid, at))

    def _freeze(self, request: HttpRequest, grid: Grid | None, asked: Asked, at: dt.datetime) -> HttpResponse:
        if grid is None or not _is_month(asked):
            raise Http404
        try:
            freeze_figures(grid=grid, month=asked.first, by=request.user, at=at)
            messages.success(request, _t("The figures of this month are frozen."))
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        return HttpResponseRedirect(request.get_full_path())

    def _context(self, request: HttpRequest, found: Statistics, grid: Grid | None, at: dt.datetime) -> dict[str, Any]:
        asked, page = found.asked, reverse("admin:cases_figures")
        # Frozen figures are of a grid's whole month; beside a part of them they would mislead.
        whole = _is_month(asked) and not (asked.unit or asked.category or asked.channel or asked.tier)
        frozen = FrozenFigures.objects.visible_to(request.user).for_list() if grid and whole else None
        row = frozen.filter(grid=grid, month=asked.first).first() if frozen is not None else None
        cards = cards_of(found, row)
        return {
            "found": found, "asked": asked, "frozen": row, "lines": lines_of(found),
            "groups": [(title, [cards[name] for name in names]) for title, names in GROUPS],
            "columns": [figure.definition for figure in chosen(found.figures)],
            "going_on": asked.first <= timezone.localdate(at) <= asked.last,
            "month": asked.first if _is_month(asked) else None,
            "earlier": month_address(asked, page, -1), "later": month_address(asked, page, 1),
            "may_freeze": bool(whole and grid and row is None and can_freeze(request.user, grid, asked.first, at)),
            "sheet": urlencode(_address(asked)),
        }  # fmt: skip

    def _page(
        self, request: HttpRequest, page: str, form: Any, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        base, here = self.admin_site.each_context(request), reverse(f"admin:cases_{page}")
        title = _("Statistics") if page == "dashboard" else dict(_TABS)[page]
        more = {"title": title, "form": form, "page": here, "tabs": tabs(page)}
        return TemplateResponse(request, f"cases/{page}.html", {**base, **more, **context}, status=status)

    @display(description=_("month"))
    def month_name(self, row: FrozenFigures) -> str:
        return f"{row.month:%Y-%m}"

    @display(description=_("on-time rate"))
    def on_time(self, row: FrozenFigures) -> str:
        return _kept_rate(row, "on_time_rate")

    @display(description=_("rate kept in the grid"))
    def kept_in_grid(self, row: FrozenFigures) -> str:
        return _kept_rate(row, "grid_solved_rate")

    @display(description=_("grid"))
    def grid_name(self, row: FrozenFigures) -> str:
        return row.grid.name


def _kept_rate(row: FrozenFigures, name: str) -> str:
    kept = row.figures.get("figures", {}).get(name)
    if kept is None or kept["value"] is None:
        return "—"
    return f"{shown_value(Kind.RATE, Decimal(kept['value']))} ({kept['numerator']} / {kept['denominator']})"


_TABS = (
    ("dashboard", _("Charts")), ("figures", _("All figures")), ("month", _("Monthly report")),
    ("frozenfigures_changelist", _("Snapshots")),
)  # fmt: skip


def tabs(here: str) -> list[dict[str, Any]]:
    """The pages of figures, for the row of tabs on each of them."""
    return [{"title": title, "url": reverse(f"admin:cases_{name}"), "here": name == here} for name, title in _TABS]


def _is_month(asked: Asked) -> bool:
    return asked.first.day == 1 and asked.last == last_day(asked.first)


def _only_street(user: Any) -> Grid | None:
    """The street that USER is at, where it is one: of it the figures are without being asked for."""
    streets = scope_of(user).grids.get(GridKind.STREET, [])
    return Grid.objects.defer(*heavy("")).get(pk=streets[0]) if len(streets) == 1 else None


def _address(asked: Asked) -> dict[str, str]:
    return narrowed(asked) | {"from": asked.first.isoformat(), "to": asked.last.isoformat()}


def _sheet(found: Statistics, ending: str) -> HttpResponse:
    name = f"figures-{found.asked.first:%Y%m%d}-{found.asked.last:%Y%m%d}"
    return download(figure_sheet(found, ending), name, ending)
