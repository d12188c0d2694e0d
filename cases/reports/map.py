"""What the one map shows of cases: how many there are on each grid at a moment, and where they lie."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from cases.choices import CaseState, Hold
from cases.models import Case
from cases.queries import LEVEL_COLUMN, OF_CASES, is_late, was_late
from cases.reports.looks import light
from gridgov.core.calendar import CHINA
from gridgov.core.fields import Bounds
from grids.choices import LEVELS, GridKind
from grids.models import Grid
from grids.reports import Standing, standing

MOST_POINTS = 1000
# An expression, so that PostgreSQL finds the few cases first and sorts them then: walking all cases in the order of their due
# moments until a thousand fit would read a million where few do.
_DUE = Coalesce("due_at", "reported_at")
_POINT = (
    "pk", "lng", "lat", "tier", "state", "hold", "started_at", "due_at", "completed_at", "breached_at",
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """What a map is about: today as it stands at `now`, or an earlier `day` as it ended; and the `span` days up to it."""

    day: dt.date
    span: int
    now: dt.datetime

    @property
    def is_past(self) -> bool:
        return self.day < self.now.astimezone(CHINA).date()

    @property
    def at(self) -> dt.datetime:
        return dt.datetime.combine(self.day + dt.timedelta(days=1), dt.time(), CHINA) if self.is_past else self.now

    @property
    def first(self) -> dt.date:
        return self.day - dt.timedelta(days=self.span - 1)

    def open(self, user: User) -> QuerySet:
        """The cases that USER sees and that were open then."""
        rows = Case.objects.visible_to(user)
        return rows.open_at(self.at) if self.is_past else rows.open()

    def reported(self, user: User) -> QuerySet:
        """Those that were reported in the span."""
        return self.reported_of(Case.objects.visible_to(user))

    def reported_of(self, rows: QuerySet) -> QuerySet:
        """Those of ROWS that were reported in the span, counted as the figures count them."""
        moment, counts = OF_CASES["reported"]
        start, end = (
            dt.datetime.combine(day, dt.time(), CHINA) for day in (self.first, self.day + dt.timedelta(days=1))
        )
        return rows.filter(counts, **{f"{moment}__gte": start, f"{moment}__lt": end})


@dataclass
class Counts:
    """Cases of one grid: open at the moment, overdue among them, reported in the span."""

    open: int = 0
    late: int = 0
    reported: int = 0


def count_by_grid(user: User, level: str, moment: Moment) -> dict[str, Counts]:
    """By the code of a grid of LEVEL, what USER sees of its cases; under "" those on no grid of that level. Two queries."""
    late = was_late(moment.at) if moment.is_past else is_late(moment.at)
    found: dict[str, Counts] = defaultdict(Counts)
    for code, count, overdue in _grouped(moment.open(user), level, Count("pk"), Count("pk", filter=late)):
        found[code].open += count
        found[code].late += overdue
    for code, count in _grouped(moment.reported(user), level, Count("pk")):
        found[code].reported += count
    return dict(found)


@dataclass(frozen=True)
class MapLine:
    """The figures of one grid: its cases, and how it and all below it are staffed and covered today."""

    grid: Standing
    cases: Counts


@dataclass(frozen=True)
class MapFigures:
    """All grids of a level in the order of the tree; `rest`: cases on none of them."""

    lines: list[MapLine]
    rest: Counts


def map_figures(user: User, level: str, moment: Moment) -> MapFigures:
    """What USER may know of the own ground, three queries and the scope's."""
    counts = count_by_grid(user, level, moment)
    today = moment.now.astimezone(CHINA).date()
    ground = standing(Grid.objects.ground_of(user), level, today)
    lines = [MapLine(grid, counts.pop(grid.code, Counts())) for grid in ground]
    rest = Counts()
    for other in counts.values():
        rest.open += other.open
        rest.late += other.late
        rest.reported += other.reported
    return MapFigures(lines, rest)


def _grouped(rows: QuerySet, level: str, *sums: Count) -> list[tuple[Any, ...]]:
    """SUMS over ROWS by the grid of LEVEL: (code, sum …)."""
    column = LEVEL_COLUMN[GridKind(level)]
    named = {f"n{i}": one for i, one in enumerate(sums)}
    grouped = rows.order_by().values(f"{column}__code", f"{column}__kind").annotate(**named)
    lines = grouped.values_list(f"{column}__code", f"{column}__kind", *named)
    return [(code if kind in LEVELS[level] else "", *rest) for code, kind, *rest in lines]


@dataclass(frozen=True)
class Points:
    """Cases with a place: (key, longitude, latitude, tier, light, state) each; `more`: there are others in the box."""

    rows: list[tuple[int, float, float, str, str, str]]
    more: bool


def points(user: User, moment: Moment, box: Bounds | None, *, reported: bool = False) -> Points:
    """The cases of MOMENT that USER sees inside BOX (west, south, east, north), the first due first and at most
    MOST_POINTS; one query. The light is the one that they showed at the moment."""
    rows = moment.reported(user) if reported else moment.open(user)
    if box is not None:
        west, south, east, north = box
        rows = rows.filter(lng__gte=west, lng__lte=east, lat__gte=south, lat__lte=north)
    lines = list(rows.exclude(lng=None).order_by(_DUE, "pk").values(*_POINT)[: MOST_POINTS + 1])
    return Points([_point(line, moment) for line in lines[:MOST_POINTS]], len(lines) > MOST_POINTS)


def _point(line: dict[str, Any], moment: Moment) -> tuple[int, float, float, str, str, str]:
    seen = _as_it_was(line, moment.at) if moment.is_past else line
    where = round(line["lng"], 5), round(line["lat"], 5)
    return line["pk"], *where, line["tier"], light(seen, moment.at).value, line["state"]


def _as_it_was(line: dict[str, Any], at: dt.datetime) -> dict[str, Any]:
    """LINE without what happened after AT. Whether the case stood still then, its row doesn't say."""
    kept = {name: line[name] if line[name] and line[name] <= at else None for name in ("completed_at", "breached_at")}
    return {**line, **kept, "hold": Hold.NONE, "state": CaseState.HANDLING}
