"""Filters of the lists: a day or a few, and a grid with what lies below it."""

import datetime as dt
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldwork.reports import bounds
from gridgov.core.admin_base import ChoiceFilter

DAYS = (("1", _("today")), ("2", _("since yesterday")), ("7", _("seven days")), ("30", _("thirty days")))


class SinceFilter(ChoiceFilter):
    """The last days, by the moment `column`."""

    title = _("when")
    parameter_name = "days"
    column: ClassVar[str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DAYS)

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        days = self.chosen()
        if days is None:
            return rows
        first = timezone.localdate() - dt.timedelta(days=int(days) - 1)
        return rows.filter(**{f"{self.column}__gte": bounds(first)[0]})


class StartedFilter(SinceFilter):
    column = "started_at"


class VisitedFilter(SinceFilter):
    column = "at"
