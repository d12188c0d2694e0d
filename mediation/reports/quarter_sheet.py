"""The report of a quarter as a workbook: a sheet for each way to part it."""

import tablib
from django.utils.translation import gettext as _

from gridgov.core.sheet import harmless
from mediation.reports.figures import Counts
from mediation.reports.quarter import COLUMNS, QuarterReport


def quarter_sheet(found: QuarterReport) -> bytes:
    """As XLSX; numbers are numbers, and no text runs as a formula."""
    heads = [f"{label} %" if rate else str(label) for _name, label, rate in COLUMNS]
    sheets = []
    for title, lines in found.tables:
        sheet = tablib.Dataset(headers=["", *heads], title=title)
        for line in lines:
            sheet.append([harmless(line.name), *_numbers(line.counts)])
        sheet.append([_("together"), *_numbers(found.now.total)])
        sheets.append(sheet)
    content: bytes = tablib.Databook(sheets).export("xlsx")
    return content


def _numbers(counts: Counts) -> list[int | str]:
    return ["" if (value := getattr(counts, name)) is None else value for name, _label, _rate in COLUMNS]
