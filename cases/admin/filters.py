"""The filters of the case list."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.choices import CaseState, Hold
from cases.forms import behind_of
from cases.reports import cases_behind
from cases.reports.queues import BY_NAME, queues_of
from grids.choices import GridKind
from grids.models import Grid

HELD = frozenset(Hold.values) - {Hold.NONE}


class QueueFilter(SimpleListFilter):
    """What waits for me: the lists behind the numbers of the workbench."""

    title = _("what waits")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(queue.name, queue.label) for queue in queues_of(request.user)]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        queue = BY_NAME.get(self.value() or "")
        return rows.open().filter(queue.holds(request.user, timezone.now())) if queue else rows


class StateFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("all open ones")), *CaseState.choices]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if self.value() == "open":
            return rows.open()
        return rows.filter(state=self.value()) if self.value() in CaseState.values else rows


class HoldFilter(SimpleListFilter):
    """Cases that stand still: suspended, or parked with a review date."""

    title = _("stands still")
    parameter_name = "hold"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(value, label) for value, label in Hold.choices if value]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(hold=self.value()) if self.value() in HELD else rows


class BehindFilter(SimpleListFilter):
    """The cases behind a number of the figures (cases.forms.behind)."""

    title = _("behind a figure")
    parameter_name = "behind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        given = request.GET.get(self.parameter_name, "")
        return [(given, " ".join(part for part in given.split(".")[1:3]))] if given else []

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        if not self.value():
            return rows
        at = timezone.now()
        number = behind_of(str(self.value()), timezone.localdate(at))
        return rows.none() if number is None else cases_behind(rows, number, by=request.user, at=at)


class CommunityFilter(SimpleListFilter):
    title = _("community")
    parameter_name = "community"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        visible = Grid.objects.visible_to(request.user).filter(kind=GridKind.TOTAL, valid_to=None)
        return list(visible.order_by("code").values_list("code", "name"))

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        return rows.filter(total__code=self.value()) if self.value() else rows
