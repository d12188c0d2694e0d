"""Lists of bound professional workers as CSV and XLSX: reading, the empty template, and writing what stands."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from gridgov.core.sheet import Cells, Columns, Sheet, code_of, date_of, read_rows, text_of, write_table
from grids.actions import BindingLine
from grids.models import Binding

COLUMNS: Columns = {
    "person": ("账号或姓名", ("账号", "姓名", "姓名/账号", "专业网格员", "username", "name")),
    "unit": ("单位", ("部门", "单位名称")),
    "grid": ("网格编码", ("编码", "网格", "grid_code")),
    "matters": ("事项编码", ("事项", "事项类别")),
    "valid_from": ("起始日期", ("起", "起始", "开始日期")),
    "valid_to": ("截止日期", ("止", "截止", "结束日期")),
}
TITLE = "专业网格员"
REQUIRED = ("person", "grid")
EXAMPLES: tuple[tuple[Any, ...], ...] = (
    ("zhangsan", "示例区供水公司", "990101001001000", "0501、0502", "2026-01-01", ""),
    ("李四", "示例区供电公司", "990101001001001", "", "2026-01-01", "2026-12-31"),
)


def read_roster(content: bytes, name: str) -> Sheet[BindingLine]:
    """A list of bindings. Raises Invalid if it is none."""
    return read_rows(content, name, COLUMNS, REQUIRED, _row)


def write_roster(rows: Iterable[Binding], ending: str) -> bytes:
    """ROWS (`for_list`) in the import's shape."""
    lines = (
        (
            binding.post.user.username,
            binding.post.unit.name if binding.post.unit else "",
            binding.grid.code,
            "、".join(binding.matters),
            binding.valid_from.isoformat(),
            binding.valid_to.isoformat() if binding.valid_to else "",
        )
        for binding in rows
    )
    return write_table(lines, COLUMNS, title=TITLE, ending=ending)


def template(ending: str) -> bytes:
    """A list to fill in, with two rows that show how."""
    return write_table(EXAMPLES, COLUMNS, title=TITLE, ending=ending)


def codes(said: str) -> tuple[str, ...]:
    """The codes in SAID, whichever commas stand between them."""
    return tuple(code for code in re.split(r"[\s,,、;;/]+", said) if code)


def _row(cells: Cells) -> BindingLine:
    return BindingLine(
        person=cells.text("person"),
        unit=cells.text("unit"),
        grid_code=cells.read("grid", code_of, ""),
        matters=codes(cells.text("matters")),
        valid_from=cells.read("valid_from", _day, None),
        valid_to=cells.read("valid_to", _day, None),
    )


def _day(cell: Any) -> dt.date | None:
    return date_of(cell) if text_of(cell) else None
