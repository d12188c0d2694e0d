"""What the dashboard shows of a period: the whole beside the period before, its trend, its parts, its hours."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, DateTimeField, Func
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import User
from cases.choices.figures import SPREAD, Dimension, Grain
from cases.models import Case
from cases.reports.behind import HEAT, counted_cases
from cases.reports.figures import Figure, figures_of
from cases.reports.narrowing import NOTHING, Asked, Narrowed, narrow
from cases.reports.parts import Names, all_names, asked_of_part, column_for, in_order
from cases.reports.spans import Span, cut, so_far
from cases.reports.tallies import Sums, read, read_sets, reading
from cases.reports.whistles import ReportInTimes, report_in_times

BREAKDOWNS = (Dimension.TIER, Dimension.GRID, Dimension.UNIT, Dimension.CATEGORY, Dimension.CHANNEL)


@dataclass(frozen=True)
class Line:
    """One part of a breakdown with the sums of SPREAD; `asked` is what gets it alone."""

    asked: Asked
    code: str
    label: str
    sums: Sums


@dataclass(frozen=True)
class Point:
    """A piece of the trend, and the sums of the piece in its place in the period before."""

    asked: Asked
    sums: Mapping[str, int]
    earlier: Asked | None
    earlier_sums: Mapping[str, int]


@dataclass(frozen=True)
class Dashboard:
    """`span` is what is over of the period asked for, `earlier` as much of the one before. `heat[0]` is Monday, hour by
    hour."""

    asked: Asked
    at: dt.datetime
    grain: str
    narrowed: Narrowed
    span: Span
    earlier: Span
    figures: list[Figure]
    earlier_figures: list[Figure]
    sums: Mapping[str, int]
    earlier_sums: Mapping[str, int]
    trend: list[Point]
    parts: dict[str, list[Line]]
    heat: list[list[int]]
    whistles: list[ReportInTimes]


def dashboard(*, asked: Asked, by: User, at: dt.datetime, today: dt.date, grain: str) -> Dashboard | None:
    """What BY may see, as it is AT; None where that is nothing. TODAY is the day of AT, here."""
    narrowed = narrow(asked, by)
    if narrowed is None:
        return None
    span, earlier = so_far(asked.first, asked.last, today)
    with reading() as cursor:
        points, whole, then = _trend(asked, narrowed, at, span, earlier, grain, cursor)
        found = _read_parts(asked, narrowed, by, at, cursor)
    return Dashboard(
        asked, at, grain, narrowed, span, earlier, figures_of(whole), figures_of(then), whole, then, points,
        _parts(asked, found), _heat(asked, narrowed, at), report_in_times(asked, narrowed, at),
    )  # fmt: skip


def _trend(
    asked: Asked, narrowed: Narrowed, at: dt.datetime, span: Span, earlier: Span, grain: str, cursor: Any
) -> tuple[list[Point], Sums, Sums]:
    """The pieces of both spans side by side, and the sums of each whole."""
    by = "month" if grain == Grain.MONTH else "day"
    found = [read(*days, at=at, where=narrowed.where, by=by, cursor=cursor) for days in (span, earlier)]
    now, then = (
        [(replace(asked, first=start, last=end), _sum(sums, start, end, by)) for start, end in cut(*days, grain)]
        for days, sums in zip((span, earlier), found, strict=True)
    )
    points = [
        Point(alone, sums, *(then[number] if number < len(then) else (None, {})))
        for number, (alone, sums) in enumerate(now)
    ]
    whole, before = (_total(sums.values()) for sums in found)
    return points, whole, before


def _sum(found: dict[Any, Sums], start: dt.date, end: dt.date, by: str) -> Sums:
    first = start.replace(day=1) if by == "month" else start
    return _total(sums for day, sums in found.items() if first <= day <= end)


def _total(found: Any) -> Sums:
    whole: Counter[str] = Counter()
    for sums in found:
        whole.update(sums)
    return whole


def _read_parts(
    asked: Asked, narrowed: Narrowed, by: User, at: dt.datetime, cursor: Any
) -> dict[str, tuple[str, dict[Any, Sums]]]:
    """Dimension → the column it goes by, and the sums of each key in which something happened."""
    columns = {dimension.value: column_for(dimension, narrowed.grid, by) for dimension in BREAKDOWNS}
    found = read_sets(
        asked.first, asked.last, at=at, where=narrowed.where, by=list(columns.values()), measures=SPREAD, cursor=cursor
    )
    return {
        dimension: (column, {key: sums for key, sums in found[column].items() if any(sums.values())})
        for dimension, column in columns.items()
    }


def _parts(asked: Asked, found: dict[str, tuple[str, dict[Any, Sums]]]) -> dict[str, list[Line]]:
    names = all_names({dimension: sums for dimension, (_column, sums) in found.items()})
    return {
        dimension: _lines(asked, dimension, column, sums, names[dimension])
        for dimension, (column, sums) in found.items()
    }


def _lines(asked: Asked, dimension: str, column: str, found: dict[Any, Sums], names: Names) -> list[Line]:
    lines = []
    for key, sums in found.items():
        code, label = names.get(key or NOTHING, (str(key), str(key)))
        lines.append(Line(asked_of_part(asked, dimension, column, key, code), code, label, sums))
    return sorted(lines, key=in_order(dimension))


def _heat(asked: Asked, narrowed: Narrowed, at: dt.datetime) -> list[list[int]]:
    """How many were reported, by weekday and hour, as the clock stands in China."""
    rows = counted_cases(Case.objects.order_by(), HEAT, asked, narrowed, at)
    heat = [[0] * 24 for _weekday in range(7)]
    for hour, count in rows.values_list(_HourOf(f"{HEAT}_at")).annotate(Count("pk")):
        here = localtime(hour)
        heat[here.weekday()][here.hour] += count
    return heat


class _HourOf(Func):
    """The full hour of a moment. Weekday and hour are told from it here: asked of each moment they cost eight times as much."""

    template = "date_bin('1 hour', %(expressions)s, '2000-01-01 00:00+00')"
    output_field = DateTimeField()


def weekday_name(number: int) -> str:
    """Of 1, Monday, to 7, in the reader's language."""
    # A January that began on a Monday.
    return date_format(dt.date(2024, 1, number), "D")
