"""What was done on the grids of a period: minutes and visits by diligence. Of grids, and never of people."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Case, Count, DurationField, F, Sum, Value, When
from django.db.models.functions import Coalesce

from fieldwork.choices import Diligence, Ending
from fieldwork.models import Patrol, Visit
from fieldwork.reports.day import bounds
from grids.choices import GridKind
from grids.models import Grid


@dataclass(frozen=True)
class GridFigures:
    """A grid with all that lies below it: patrols that are over, their minutes, visits by diligence."""

    code: str
    name: str
    patrols: int
    minutes: int
    visits: dict[Diligence, int]

    @property
    def visited(self) -> int:
        return sum(self.visits.values())


def grid_figures(top: Grid, first: dt.date, last: dt.date) -> list[GridFigures]:
    """Grid by grid in the order of their codes, from FIRST to LAST: the communities of a street, or the grids below
    another. Three queries."""
    start, end = bounds(first)[0], bounds(last)[1]
    below = Grid.objects.under(top).order_by().values("pk")
    until = Case(When(ending=Ending.SELF, then=F("ended_at")), default=Coalesce("seen_at", "started_at"))
    spent = Sum(until - F("started_at"), output_field=DurationField(), default=Value(dt.timedelta()))
    patrols = Patrol.objects.filter(grid__in=below, started_at__gte=start, started_at__lt=end, ended_at__isnull=False)
    walked = {pk: (n, t) for pk, n, t in patrols.order_by().values_list("grid").annotate(n=Count("pk"), t=spent)}
    visits: dict[int, Counter[str]] = defaultdict(Counter)
    logged = Visit.objects.filter(grid__in=below, at__gte=start, at__lt=end).order_by()
    for pk, kind, count in logged.values_list("grid", "kind").annotate(n=Count("pk")):
        visits[pk][kind] += count
    found = []
    for code, name, keys in _shown(top):
        done = [walked[pk] for pk in keys if pk in walked]
        kinds: Counter[str] = sum((visits[pk] for pk in keys), Counter())
        minutes = int(sum((t for _n, t in done), dt.timedelta()).total_seconds()) // 60
        by_kind = {kind: kinds[kind] for kind in Diligence}
        found.append(GridFigures(code, name, sum(n for n, _t in done), minutes, by_kind))
    return found


def _shown(top: Grid) -> list[tuple[str, str, list[int]]]:
    """The grids that get a row, each with the keys of all that lies in it."""
    kinds = {GridKind.TOTAL} if top.kind == GridKind.STREET else {GridKind.MICRO, GridKind.DEDICATED}
    rows: list[tuple[str, str, list[int]]] = [(top.code, top.name, [])]
    for pk, kind, code, name in Grid.objects.under(top).order_by("lft").values_list("pk", "kind", "code", "name"):
        if kind in kinds:
            rows.append((code, name, []))
        rows[-1][2].append(pk)
    return rows[1:] or rows
