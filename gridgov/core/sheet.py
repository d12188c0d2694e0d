"""Lists as CSV and XLSX, as people keep them: a table in whatever shape made rows of an action, its faults collected,
and one written that Excel opens.

What the columns mean is each list's own (grids.forms.sheet, grids.forms.roster, gridgov.core.days_sheet).
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import tablib
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gridgov.core.errors import Invalid
from gridgov.core.rows import RowFault
from gridgov.core.sheet_lines import lines_of

R = TypeVar("R")
# Field → (heading in Chinese, further headings understood). English ones are the names themselves.
Columns = Mapping[str, tuple[str, tuple[str, ...]]]
MAX_ROWS = 50_000
MAX_BYTES = 16 * 1024 * 1024
NARROW = str.maketrans("\uff08\uff09", "()")  # the wide parentheses of Chinese typing
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How formulas begin, and what no text of XML 1.0 may hold.
_RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


def ending_asked(request: HttpRequest) -> str:
    """How the file that REQUEST asks for ends: ?format=csv, or xlsx."""
    return "csv" if request.GET.get("format") == "csv" else "xlsx"


def download(content: bytes, name: str, ending: str) -> HttpResponse:
    """A file that the browser keeps: NAME without its ENDING, one of TYPES."""
    response = HttpResponse(content, content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


@dataclass
class Sheet(Generic[R]):
    """A file read: its rows in order, what could not be read, and the line of the file that each row stands in."""

    columns: Columns
    rows: list[R] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def told(self, faults: Iterable[RowFault]) -> list[str]:
        """FAULTS as sentences that name line and column."""
        return [_told(fault, self.lines, self.columns) for fault in faults]


class Cells:
    """One line of a file. A cell that can't be read is a fault of its row, and a stand-in takes its place so that the
    rest can be checked."""

    def __init__(self, row: int, cells: Mapping[str, Any], faults: list[RowFault]) -> None:
        self._row, self._cells, self._faults = row, cells, faults

    def read(self, name: str, read: Callable[[Any], R], otherwise: R) -> R:
        try:
            return read(self._cells.get(name))
        except ValueError as error:
            self._faults.append(RowFault(self._row, name, str(error)))
            return otherwise

    def text(self, name: str) -> str:
        return text_of(self._cells.get(name))

    def __contains__(self, name: str) -> bool:
        """Whether the file has the column NAME at all."""
        return name in self._cells


def read_rows(
    content: bytes, name: str, columns: Columns, required: Iterable[str], row: Callable[[Cells], R],
    *, max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES,
) -> Sheet[R]:  # fmt: skip
    """A file as the rows that ROW makes of its lines: CSV (UTF-8 with or without BOM, or GBK) or XLSX by the ending of
    NAME. Raises Invalid if it is no such list."""
    if len(content) > max_bytes:
        raise Invalid(_("The file is bigger than %(max)d MB.") % {"max": max_bytes >> 20}, field="file")
    (_first, headers), *lines = lines_of(content, name, most=max_rows)
    places = _columns_of(headers, columns, required)
    sheet: Sheet[R] = Sheet(columns)
    for number, line in lines:
        cells = {name: line[place] if place < len(line) else None for name, place in places.items()}
        if any(text_of(cell) for cell in cells.values()):  # spreadsheets trail off in empty lines
            sheet.lines.append(number)
            sheet.rows.append(row(Cells(len(sheet.rows), cells, sheet.faults)))
    if not sheet.rows:
        raise Invalid(_("The list has no rows."), field="file")
    return sheet


def _columns_of(headers: Iterable[Any], columns: Columns, required: Iterable[str]) -> dict[str, int]:
    """Field → place of its column. Raises Invalid if a REQUIRED one is missing."""
    known = {alias: name for name, (heading, more) in columns.items() for alias in (name, heading.lower(), *more)}
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        said = text_of(header).translate(NARROW).lower()
        if said in known:
            found.setdefault(known[said], place)
    missing = [columns[name][0] for name in required if name not in found]
    if missing:
        raise Invalid(_("The list lacks the columns: %(names)s.") % {"names": ", ".join(missing)}, field="file")
    return found


def _told(fault: RowFault, lines: list[int], columns: Columns) -> str:
    """FAULT as a sentence that names line and column; LINES says in which line of the file each row stands."""
    words = {"line": lines[fault.row], "message": fault.message}
    if fault.field not in columns:
        return _("Line %(line)d: %(message)s") % words
    return _("Line %(line)d, %(column)s: %(message)s") % {**words, "column": columns[fault.field][0]}


def write_table(lines: Iterable[tuple[Any, ...]], columns: Columns, *, title: str, ending: str) -> bytes:
    """CSV for Excel (UTF-8 with BOM) or XLSX."""
    table = tablib.Dataset(headers=[heading for heading, _more in columns.values()], title=title)
    for line in lines:
        table.append([harmless(cell) for cell in line])
    if ending == "csv":
        return ("\ufeff" + table.export("csv")).encode()
    return bytes(table.export("xlsx"))


def text_of(cell: Any) -> str:
    """A cell as words, without what some programs put around them; and without NUL, which PostgreSQL holds in no text."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).replace("\0", "").strip().removeprefix("'").strip()


def code_of(cell: Any) -> str:
    """A code. A spreadsheet that took it for a number has lost its last digits, and nobody can tell which they were."""
    text = text_of(cell)
    if (isinstance(cell, int | float) and len(text) > 15) or "e+" in text.lower():
        raise ValueError(_("The code was kept as a number and has lost digits; format the column as text."))
    return text


def date_of(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = text_of(cell)
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"):
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(_("“%(text)s” is no date; write it like 2026-01-31.") % {"text": text})


def harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets the apostrophe that says it is a text (OWASP, CSV Injection: the
    wide signs of Chinese typing run as well). What no XML holds, and so no XLSX, is left out."""
    if not isinstance(cell, str):
        return cell
    text = _NO_XML.sub("", cell)
    return f"'{text}" if text.startswith(_RUN) else text
