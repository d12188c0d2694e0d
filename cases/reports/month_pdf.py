"""The report of a month on paper: key figures, charts, tables, and what each figure means."""

from collections.abc import Sequence
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer

from cases.choices.figures import Dimension
from cases.reports import drawn
from cases.reports.columns import COLUMNS, HEADS, count_of, moved, share_of, shown_value, value_of
from cases.reports.columns import difference as differ
from cases.reports.dashboard import Line, weekday_name
from cases.reports.monthly import Monthly
from gridgov.core import pdf

SECTIONS: tuple[tuple[str, Any], ...] = (
    (Dimension.TIER, _lazy("Tiers")), (Dimension.UNIT, _lazy("Units")), (Dimension.CATEGORY, _lazy("Categories")),
    (Dimension.CHANNEL, _lazy("Channels")),
)  # fmt: skip
# The longest bars of units and categories that a chart shows.
MOST = 12
_PARTS = ("on_time_rate", "close_rate", "grid_solved_rate", "satisfaction_rate", "response_rate", "mean_handling_time")


def month_pdf(found: Monthly) -> bytes:
    """The report as an A4 PDF."""
    title = _("Monthly report %(month)s, %(grid)s") % {"month": f"{found.month:%Y-%m}", "grid": found.grid.name}
    width = pdf.page_width()
    story: list[Flowable] = [
        pdf.text(title, "title"), *_about(found, width), *_key_figures(found, width), *_charts(found, width),
        *_communities(found, width), PageBreak(), *_tables(found, width), *_meanings(found),
    ]  # fmt: skip
    return pdf.document(story, title=title, footer=f"{title} · {standing(found)} · {printed(found)}")


def standing(found: Monthly) -> str:
    """“frozen” with its day, or “provisional”."""
    if found.frozen is None:
        return _("provisional")
    return _("frozen on %(at)s") % {"at": f"{localtime(found.frozen.at):%Y-%m-%d %H:%M}"}


def printed(found: Monthly) -> str:
    who = found.by.full_name or found.by.username
    return _("printed %(at)s by %(who)s") % {"at": f"{localtime(found.at):%Y-%m-%d %H:%M}", "who": who}


def source_note(found: Monthly) -> str:
    """What of the report is frozen and what is counted as it stands."""
    if found.frozen is None:
        return _("This month is not frozen: all figures are as counted at the moment of printing and may still change.")
    return _(
        "Key figures and those of the grids right below are as frozen. Trend, units, categories, channels and hours are as "
        "counted at the moment of printing, and may differ by what was changed since."
    )


def _about(found: Monthly, width: float) -> list[Flowable]:
    facts = [
        (_("Month"), f"{found.month:%Y-%m}"), (_("Grid"), f"{found.grid.name} {found.grid.code}"),
        (_("Standing"), standing(found)), (_("Printed"), printed(found)),
    ]  # fmt: skip
    return [pdf.facts(facts, width), Spacer(0, 4), pdf.text(source_note(found), "quiet")]


def _key_figures(found: Monthly, width: float) -> list[Flowable]:
    before = {figure.name: figure.value for figure in found.charts.earlier_figures}
    rows = [(_("figure"), _("numerator / denominator"), _("value"), _("month before"), _("change"))]
    for figure in found.figures:
        kind, then = figure.definition.kind, before.get(figure.name)
        change = moved(kind, differ(figure.value, then)) or "—"
        rows.append(
            (
                str(figure.definition.label),
                share_of(figure),
                shown_value(kind, figure.value),
                shown_value(kind, then),
                change,
            )
        )
    widths = [None, 100, 70, 75, 60]
    return [pdf.text(_("Key figures"), "h2"), pdf.table(rows, widths)]


def _charts(found: Monthly, width: float) -> list[Flowable]:
    charts, story = found.charts, [PageBreak()]
    days = [f"{point.asked.first:%m-%d}" for point in charts.trend]
    flow = [
        (_("reported"), [point.sums.get("reported", 0) for point in charts.trend]),
        (_("completed"), [point.sums.get("completed", 0) for point in charts.trend]),
        (_("reported, the period before"), [point.earlier_sums.get("reported", 0) for point in charts.trend]),
    ]
    drawings: list[tuple[str, Any]] = [(_("Coming in and done"), drawn.lines(days, flow, width))]
    tiers, grids = charts.parts[Dimension.TIER], charts.parts[Dimension.GRID]
    if tiers:
        drawings.append((_("Tiers"), drawn.bars(_labels(tiers), _split(tiers), width)))
    if grids:
        drawings.append((_("Communities and grids"), drawn.lying_bars(_labels(grids), _split(grids), width)))
    units, categories = (
        _longest(charts.parts[Dimension.UNIT], "due"),
        _longest(charts.parts[Dimension.CATEGORY], "reported"),
    )
    if units:
        drawings.append((_("Units"), drawn.lying_bars(_labels(units), _split(units), width)))
    if categories:
        reported = [(_("reported"), [line.sums["reported"] for line in categories])]
        drawings.append((_("Categories"), drawn.lying_bars(_labels(categories), reported, width)))
    rows = [(weekday_name(number), row) for number, row in enumerate(charts.heat, start=1)]
    drawings.append((_("Reports by weekday and hour"), drawn.heat(rows, width)))
    for title, drawing in drawings:
        high = drawing.height if hasattr(drawing, "height") else 130
        story += [CondPageBreak(high + 40), pdf.text(title, "h2"), drawing]
    return story


def _communities(found: Monthly, width: float) -> list[Flowable]:
    if not found.parts:
        return []
    by_name = [{figure.name: figure for figure in part.figures} for part in found.parts]
    heads = [""]
    for name in _PARTS:
        heads.append(str(next(f.definition.label for f in found.figures if f.name == name)) if found.figures else name)
    rows: list[Sequence[str]] = [heads]
    for part, figures in zip(found.parts, by_name, strict=True):
        cells = [
            f"{shown_value(figure.definition.kind, figure.value)}\n{share_of(figure)}"
            for name in _PARTS
            if (figure := figures.get(name))
        ]
        rows.append([part.label, *cells])
    return [
        CondPageBreak(120),
        pdf.text(_("The grids right below"), "h2"),
        pdf.table(rows, [None, *[68] * len(_PARTS)]),
    ]


def _tables(found: Monthly, width: float) -> list[Flowable]:
    story: list[Flowable] = []
    for dimension, title in SECTIONS:
        lines = found.charts.parts[dimension]
        if lines:
            rows = [["", *[str(head) for head in HEADS]], *[[line.label, *_cells(line)] for line in lines]]
            story += [CondPageBreak(90), _heading(title), pdf.table(rows, [None, *[42] * len(HEADS)])]
    return story


def _heading(title: str) -> Flowable:
    """A heading that does not pull a long table over to the next page."""
    made = pdf.text(title, "h2")
    made.keepWithNext = 0
    return made


def _meanings(found: Monthly) -> list[Flowable]:
    told = [pdf.text(f"{figure.definition.label}: {figure.definition.text}", "small") for figure in found.figures]
    return [pdf.text(_("What the figures mean"), "h2"), *told]


def _cells(line: Line) -> list[str]:
    return [value_of(name, line.sums)[0] for name, _label in COLUMNS]


def _labels(lines: Sequence[Line]) -> list[str]:
    return [line.label for line in lines]


def _split(lines: Sequence[Line]) -> drawn.Series:
    names = (("due_on_time", _("on time")), ("due_late", _("not on time")))
    return [(label, [count_of(name, line.sums) for line in lines]) for name, label in names]


def _longest(lines: Sequence[Line], measure: str) -> list[Line]:
    return sorted(lines, key=lambda line: -count_of(measure, line.sums))[:MOST]
