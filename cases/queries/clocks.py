"""Which deadlines run."""

from typing import Self

from django.db.models import QuerySet


class DeadlineQuerySet(QuerySet):
    def running(self) -> Self:
        return self.filter(met_at=None, dropped_at=None)

    def provisional(self) -> Self:
        """Running ones that rest on days of which the calendar knows nothing."""
        return self.running().filter(provisional=True)
