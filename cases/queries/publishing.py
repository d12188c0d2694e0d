"""Which results everybody may read."""

import datetime as dt
from typing import Self

from django.apps import apps
from django.db.models import F

from cases.choices import CaseState
from cases.queries.cases import LEVEL_COLUMN
from cases.queries.of_case import OfCase
from grids.choices import GridKind
from grids.queries import heavy


class PublicationQuerySet(OfCase):
    def open(self) -> Self:
        """Not taken back, about the round that ended the case, of a public category, in a street with open pages."""
        return self.filter(
            withdrawn_at=None, case__state=CaseState.CLOSED, case__round=F("round"), case__category__public=True,
            case__street__public_page__is_open=True,
        )  # fmt: skip

    def at_grid(self, code: str) -> Self:
        """Results of the grid CODE and all below it, by where the cases came in; none if there is no such grid."""
        grid = apps.get_model("grids", "Grid")._default_manager.filter(code=code).only("kind").first()
        return self.none() if grid is None else self.filter(**{f"case__{LEVEL_COLUMN[GridKind(grid.kind)]}": grid})

    def closed_in(self, first: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(closed_at__gte=first, closed_at__lt=end)

    def for_list(self) -> Self:
        rows = self.select_related(
            "case__category", "case__grid", "case__comprehensive", "case__total", "case__street", "by"
        )
        return rows.defer(
            "case__search", "case__text", *heavy("case__grid", "case__comprehensive", "case__total", "case__street")
        )
