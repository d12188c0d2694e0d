"""Which deadlines run."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from gridgov.core.questions import Span


class DeadlineQuerySet(QuerySet):
    def with_ledger(self) -> Self:
        """Adds `ledger_rows` as JSON, oldest first, without a query of their own (cases.reports.explain)."""
        rows = apps.get_model("cases", "LedgerEntry")._default_manager.filter(deadline=OuterRef("pk")).order_by("pk")
        row = JSONObject(
            at="at", entry="entry", by="by__full_name", account="by__username", moved_seconds="moved_seconds",
            reason="reason", data="data",
        )  # fmt: skip
        return self.annotate(ledger_rows=ArraySubquery(rows.values(row=row)))

    def running(self) -> Self:
        return self.filter(met_at=None, dropped_at=None)

    def provisional(self) -> Self:
        """Running ones that rest on days of which the calendar knows nothing."""
        return self.running().filter(provisional=True)

    def resting_on(self, spans: Iterable[Span]) -> Self:
        """Provisional ones that days in SPANS may move. Those due before a span begins are past its days already."""
        touched = Q(pk__in=[])
        for span in spans:
            begin = dt.datetime.combine(span.first, dt.time(), dt.UTC) - dt.timedelta(days=1)
            touched |= Q(due_at__gte=begin, case__grid__code__startswith=span.scope)
        return self.provisional().filter(touched)
