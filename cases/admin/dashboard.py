"""What the dashboard's page shows: tiles, charts that are tables of numbers, each of which opens its list, and the heat."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.admin.figure_looks import Number, number_of, share
from cases.choices.figures import Dimension, Grain
from cases.forms import list_behind
from cases.reports import (
    BY_NAME,
    COLUMNS,
    HEADS,
    HEAT,
    Asked,
    Dashboard,
    Figure,
    Line,
    Point,
    ReportInTimes,
    count_of,
    difference,
    moved,
    shown_value,
    value_of,
    weekday_name,
)

TILES = (
    "on_time_rate", "close_rate", "satisfaction_rate", "grid_solved_rate", "response_rate", "self_found_rate",
    "mean_handling_time", "median_handling_time",
)  # fmt: skip
_REPORTED, _SPLIT = (1,), (3, 4)
_STEPS = 5


@dataclass(frozen=True)
class Tile:
    """A number in large, beside that of the period before."""

    label: Any
    about: Any
    value: str
    numbers: list[Number]
    earlier: str
    moved: str
    reached: bool | None = None


@dataclass(frozen=True)
class Cell:
    """A number of a chart's table; `value` is what is drawn."""

    number: Number
    value: float | None


@dataclass(frozen=True)
class Chart:
    """A table that a script draws: `drawn` are its columns (the first of numbers is 1), `most` the lines that fit."""

    name: str
    title: Any
    kind: str
    drawn: tuple[int, ...]
    columns: list[Any]
    lines: list[tuple[str, list[Cell]]]
    most: int = 0
    unit: str = ""
    dashed: int = 0

    @property
    def drawn_columns(self) -> str:
        return ",".join(str(number) for number in self.drawn)


def dashboard_page(found: Dashboard) -> dict[str, Any]:
    return {
        "found": found,
        "tiles": [*_counts(found), *_figures(found)],
        "charts": [*_trend(found), *_breakdowns(found)],
        "heat": _heat(found),
        "hours": range(24),
        "whistles": [_whistle(row, found.asked) for row in found.whistles],
    }


def _counts(found: Dashboard) -> list[Tile]:
    tiles = []
    for name, label in (("reported", _("reported")), ("closed", _("closed")), ("due_late", _("not on time"))):
        now, then = count_of(name, found.sums), count_of(name, found.earlier_sums)
        shown = number_of(name, now, found.asked, _t("show the list"))
        change = f"{now - then:+d}" if now != then else ""
        tiles.append(Tile(label, "", str(now), [shown] if shown.url else [], str(then), change))
    return tiles


def _figures(found: Dashboard) -> list[Tile]:
    now, then = ({figure.name: figure for figure in figures} for figures in (found.figures, found.earlier_figures))
    return [_figure(now[name], then[name], found.asked) for name in TILES]


def _figure(figure: Figure, then: Figure, asked: Asked) -> Tile:
    about = figure.definition
    return Tile(
        about.label, about.text, shown_value(about.kind, figure.value), share(figure, asked),
        shown_value(about.kind, then.value), moved(about.kind, difference(figure.value, then.value)), figure.reached,
    )  # fmt: skip


def cell_of(name: str, sums: Mapping[str, int], asked: Asked) -> Cell:
    """The cell of a column, which is a measure or a figure."""
    text, value = value_of(name, sums)
    number = Number(text) if name in BY_NAME else number_of(name, int(value or 0), asked)
    return Cell(number, None if value is None else float(value))


def _breakdowns(found: Dashboard) -> list[Chart]:
    chart = [
        (Dimension.TIER, _("Tiers"), "bar", _SPLIT, 0), (Dimension.GRID, _("Communities and grids"), "bar", _SPLIT, 24),
        (Dimension.UNIT, _("Units"), "lying", _SPLIT, 12), (Dimension.CATEGORY, _("Categories"), "lying", _REPORTED, 12),
        (Dimension.CHANNEL, _("Channels"), "lying", _REPORTED, 12),
    ]  # fmt: skip
    charts = []
    for dimension, title, kind, drawn, most in chart:
        lines = found.parts[dimension]
        if kind == "lying":
            # The longest bars first; the chart shows as many as fit, the table all.
            lines = sorted(lines, key=lambda line: -count_of("due" if drawn == _SPLIT else "reported", line.sums))
        rows = [(line.label, _cells(line)) for line in lines]
        charts.append(Chart(dimension.value, title, kind, drawn, HEADS, rows, most))
    return charts


def _cells(line: Line) -> list[Cell]:
    return [cell_of(name, line.sums, line.asked) for name, _label in COLUMNS]


def _trend(found: Dashboard) -> list[Chart]:
    flow = [_("reported"), _("reported, the period before"), _("completed")]
    rate = [_("on-time rate"), _("on-time rate, the period before"), _("cases due"), _("on time")]
    flows, rates = [], []
    for point in found.trend:
        label = _piece(point.asked, found.grain)
        flows.append((label, [*_pair("reported", point), cell_of("completed", point.sums, point.asked)]))
        due = [cell_of(name, point.sums, point.asked) for name in ("due", "due_on_time")]
        rates.append((label, [*_pair("on_time_rate", point), *due]))
    return [
        Chart("flow", _("Coming in and done"), "line", (1, 2, 3), flow, flows, dashed=2),
        Chart("on-time", _("On time"), "line", (1, 2), rate, rates, unit="%", dashed=2),
    ]


def _pair(name: str, point: Point) -> list[Cell]:
    """The same of this period and of the one before, which may have ended."""
    now = cell_of(name, point.sums, point.asked)
    if point.earlier is None:
        return [now, Cell(Number("—"), None)]
    return [now, cell_of(name, point.earlier_sums, point.earlier)]


def _piece(asked: Asked, grain: str) -> str:
    if grain == Grain.MONTH:
        return f"{asked.first:%Y-%m}"
    return f"{asked.first:%m-%d}" if asked.first == asked.last else f"{asked.first:%m-%d}–{asked.last:%m-%d}"


def _heat(found: Dashboard) -> list[tuple[str, list[tuple[Number, int]], Number]]:
    """Weekdays with their hours: the number, how dark it is of five steps, and the sum of the day."""
    most = max(max(row) for row in found.heat)
    days = []
    for weekday, row in enumerate(found.heat, start=1):
        cells = [
            (
                Number(str(count), list_behind(HEAT, found.asked, weekday=weekday, hour=hour) if count else ""),
                _step(count, most),
            )
            for hour, count in enumerate(row)
        ]
        url = list_behind(HEAT, found.asked, weekday=weekday) if any(row) else ""
        days.append((weekday_name(weekday), cells, Number(str(sum(row)), url)))
    return days


def _step(count: int, most: int) -> int:
    return -(-count * _STEPS // most) if count else 0


def _whistle(row: ReportInTimes, asked: Asked) -> dict[str, Any]:
    alone = Asked(**{**vars(asked), "unit": row.unit})
    minutes = None if row.median is None else round(row.median.total_seconds() / 60)
    return {
        "name": row.name, "called": number_of("whistled", row.called, alone), "reported": row.reported, "minutes": minutes,
        "in_time": row.in_time, "due": row.due, "share": None if row.share is None else f"{row.share:.0%}",
    }  # fmt: skip
