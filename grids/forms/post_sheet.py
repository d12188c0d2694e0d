"""Lists of posts as CSV and XLSX: reading, the empty template, and writing what stands."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from gridgov.core.sheet import Cells, Columns, Sheet, code_of, date_of, read_rows, text_of, write_table
from grids.actions import PostLine
from grids.choices import PostKind
from grids.models import Post

COLUMNS: Columns = {
    "user": ("账号", ("用户名", "username", "user")),
    "name": ("姓名", ("full_name",)),
    "kind": ("岗位", ("岗位类型", "post")),
    "grid": ("网格编码", ("编码", "grid_code")),
    "unit": ("单位", ("部门", "单位名称")),
    "place": ("网格名称", ("网格",)),
    "valid_from": ("起始日期", ("起", "起始", "任职日期", "开始日期")),
    "valid_to": ("截止日期", ("止", "截止", "离任日期", "结束日期")),
}
TITLE = "岗位"
REQUIRED = ("user", "kind")
# The words of the field; the first for each kind is the one written.
SPOKEN = {
    "区县工作人员": PostKind.DISTRICT_STAFF,
    "街道工作人员": PostKind.STREET_STAFF,
    "总网格长": PostKind.ROOT_GRID_LEAD,
    "网格长": PostKind.GRID_LEAD,
    "综合网格长": PostKind.GRID_LEAD,
    "专职网格员": PostKind.GRID_WORKER_FT,
    "兼职网格员": PostKind.GRID_WORKER_PT,
    "微网格员": PostKind.MICRO_GRID_WORKER,
    "网格指导员": PostKind.GRID_MENTOR,
    "楼栋长": PostKind.BUILDING_LEAD,
    "单元长": PostKind.UNIT_LEAD,
    "专业网格员": PostKind.SPECIALIST_WORKER,
    "单位人员": PostKind.UNIT_STAFF,
}
_WRITTEN = {kind: word for word, kind in reversed(SPOKEN.items())}
EXAMPLES: tuple[tuple[Any, ...], ...] = (
    ("zhangsan", "张三", "专职网格员", "990101001001001001", "", "一号微网格", "2026-01-01", ""),
    ("lisi", "李四", "专业网格员", "", "示例区供水公司", "", "2026-01-01", "2026-12-31"),
)


def read_posts(content: bytes, name: str) -> Sheet[PostLine]:
    """A list of posts. Raises Invalid if it is none."""
    return read_rows(content, name, COLUMNS, REQUIRED, _row)


def write_posts(rows: Iterable[Post], ending: str) -> bytes:
    """ROWS (`for_list`) in the import's shape. Those of a district stand on no list."""
    lines = (
        (
            post.user.username,
            post.user.full_name,
            _WRITTEN[PostKind(post.kind)],
            post.grid.code if post.grid else "",
            post.unit.name if post.unit else "",
            post.grid.name if post.grid else "",
            post.valid_from.isoformat(),
            post.valid_to.isoformat() if post.valid_to else "",
        )
        for post in rows
        if not post.area_prefix
    )
    return write_table(lines, COLUMNS, title=TITLE, ending=ending)


def template(ending: str) -> bytes:
    """A list to fill in, with two rows that show how."""
    return write_table(EXAMPLES, COLUMNS, title=TITLE, ending=ending)


def _row(cells: Cells) -> PostLine:
    return PostLine(
        user=cells.text("user"),
        name=cells.text("name"),
        kind=cells.read("kind", _kind, ""),
        grid_code=cells.read("grid", code_of, ""),
        unit=cells.text("unit"),
        valid_from=cells.read("valid_from", _day, None),
        valid_to=cells.read("valid_to", _day, None),
    )


def _kind(cell: Any) -> str:
    said = text_of(cell)
    if said in SPOKEN:
        return SPOKEN[said].value
    for kind in PostKind:
        if said.lower() in {kind.value, str(kind.label).lower()}:
            return kind.value
    raise ValueError(_("There is no post “%(kind)s”.") % {"kind": said})


def _day(cell: Any) -> dt.date | None:
    return date_of(cell) if text_of(cell) else None
