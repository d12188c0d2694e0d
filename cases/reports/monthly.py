"""The report of a month: the key figures and communities as frozen, or as they stand; the rest as it stands."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from cases.choices.figures import Dimension, Grain
from cases.models import FrozenFigures
from cases.reports.dashboard import Dashboard, dashboard
from cases.reports.figures import Figure, Part
from cases.reports.kept import kept_figures
from cases.reports.narrowing import Asked
from cases.reports.spans import last_day
from cases.reports.statistics import statistics
from grids.models import Grid


@dataclass(frozen=True)
class Monthly:
    """`frozen` is the snapshot that `figures` and `parts` are from; None as long as there is none: they are provisional."""

    month: dt.date
    grid: Grid
    at: dt.datetime
    by: User
    frozen: FrozenFigures | None
    figures: list[Figure]
    parts: list[Part]
    charts: Dashboard


def monthly(*, grid: str, month: dt.date, by: User, at: dt.datetime, today: dt.date) -> Monthly | None:
    """The report of the GRID with that code on MONTH (its first day); None where BY sees no figures of it."""
    asked = Asked(month, last_day(month), grid=grid, by=Dimension.GRID)
    charts = dashboard(asked=asked, by=by, at=at, today=today, grain=Grain.DAY)
    if charts is None or charts.narrowed.grid is None:
        return None
    place = charts.narrowed.grid
    frozen = FrozenFigures.objects.visible_to(by).for_list().filter(grid=place, month=month).first()
    if frozen is not None:
        kept = frozen.figures
        parts = [Part(asked, one["code"], one["label"], kept_figures(one["figures"])) for one in kept["parts"]]
        return Monthly(month, place, at, by, frozen, kept_figures(kept["figures"]), parts, charts)
    found = statistics(asked=asked, by=by, at=at)
    assert found is not None  # as the charts
    return Monthly(month, place, at, by, None, found.figures, found.parts, charts)
