"""Charts on paper: lines, bars that stand or lie, and the heat as a shaded table. Series differ by more than colour."""

from collections.abc import Sequence
from typing import Any

from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.platypus import Table, TableStyle

from gridgov.core import pdf

SHADES = (colors.HexColor("#16795f"), colors.HexColor("#b45309"), colors.HexColor("#6b7280"))
_DASHES = (None, (4, 2), (1, 2))
_HEAT = colors.HexColor("#16795f")
_SIZE = 7
# Room for the names beside bars that lie, and for the legend above.
_NAMES, _LEGEND = 120, 16
Series = Sequence[tuple[str, Sequence[float | None]]]


def lines(labels: Sequence[str], series: Series, width: float, height: float = 130) -> Drawing:
    """A line for each of SERIES over LABELS, of which as many are written as fit."""
    chart = HorizontalLineChart()
    chart.data = [tuple(values) for _name, values in series]
    for number in range(len(series)):
        chart.lines[number].strokeColor = SHADES[number]
        chart.lines[number].strokeWidth = 1.4
        chart.lines[number].strokeDashArray = _DASHES[number]
    step = max(1, len(labels) // 12)
    names = [label if place % step == 0 else "" for place, label in enumerate(labels)]
    return _on_axes(chart, chart.valueAxis, chart.categoryAxis, names, series, width, height)


def bars(labels: Sequence[str], series: Series, width: float, height: float = 130) -> Drawing:
    """Standing bars, stacked."""
    chart = VerticalBarChart()
    chart.categoryAxis.style = "stacked"
    _paint(chart, series)
    return _on_axes(chart, chart.valueAxis, chart.categoryAxis, labels, series, width, height)


def lying_bars(labels: Sequence[str], series: Series, width: float) -> Drawing:
    """Lying bars, stacked, the first on top."""
    chart = HorizontalBarChart()
    chart.categoryAxis.style = "stacked"
    chart.categoryAxis.reverseDirection = 1
    chart.categoryAxis.labels.boxAnchor = "e"
    _paint(chart, series)
    height = 14 * len(labels) + 30 + _LEGEND
    return _on_axes(chart, chart.valueAxis, chart.categoryAxis, labels, series, width, height, left=_NAMES)


def heat(rows: Sequence[tuple[str, Sequence[int]]], width: float) -> Table:
    """Weekdays with their hours, the darker the more."""
    most = max((max(cells) for _day, cells in rows), default=0)
    head: list[Any] = ["", *[str(hour) for hour in range(24)]]
    body = [[day, *[str(count) if count else "" for count in cells]] for day, cells in rows]
    first = 44
    made = Table([head, *body], colWidths=[first, *[(width - first) / 24] * 24], rowHeights=15, hAlign="LEFT")
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), pdf.FONT, _SIZE), ("ALIGN", (1, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("GRID", (1, 1), (-1, -1), 0.5, colors.white),
        ("BACKGROUND", (1, 1), (-1, -1), pdf.SHADE), ("LEFTPADDING", (0, 0), (-1, -1), 1), ("RIGHTPADDING", (0, 0), (-1, -1), 1),
    ]  # fmt: skip
    for line, (_day, cells) in enumerate(rows, start=1):
        for hour, count in enumerate(cells, start=1):
            if count:
                share = count / most
                shade = colors.linearlyInterpolatedColor(colors.HexColor("#d6f1e6"), _HEAT, 0, 1, share)
                style.append(("BACKGROUND", (hour, line), (hour, line), shade))
                style.append(("TEXTCOLOR", (hour, line), (hour, line), colors.white if share > 0.6 else pdf.INK))
    made.setStyle(TableStyle(style))
    return made


def _paint(chart: Any, series: Series) -> None:
    chart.data = [tuple(value or 0 for value in values) for _name, values in series]
    chart.barWidth, chart.groupSpacing = 8, 6
    for number in range(len(series)):
        chart.bars[number].fillColor = SHADES[number]
        chart.bars[number].strokeColor = None


def _on_axes(
    chart: Any, values: Any, categories: Any, names: Sequence[str], series: Series, width: float, height: float,
    left: float = 28,
) -> Drawing:  # fmt: skip
    pdf.style()  # the font is there from here on
    chart.x, chart.y, chart.width, chart.height = left, 22, width - left - 8, height - 22 - _LEGEND
    categories.categoryNames = [name[:14] for name in names]
    values.valueMin = 0
    values.labelTextFormat = "%d"
    values.visibleGrid, values.gridStrokeColor, values.gridStrokeWidth = 1, pdf.RULE, 0.3
    for axis in (values, categories):
        axis.strokeColor = pdf.RULE
        axis.labels.fontName, axis.labels.fontSize, axis.labels.fillColor = pdf.FONT, _SIZE, pdf.QUIET
    drawing = Drawing(width, height)
    drawing.add(chart)
    if len(series) > 1:
        drawing.add(_legend(series, left, height))
    return drawing


def _legend(series: Series, left: float, height: float) -> Legend:
    legend = Legend()
    legend.x, legend.y, legend.boxAnchor = left, height - 2, "nw"
    legend.columnMaximum, legend.deltax, legend.dx, legend.dy, legend.alignment = 1, 90, 7, 5, "right"
    legend.fontName, legend.fontSize, legend.fillColor, legend.strokeWidth = pdf.FONT, _SIZE, pdf.QUIET, 0
    legend.colorNamePairs = [(SHADES[number], str(name)) for number, (name, _values) in enumerate(series)]
    return legend
