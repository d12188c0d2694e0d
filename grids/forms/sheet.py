"""Lists of grids as CSV and XLSX: reading, the empty template, and writing what stands in the same shape."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core.sheet import Cells, Columns, Sheet, code_of, date_of, read_rows, text_of, write_table
from grids.actions import GridRow
from grids.choices import GridKind, MicroType
from grids.models import Grid

COLUMNS: Columns = {
    "code": ("网格编码", ("编码",)),
    "name": ("名称", ("网格名称",)),
    "kind": ("类型", ("网格类型",)),
    "micro_type": ("微网格类型", ()),
    "parent": ("上级编码", ("parent_code", "上级网格编码")),
    "households": ("户数", ()),
    "valid_from": ("启用日期", ()),
    "border": ("边界(GeoJSON)", ("边界", "border(geojson)")),
}
TITLE = "网格"
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


def read_sheet(content: bytes, name: str) -> Sheet[GridRow]:
    """A list of grids. Raises Invalid if it is none."""
    return read_rows(content, name, COLUMNS, REQUIRED, _row)


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
    return write_table(lines, COLUMNS, title=TITLE, ending=ending)


def template(ending: str) -> bytes:
    """A list to fill in, with four rows that show how."""
    return write_table(EXAMPLES, COLUMNS, title=TITLE, ending=ending)


def _border_cell(border: dict[str, Any] | None, ending: str) -> str:
    text = json.dumps(border, separators=(",", ":")) if border else ""
    return text if ending == "csv" or len(text) <= 32_000 else ""  # Excel keeps 32,767 characters in a cell


def _word(choice: "GridKind | MicroType") -> str:
    """The file speaks Chinese, whoever asks for it."""
    return next(word for word, spoken in SPOKEN.items() if spoken == choice)


def _row(cells: Cells) -> GridRow:
    return GridRow(
        code=cells.read("code", code_of, ""),
        kind=cells.read("kind", _kind, ""),
        name=cells.text("name"),
        micro_type=cells.read("micro_type", _micro_type, ""),
        parent_code=cells.read("parent", code_of, ""),
        households=cells.read("households", _number, None),
        valid_from=cells.read("valid_from", date_of, dt.date.min),
        border=cells.read("border", _border, None),
    )


def _choice(cell: Any, choices: "type[GridKind] | type[MicroType]", message: Any) -> str:
    said = text_of(cell)
    spoken: Any = SPOKEN.get(said)
    if spoken in choices.values:
        return str(spoken)
    for choice in choices:
        if said.lower() in {choice.value, str(choice.label).lower()}:
            return str(choice.value)
    raise ValueError(message % {"text": said})


def _kind(cell: Any) -> str:
    return _choice(cell, GridKind, gettext_lazy("There is no kind of grid “%(text)s”."))


def _micro_type(cell: Any) -> str:
    return _choice(cell, MicroType, gettext_lazy("There is no type of micro-grid “%(text)s”.")) if text_of(cell) else ""


def _number(cell: Any) -> int | None:
    said = text_of(cell)
    if not said:
        return None
    if not said.isdecimal():
        raise ValueError(_("“%(text)s” is no number of households.") % {"text": said})
    return int(said)


def _border(cell: Any) -> dict[str, Any] | None:
    said = text_of(cell)
    if not said:
        return None
    try:
        return dict(json.loads(said))
    except (ValueError, TypeError):
        raise ValueError(_("The border is no GeoJSON.")) from None
