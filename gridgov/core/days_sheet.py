"""Lists of days as CSV and XLSX: reading them, writing a year in the same shape, and a draft of one to fill in."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from gridgov.core.actions import DayRow
from gridgov.core.calendar import windows_from, windows_text
from gridgov.core.errors import Invalid
from gridgov.core.models import CalendarDay, DayKind
from gridgov.core.reports import SATURDAY
from gridgov.core.rows import RowFault
from gridgov.core.rules import can_be_windows
from gridgov.core.sheet import code_of, columns_of, date_of, read_table, text_of, told, write_table

MAX_ROWS = 10_000
MAX_BYTES = 4 * 1024 * 1024
TITLE = "工作日历"
COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "date": ("日期", ("day",)),
    "kind": ("性质", ("类型", "工作日/休息日", "性质(工作日/休息日)")),
    "name": ("名称", ("节假日", "节假日名称", "说明")),
    "windows": ("工作时间", ("上班时间", "hours")),
    "scope": ("适用范围", ("适用范围代码", "区划代码", "编码")),
}
REQUIRED = ("date", "kind")
# What people call them; the first of each is the one written.
SPOKEN = {
    "工作日": DayKind.WORK, "工作": DayKind.WORK, "上班": DayKind.WORK, "班": DayKind.WORK, "调休上班": DayKind.WORK,
    "补班": DayKind.WORK, "休息日": DayKind.REST, "休息": DayKind.REST, "放假": DayKind.REST, "休": DayKind.REST,
    "节假日": DayKind.REST, "法定节假日": DayKind.REST, "周末": DayKind.REST,
}  # fmt: skip
KIND_WORDS = {kind: next(word for word, spoken in SPOKEN.items() if spoken == kind) for kind in DayKind}
NATION = {"", "全国", "000000"}


@dataclass
class DaysSheet:
    """A file read: its days in order, what could not be read, and the line of the file that each stands in."""

    rows: list[DayRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def told(self, faults: Iterable[RowFault]) -> list[str]:
        """FAULTS as sentences that name line and column."""
        return [told(fault, self.lines, COLUMNS) for fault in faults]


def read_days(content: bytes, name: str) -> DaysSheet:
    """CSV or XLSX by the ending of NAME. Raises Invalid if it is no such list."""
    table = read_table(content, name, max_rows=MAX_ROWS, max_bytes=MAX_BYTES)
    columns = columns_of(table.headers or [], COLUMNS, REQUIRED)
    sheet = DaysSheet()
    for number, line in enumerate(table, start=2):
        cells = {name: line[place] for name, place in columns.items()}
        if any(text_of(cell) for cell in cells.values()):  # spreadsheets trail off in empty lines
            sheet.lines.append(number)
            sheet.rows.append(_row(len(sheet.rows), cells, sheet.faults))
    if not sheet.rows:
        raise Invalid(_("The list has no rows."), field="file")
    return sheet


def write_days(rows: Iterable[CalendarDay], ending: str) -> bytes:
    """ROWS in the shape that `read_days` reads."""
    lines = (
        (row.date.isoformat(), KIND_WORDS[DayKind(row.kind)], row.name, windows_text(row.windows), row.scope)
        for row in rows
    )
    return write_table(lines, COLUMNS, title=TITLE, ending=ending)


def draft_of(year: int, scope: str = "") -> list[CalendarDay]:
    """Unsaved rows for every day of YEAR by the weekday alone: what is to be corrected by the holiday plan."""
    first = dt.date(year, 1, 1)
    dates = [first + dt.timedelta(days=n) for n in range((dt.date(year, 12, 31) - first).days + 1)]
    return [
        CalendarDay(date=date, kind=DayKind.WORK if date.weekday() < SATURDAY else DayKind.REST, scope=scope)
        for date in dates
    ]


def _row(index: int, cells: dict[str, Any], faults: list[RowFault]) -> DayRow:
    """One line. What can't be read is a fault, and a stand-in takes its place so that the rest can be checked."""

    def cell(name: str, read: Callable[[Any], Any], otherwise: Any) -> Any:
        try:
            return read(cells.get(name))
        except ValueError as error:
            faults.append(RowFault(index, name, str(error)))
            return otherwise

    return DayRow(
        date=cell("date", date_of, dt.date.min),
        kind=cell("kind", _kind, DayKind.WORK.value),
        name=text_of(cells.get("name")),
        windows=cell("windows", _windows, ()),
        scope=cell("scope", _scope, ""),
    )


def _kind(cell: Any) -> str:
    text = text_of(cell)
    if text in SPOKEN:
        return SPOKEN[text].value
    for kind in DayKind:
        if text.lower() in {kind.value, str(kind.label).lower()}:
            return kind.value
    raise ValueError(_("“%(text)s” is neither a working day nor a day off.") % {"text": text})


def _windows(cell: Any) -> tuple[tuple[str, str], ...]:
    windows = windows_from(text_of(cell))
    if refusal := can_be_windows(windows).refusal:
        raise ValueError(str(refusal))
    return tuple((opens, closes) for opens, closes in windows)


def _scope(cell: Any) -> str:
    code = code_of(cell)
    return "" if code in NATION else code
