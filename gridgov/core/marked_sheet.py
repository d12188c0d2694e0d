"""A sheet that says in itself for whom it was made: in its first line, and in XLSX in the head and foot of each page."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gridgov.core.sheet import harmless

WIDTH = 18


def write_marked(path: Path, ending: str, *, mark: str, title: str, headings: list[str], lines: Path) -> None:
    """Write PATH as CSV (UTF-8 with BOM, for Excel) or XLSX from the file LINES, which holds a JSON list in each line.
    No cell is run as a formula. Lines are read one by one, for any number of them."""
    if ending == "csv":
        _csv(path, mark, headings, lines)
    else:
        _xlsx(path, mark, title, headings, lines)


def _rows(lines: Path) -> Iterator[list[Any]]:
    with lines.open(encoding="utf-8") as file:
        for line in file:
            yield [harmless(cell) for cell in json.loads(line)]


def _csv(path: Path, mark: str, headings: list[str], lines: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(mark)])
        writer.writerow(headings)
        writer.writerows(_rows(lines))


def _xlsx(path: Path, mark: str, title: str, headings: list[str], lines: Path) -> None:
    from openpyxl import Workbook  # with NumPy behind it: 17 MB of every process that only might write such a file
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    def cell(value: str, **font: Any) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=value)
        made.font = Font(**font)
        return made

    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = mark, title
    sheet = book.create_sheet(title[:31])
    # In these, & begins a code of its own.
    sheet.oddHeader.center.text = sheet.oddFooter.center.text = mark.replace("&", "&&")
    sheet.freeze_panes = "A3"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.append([cell(harmless(mark), italic=True, color="808080")])
    sheet.append([cell(heading, bold=True) for heading in headings])
    for row in _rows(lines):
        sheet.append(row)
    book.save(path)
