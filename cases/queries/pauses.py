"""Which cases stand still, and the ledger of parked ones 挂账台账."""

from typing import Any, Self

from django.apps import apps
from django.db.models import Prefetch

from cases.choices import Hold
from cases.queries.of_case import OfCase


class PauseQuerySet(OfCase):
    def for_list(self) -> Self:
        """With the open special team of the case: two queries for any number."""
        teams: Any = apps.get_model("cases", "Team")._default_manager.open().select_related("lead").order_by()
        rows = super().for_list().select_related("by")
        return rows.prefetch_related(Prefetch("case__teams", teams, to_attr="open_teams"))

    def parked(self) -> Self:
        """Parked now, the review that is due first in front."""
        return self.filter(kind=Hold.PARKED, ended_at=None).order_by("until", "id")
