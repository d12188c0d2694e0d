"""Lists of days as CSV and XLSX: reading them, writing a year in the same shape, and a draft of one to fill in."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from gridgov.core.actions import DayRow
from gridgov.core.calendar import windows_from, windows_text
from gridgov.core.models import CalendarDay, DayKind
from gridgov.core.reports import SATURDAY
from gridgov.core.rules import can_be_windows
from gridgov.core.sheet import Cells, Columns, Sheet, code_of, date_of, read_rows, text_of, write_table

MAX_ROWS = 10_000
MAX_BYTES = 4 * 1024 * 1024
TITLE = "工作日历"
COLUMNS: Columns = {
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


def read_days(content: bytes, name: str) -> Sheet[DayRow]:
    """CSV or XLSX by the ending of NAME. Raises Invalid if it is no such list."""
    return read_rows(content, name, COLUMNS, REQUIRED, _row, max_rows=MAX_ROWS, max_bytes=MAX_BYTES)


def write_days(rows: Iterable[CalendarDay], ending: str) -> bytes:
    """ROWS in the shape that `read_days` reads."""
    lines = (
        (row.date.isoformat(), KIND_WORDS[DayKind(row.kind)], row.name, windows_text(row.windows), row.scope)
        for row in rows
    )
    return write_table(lines, COLUMNS, title=TITLE, ending=ending)


def draft_of(year: int) -> list[CalendarDay]:
    """Unsaved rows for every day of YEAR by the weekday alone: what is to be corrected by the holiday plan."""
    first = dt.date(year, 1, 1)
    dates = [first + dt.timedelta(days=n) for n in range((dt.date(year, 12, 31) - first).days + 1)]
    return [CalendarDay(date=date, kind=DayKind.WORK if date.weekday() < SATURDAY else DayKind.REST) for date in dates]


def _row(cells: Cells) -> DayRow:
    return DayRow(
        date=cells.read("date", date_of, dt.date.min),
        kind=cells.read("kind", _kind, DayKind.WORK.value),
        name=cells.text("name"),
        windows=cells.read("windows", _windows, ()),
        scope=cells.read("scope", _scope, ""),
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
