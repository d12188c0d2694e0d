"""Lists of grids as CSV and XLSX: reading, the empty template, and writing what stands in the same shape."""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import tablib
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core.errors import Invalid
from gridgov.core.sheets import harmless
from grids.actions import GridRow, RowFault
from grids.choices import GridKind, MicroType
from grids.models import Grid

MAX_ROWS = 50_000
MAX_BYTES = 64 * 1024 * 1024
NARROW = str.maketrans("\uff08\uff09", "()")  # the wide parentheses of Chinese typing
FORMATS = ("csv", "xlsx")
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
        return [self._told(fault) for fault in faults]

    def _told(self, fault: RowFault) -> str:
        words = {"line": self.lines[fault.row], "message": fault.message}
        if fault.field not in COLUMNS:
            return _("Line %(line)d: %(message)s") % words
        return _("Line %(line)d, %(column)s: %(message)s") % {**words, "column": COLUMNS[fault.field][0]}


def read_sheet(content: bytes, name: str) -> Sheet:
    """CSV (UTF-8 with or without BOM, or GBK) or XLSX by the ending of NAME. Raises Invalid if it is no such list."""
    if len(content) > MAX_BYTES:
        raise Invalid(_("The file is bigger than %(max)d MB.") % {"max": MAX_BYTES >> 20}, field="file")
    table = _table(content, name)
    columns = _columns(table.headers or [])
    if len(table) > MAX_ROWS:
        raise Invalid(_("The list has more than %(max)d rows.") % {"max": MAX_ROWS}, field="file")
    sheet = Sheet()
    for number, line in enumerate(table, start=2):
        cells = {name: line[place] for name, place in columns.items()}
        if any(_text(cell) for cell in cells.values()):  # spreadsheets trail off in empty lines
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
    return _write(lines, ending)


def template(ending: str) -> bytes:
    """A list to fill in, with four rows that show how."""
    return _write(EXAMPLES, ending)


def _write(lines: Iterable[tuple[Any, ...]], ending: str) -> bytes:
    table = tablib.Dataset(headers=[heading for heading, _more in COLUMNS.values()], title="网格")
    for line in lines:
        table.append([harmless(cell) for cell in line])
    if ending == "csv":
        return ("\ufeff" + table.export("csv")).encode()
    return bytes(table.export("xlsx"))


def _border_cell(border: dict[str, Any] | None, ending: str) -> str:
    text = json.dumps(border, separators=(",", ":")) if border else ""
    return text if ending == "csv" or len(text) <= 32_000 else ""  # Excel keeps 32,767 characters in a cell


def _word(choice: "GridKind | MicroType") -> str:
    """The file speaks Chinese, whoever asks for it."""
    return next(word for word, spoken in SPOKEN.items() if spoken == choice)


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


def _columns(headers: Iterable[Any]) -> dict[str, int]:
    """Field → place of its column."""
    known = {alias: name for name, (heading, more) in COLUMNS.items() for alias in (name, heading.lower(), *more)}
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        said = _text(header).translate(NARROW).lower()
        if said in known:
            found.setdefault(known[said], place)
    missing = [COLUMNS[name][0] for name in REQUIRED if name not in found]
    if missing:
        raise Invalid(_("The list lacks the columns: %(names)s.") % {"names": ", ".join(missing)}, field="file")
    return found


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip().removeprefix("'").strip()


def _row(index: int, cells: dict[str, Any], faults: list[RowFault]) -> GridRow:
    """One line. What can't be read is a fault, and a stand-in takes its place so that the rest can be checked."""

    def cell(name: str, read: Callable[[Any], Any], otherwise: Any) -> Any:
        try:
            return read(cells.get(name))
        except ValueError as error:
            faults.append(RowFault(index, name, str(error)))
            return otherwise

    return GridRow(
        code=cell("code", _code, ""),
        kind=cell("kind", _kind, ""),
        name=_text(cells.get("name")),
        micro_type=cell("micro_type", _micro_type, ""),
        parent_code=cell("parent", _code, ""),
        households=cell("households", _number, None),
        valid_from=cell("valid_from", _date, dt.date.min),
        border=cell("border", _border, None),
    )


def _code(cell: Any) -> str:
    """A code. A spreadsheet that took it for a number has lost its last digits, and nobody can tell which they were."""
    text = _text(cell)
    if (isinstance(cell, int | float) and len(text) > 15) or "e+" in text.lower():
        raise ValueError(_("The code was kept as a number and has lost digits; format the column as text."))
    return text


def _choice(cell: Any, choices: "type[GridKind] | type[MicroType]", message: Any) -> str:
    text = _text(cell)
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
    return _choice(cell, MicroType, gettext_lazy("There is no type of micro-grid “%(text)s”.")) if _text(cell) else ""


def _number(cell: Any) -> int | None:
    text = _text(cell)
    if not text:
        return None
    if not text.isdecimal():
        raise ValueError(_("“%(text)s” is no number of households.") % {"text": text})
    return int(text)


def _date(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = _text(cell)
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"):
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValueError(_("“%(text)s” is no date; write it like 2026-01-31.") % {"text": text})


def _border(cell: Any) -> dict[str, Any] | None:
    text = _text(cell)
    if not text:
        return None
    try:
        return dict(json.loads(text))
    except (ValueError, TypeError):
        raise ValueError(_("The border is no GeoJSON.")) from None
