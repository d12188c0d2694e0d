"""The report of a month as a workbook: a sheet each for the key figures, the parts, the trend, the hours and the meanings."""

from collections.abc import Iterable, Sequence
from typing import Any

import tablib
from django.utils.translation import gettext as _

from cases.reports.columns import COLUMNS, HEADS, value_of
from cases.reports.dashboard import Line, weekday_name
from cases.reports.figures import Figure
from cases.reports.month_pdf import SECTIONS, printed, source_note, standing
from cases.reports.monthly import Monthly
from gridgov.core.sheet import harmless


def month_sheet(found: Monthly) -> bytes:
    """The report as XLSX; numbers are numbers, and no text runs as a formula."""
    numbers = [_("numerator"), _("denominator"), _("value")]
    trend = [(f"{point.asked.first:%Y-%m-%d}", point.sums) for point in found.charts.trend]
    sheets = [
        _sheet(_("Report"), [_("about"), ""], _about(found)),
        _sheet(_("Key figures"), [_("figure"), *numbers], [[_label(one), *_numbers(one)] for one in found.figures]),
        _sheet(_("Grids"), [_("grid"), _("code"), _("figure"), *numbers], [
            [part.label, part.code, _label(one), *_numbers(one)] for part in found.parts for one in part.figures
        ]),
        *[_sheet(str(title), ["", _("code"), *HEADS], [[line.label, line.code, *_cells(line)] for line in found.charts.parts[by]])
          for by, title in SECTIONS],
        _sheet(_("Trend"), [_("day"), *HEADS], [[day, *_values(sums)] for day, sums in trend]),
        _sheet(_("Hours"), ["", *[str(hour) for hour in range(24)]], [
            [weekday_name(number), *row] for number, row in enumerate(found.charts.heat, start=1)
        ]),
        _sheet(_("Meanings"), [_("figure"), _("definition")], [[_label(one), str(one.definition.text)] for one in found.figures]),
    ]  # fmt: skip
    content: bytes = tablib.Databook(sheets).export("xlsx")
    return content


def _sheet(title: str, heads: Sequence[Any], lines: Iterable[Sequence[Any]]) -> tablib.Dataset:
    sheet = tablib.Dataset(headers=[str(head) for head in heads], title=title)
    for line in lines:
        sheet.append([harmless(cell) for cell in line])
    return sheet


def _about(found: Monthly) -> list[tuple[str, str]]:
    return [
        (_("Month"), f"{found.month:%Y-%m}"), (_("Grid"), found.grid.name), (_("code"), found.grid.code),
        (_("Standing"), standing(found)), (_("Printed"), printed(found)), ("", source_note(found)),
    ]  # fmt: skip


def _label(figure: Figure) -> str:
    return str(figure.definition.label)


def _numbers(figure: Figure) -> list[Any]:
    return [_plain(number) for number in (figure.numerator, figure.denominator, figure.value)]


def _cells(line: Line) -> list[Any]:
    return _values(line.sums)


def _values(sums: Any) -> list[Any]:
    return [_plain(value_of(name, sums)[1]) for name, _label in COLUMNS]


def _plain(number: Any) -> Any:
    return "" if number is None else number if isinstance(number, int) else float(number)
