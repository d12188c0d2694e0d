"""Lists of grids as CSV and XLSX: reading, the empty template, and writing what stands in the same shape."""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core.errors import Invalid
from gridgov.core.sheet import code_of, columns_of, date_of, read_table, text_of, told, write_table
from grids.actions import GridRow, RowFault
from grids.choices import GridKind, MicroType
from grids.models import Grid

MAX_ROWS = 50_000
# Field → (heading in Chinese, further headings understood). English ones are the names themselves.
COLUMNS: dict[str, tuple[str, tuple[str, ...]]] = {
    "code": ("网格编码", ("编码",)),
    "name": ("名称", ("网格名称",)),
    "kind": ("类型", ("网格类型",)),
    "micro_type": ("微网格类型", ()),
    "parent": ("上级编码", ("parent_code", "上级网格编码")),
    "households": ("户数", ()),
    "valid_from": ("启用日期", ()),
    "border": ("边界(GeoJSON)", ("边界", "border(geojson)")),
}
REQUIRED = ("code", "name", "kind", "valid_from")
# The words of the field; the first for each kind is the one written.
SPOKEN = {
    "街道": GridKind.STREET,
    "总网格": GridKind.TOTAL,
    "综合网格": GridKind.COMPREHENSIVE,
    "专属网格": GridKind.DEDICATED,
    "微网格": GridKind.MICRO,
    "居民微网格": MicroType.RESIDENT,
    "居民": MicroType.RESIDENT,
    "商户微网格": MicroType.MERCHANT,
    "商户": MicroType.MERCHANT,
}
EXAMPLES: tuple[tuple[Any, ...], ...] = (
    ("990101001", "示范街道", "街道", "", "", "", "2026-01-01", ""),
    ("990101001001000", "和平社区总网格", "总网格", "", "990101001", "", "2026-01-01", ""),
    ("990101001001001", "第一综合网格", "综合网格", "", "990101001001000", "", "2026-01-01", ""),
    ("990101001001001001", "一号微网格", "微网格", "居民微网格", "990101001001001", 42, "2026-01-01", ""),
)


@dataclass
class Sheet:
    """A file read: its grids in order, what could not be read, and the line of the file that each row stands in."""

    rows: list[GridRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def told(self, faults: Iterable[RowFault]) -> list[str]:
        """FAULTS as sentences that name line and column."""
        return [told(fault, self.lines, COLUMNS) for fault in faults]


def read_sheet(content: bytes, name: str) -> Sheet:
    """CSV (UTF-8 with or without BOM, or GBK) or XLSX by the ending of NAME. Raises Invalid if it is no such list."""
    table = read_table(content, name, max_rows=MAX_ROWS)
    columns = columns_of(table.headers or [], COLUMNS, REQUIRED)
    sheet = Sheet()
    for number, line in enumerate(table, start=2):
        cells = {name: line[place] for name, place in columns.items()}
        if any(text_of(cell) for cell in cells.values()):  # spreadsheets trail off in empty lines
            sheet.lines.append(number)
            sheet.rows.append(_row(len(sheet.rows), cells, sheet.faults))
    if not sheet.rows:
        raise Invalid(_("The list has no rows."), field="file")
    return sheet


def write_sheet(rows: Iterable[Grid], ending: str) -> bytes:
    """ROWS (with their borders) as CSV for Excel (UTF-8 with BOM) or XLSX. A border too long for a cell is left out."""
    lines = (
        (
            grid.code,
            grid.name,
            _word(GridKind(grid.kind)),
            _word(MicroType(grid.micro_type)) if grid.micro_type else "",
            grid.parent.code if grid.parent else "",
            "" if grid.households is None else grid.households,
            grid.valid_from.isoformat(),
            _border_cell(grid.border, ending),
        )
        for grid in rows
    )
    return write_table(lines, COLUMNS, title="网格", ending=ending)


def template(ending: str) -> bytes:
    """A list to fill in, with four rows that show how."""
    return write_table(EXAMPLES, COLUMNS, title="网格", ending=ending)


def _border_cell(border: dict[str, Any] | None, ending: str) -> str:
    text = json.dumps(border, separators=(",", ":")) if border else ""
    return text if ending == "csv" or len(text) <= 32_000 else ""  # Excel keeps 32,767 characters in a cell


def _word(choice: "GridKind | MicroType") -> str:
    """The file speaks Chinese, whoever asks for it."""
    return next(word for word, spoken in SPOKEN.items() if spoken == choice)


def _row(index: int, cells: dict[str, Any], faults: list[RowFault]) -> GridRow:
    """One line. What can't be read is a fault, and a stand-in takes its place so that the rest can be checked."""

    def cell(name: str, read: Callable[[Any], Any], otherwise: Any) -> Any:
        try:
            return read(cells.get(name))
        except ValueError as error:
            faults.append(RowFault(index, name, str(error)))
            return otherwise

    return GridRow(
        code=cell("code", code_of, ""),
        kind=cell("kind", _kind, ""),
        name=text_of(cells.get("name")),
        micro_type=cell("micro_type", _micro_type, ""),
        parent_code=cell("parent", code_of, ""),
        households=cell("households", _number, None),
        valid_from=cell("valid_from", date_of, dt.date.min),
        border=cell("border", _border, None),
    )


def _choice(cell: Any, choices: "type[GridKind] | type[MicroType]", message: Any) -> str:
    text = text_of(cell)
    spoken: Any = SPOKEN.get(text)
    if spoken in choices.values:
        return str(spoken)
    for choice in choices:
        if text.lower() in {choice.value, str(choice.label).lower()}:
            return str(choice.value)
    raise ValueError(message % {"text": text})


def _kind(cell: Any) -> str:
    return _choice(cell, GridKind, gettext_lazy("There is no kind of grid “%(text)s”."))


def _micro_type(cell: Any) -> str:
    return _choice(cell, MicroType, gettext_lazy("There is no type of micro-grid “%(text)s”.")) if text_of(cell) else ""


def _number(cell: Any) -> int | None:
    text = text_of(cell)
    if not text:
        return None
    if not text.isdecimal():
        raise ValueError(_("“%(text)s” is no number of households.") % {"text": text})
    return int(text)


def _border(cell: Any) -> dict[str, Any] | None:
    text = text_of(cell)
    if not text:
        return None
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):
        raise ValueError(_("The border is no GeoJSON.")) from None
