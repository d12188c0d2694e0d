"""Figures as a sheet: the whole and its parts, each with numerator and denominator."""

from typing import Any

import tablib
from django.utils.translation import gettext as _

from cases.reports import Figure, Part, Statistics
from gridgov.core.sheet import harmless


def figure_sheet(found: Statistics, ending: str) -> bytes:
    """FOUND as CSV for Excel (UTF-8 with BOM) or XLSX: a line for each figure, of the whole first."""
    headings = [
        _("broken down into"),
        _("code"),
        _("figure"),
        _("numerator"),
        _("denominator"),
        _("value"),
        _("definition"),
    ]
    table = tablib.Dataset(headers=headings, title=_("Figures"))
    whole = Part(
        None, found.grid.code if found.grid else "", found.grid.name if found.grid else _("all"), found.figures
    )
    for part in [whole, *found.parts]:
        for figure in part.figures:
            table.append([harmless(cell) for cell in _line(part, figure)])
    if ending == "csv":
        return ("\ufeff" + table.export("csv")).encode()
    content: bytes = table.export("xlsx")
    return content


def _line(part: Part, figure: Figure) -> list[Any]:
    numbers = [figure.numerator, figure.denominator, figure.value]
    shown = ["" if number is None else float(number) for number in numbers]
    if figure.value is None:
        shown[-1] = "—"
    return [part.label, part.code, str(figure.definition.label), *shown, str(figure.definition.text)]
