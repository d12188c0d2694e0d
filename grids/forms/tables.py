"""Lists of this room: the lines of a file (gridgov.core.sheet) made rows of an action, their faults collected."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from gridgov.core import sheet as files
from gridgov.core.errors import Invalid
from gridgov.core.sheet import Columns, code_of, date_of, text_of
from grids.actions import RowFault

R = TypeVar("R")
MAX_ROWS = 50_000
text, code, date = text_of, code_of, date_of


@dataclass
class Sheet(Generic[R]):
    """A file read: its rows in order, what could not be read, and the line of the file that each row stands in."""

    columns: Columns
    rows: list[R] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def told(self, faults: Iterable[RowFault]) -> list[str]:
        """FAULTS as sentences that name line and column."""
        return [files.told(fault, self.lines, self.columns) for fault in faults]


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


def read_table(
    content: bytes, name: str, columns: Columns, required: Iterable[str], row: Callable[[Cells], R]
) -> Sheet[R]:
    """A file as the rows that ROW makes of its lines. Raises Invalid if it is no such list."""
    table = files.read_table(content, name, max_rows=MAX_ROWS)
    places = files.columns_of(table.headers or [], columns, required)
    sheet: Sheet[R] = Sheet(columns)
    for number, line in enumerate(table, start=2):
        cells = {name: line[place] for name, place in places.items()}
        if any(text_of(cell) for cell in cells.values()):  # spreadsheets trail off in empty lines
            sheet.lines.append(number)
            sheet.rows.append(row(Cells(len(sheet.rows), cells, sheet.faults)))
    if not sheet.rows:
        raise Invalid(_("The list has no rows."), field="file")
    return sheet


def write_table(columns: Columns, lines: Iterable[tuple[Any, ...]], ending: str, title: str) -> bytes:
    """LINES as CSV for Excel or XLSX."""
    return files.write_table(lines, columns, title=title, ending=ending)
