"""Filters of the case list that the one map leads to; the list behind each of its numbers."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms import MapForm
from cases.queries import was_late
from gridgov.core.admin_base import LinkedFilter
from grids.models import Grid


class GridFilter(LinkedFilter):
    """Cases of one grid, by its code, and of all below it."""

    title = _("grid")
    parameter_name = "grid"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        code = request.GET.get(self.parameter_name, "")
        seen = Grid.objects.visible_to(request.user).filter(code=code) if code else Grid.objects.none()
        return list(seen.values_list("code", "name"))

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.in_grid(self.value()) if self.value() else rows


class StoodFilter(LinkedFilter):
    """Cases that were open or overdue as an earlier day ended, open.2026-11-01; or were reported in so many days up to it,
    reported.2026-11-01.7."""

    title = _("on the map")
    parameter_name = "stood"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        value = request.GET.get(self.parameter_name, "")
        how, day, span = _parts(value)
        words = {
            "open": _("open on %(day)s"), "late": _("overdue on %(day)s"),
            "reported": _("reported in %(span)s days up to %(day)s"),
        }  # fmt: skip
        return [(value, words[how] % {"day": day, "span": span})] if how in words else []

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if not self.value():
            return rows
        how, day, span = _parts(str(self.value()))
        form = MapForm({"day": day, "span": span}, now=timezone.now())
        if how not in {"open", "late", "reported"} or not (day and form.is_valid()):
            return rows.none()
        moment = form.moment()
        if how == "reported":
            return moment.reported_of(rows)
        found = rows.open_at(moment.at)
        return found.filter(was_late(moment.at)) if how == "late" else found


def _parts(value: str) -> tuple[str, str, str]:
    how, day, span = (*value.split("."), "", "", "")[:3]
    return how, day, span
