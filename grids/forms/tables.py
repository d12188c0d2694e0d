"""Lists that people keep in spreadsheets: read from CSV or XLSX by the headings they use, written back the same way."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import tablib
from django.utils.translation import gettext as _

from gridgov.core.errors import Invalid
from grids.actions import RowFault

R = TypeVar("R")
MAX_ROWS = 50_000
MAX_BYTES = 64 * 1024 * 1024
NARROW = str.maketrans("\uff08\uff09", "()")  # the wide parentheses of Chinese typing
FORMATS = ("csv", "xlsx")
# Field → (heading in Chinese, further headings understood). English ones are the names themselves.
Columns = Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass
class Sheet(Generic[R]):
    """A file read: its rows in order, what could not be read, and the line of the file that each row stands in."""

    columns: Columns
    rows: list[R] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def told(self, faults: Iterable[RowFault]) -> list[str]:
        """FAULTS as sentences that name line and column."""
        return [self._told(fault) for fault in faults]

    def _told(self, fault: RowFault) -> str:
        words = {"line": self.lines[fault.row], "message": fault.message}
        if fault.field not in self.columns:
            return _("Line %(line)d: %(message)s") % words
        return _("Line %(line)d, %(column)s: %(message)s") % {**words, "column": self.columns[fault.field][0]}


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
        return text(self._cells.get(name))


def read_table(
    content: bytes, name: str, columns: Columns, required: Iterable[str], row: Callable[[Cells], R]
) -> Sheet[R]:
    """CSV (UTF-8 with or without BOM, or GBK) or XLSX by the ending of NAME, each line made a row by ROW. Raises Invalid
    if it is no such list."""
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is bigger than %(max)d MB.") % {"max": MAX_BYTES >> 20}, field="file")
    table = _table(content, name)
    places = _places(table.headers or [], columns, required)
    if len(table) > MAX_ROWS:
        raise Invalid(_("The list has more than %(max)d rows.") % {"max": MAX_ROWS}, field="file")
    sheet: Sheet[R] = Sheet(columns)
    for number, line in enumerate(table, start=2):
        cells = {name: line[place] for name, place in places.items()}
        if any(text(cell) for cell in cells.values()):  # spreadsheets trail off in empty lines
            sheet.lines.append(number)
            sheet.rows.append(row(Cells(len(sheet.rows), cells, sheet.faults)))
    if not sheet.rows:
        raise Invalid(_("The list has no rows."), field="file")
    return sheet


def write_table(columns: Columns, lines: Iterable[tuple[Any, ...]], ending: str, title: str) -> bytes:
    """LINES as CSV for Excel (UTF-8 with BOM) or XLSX."""
    table = tablib.Dataset(headers=[heading for heading, _more in columns.values()], title=title)
    for line in lines:
        table.append([_harmless(cell) for cell in line])
    if ending == "csv":
        return ("\ufeff" + table.export("csv")).encode()
    return bytes(table.export("xlsx"))


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets the apostrophe that says it is a text."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell


def _table(content: bytes, name: str) -> tablib.Dataset:
    ending = name.rpartition(".")[2].lower()
    if ending not in FORMATS:
        raise Invalid(_("Only CSV and XLSX files are read."), field="file")
    try:
        if ending == "xlsx":
            return tablib.Dataset().load(content, format="xlsx")
        return tablib.Dataset().load(_decoded(content), format="csv")
    except Invalid:
        raise
    except Exception as error:  # tablib and openpyxl raise what they please
        words = {"format": ending.upper(), "reason": str(error)[:120]}
        raise Invalid(_("This is no readable %(format)s file (%(reason)s).") % words, field="file") from error


def _decoded(content: bytes) -> str:
    """CSV from Chinese Excel is GBK, from everywhere else UTF-8."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("The file is neither UTF-8 nor GBK text."), field="file")


def _places(headers: Iterable[Any], columns: Columns, required: Iterable[str]) -> dict[str, int]:
    """Field → place of its column."""
    known = {alias: name for name, (heading, more) in columns.items() for alias in (name, heading.lower(), *more)}
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        said = text(header).translate(NARROW).lower()
        if said in known:
            found.setdefault(known[said], place)
    missing = [columns[name][0] for name in required if name not in found]
    if missing:
        raise Invalid(_("The list lacks the columns: %(names)s.") % {"names": ", ".join(missing)}, field="file")
    return found


def text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip().removeprefix("'").strip()


def code(cell: Any) -> str:
    """A code. A spreadsheet that took it for a number has lost its last digits, and nobody can tell which they were."""
    said = text(cell)
    if (isinstance(cell, int | float) and len(said) > 15) or "e+" in said.lower():
        raise ValueError(_("The code was kept as a number and has lost digits; format the column as text."))
    return said


def date(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    said = text(cell)
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"):
        try:
            return dt.datetime.strptime(said, form).date()
        except ValueError:
            continue
    raise ValueError(_("“%(text)s” is no date; write it like 2026-01-31.") % {"text": said})
