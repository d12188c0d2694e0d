"""The matter list as CSV and XLSX: reading an office's own, and writing what stands in the same shape."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _

from cases.actions.matters import MatterRow
from cases.choices import Urgency
from cases.models import Category
from gridgov.core.sheet import Cells, Columns, Sheet, code_of, read_rows, text_of, write_table

TITLE = "网格事项清单"
COLUMNS: Columns = {
    "code": ("编码", ("事项编码", "代码")),
    "name": ("名称", ("事项名称", "事项")),
    "name_en": ("英文名", ()),
    "area": ("领域", ("所属领域", "事项领域")),
    "tier": ("级别", ("分级", "等级")),
    "urgency": ("紧急程度", ()),
    "response_hours": ("受理时限(小时)", ("受理时限",)),
    "lead_unit": ("主办单位", ("常用单位",)),
    "assist_units": ("协办单位", ()),
    "keywords": ("关键词", ()),
    "basis": ("依据", ()),
    "enabled": ("启用", ("是否启用",)),
    "needs_place": ("须填地点", ()),
    "needs_photo": ("办结须附照片", ()),
    "needs_photo_before": ("须有处置前照片", ()),
    "public": ("公开", ("可公开",)),
}
REQUIRED = ("code", "name")
YES, NO = "是", "否"
_SAID_YES, _SAID_NO = {YES, "1", "y", "yes", "true", "√"}, {NO, "0", "n", "no", "false", ""}
URGENCIES = {Urgency.NORMAL: "一般", Urgency.URGENT: "紧急", Urgency.EMERGENCY: "特急"}
EXAMPLES: tuple[tuple[Any, ...], ...] = (
    ("12", "示例大类", "", "平安建设", "", "", "", "", "", "", "", YES, NO, NO, NO, NO),
    (
        "1201",
        "示例事项",
        "",
        "平安建设",
        "B",
        "一般",
        4,
        "社区居委会",
        "城管科、物业",
        "示例、样例",
        "",
        YES,
        YES,
        YES,
        NO,
        YES,
    ),
)


def read_matters(content: bytes, name: str) -> Sheet[MatterRow]:
    """CSV or XLSX by the ending of NAME. Raises Invalid if it is no such list."""
    return read_rows(content, name, COLUMNS, REQUIRED, _row, max_rows=2000, max_bytes=4 * 1024 * 1024)


def write_matters(rows: Iterable[Category], ending: str) -> bytes:
    """ROWS, groups and items, in the shape that `read_matters` reads."""
    lines = (
        (
            row.code, row.name, row.name_en, row.area, row.tier, URGENCIES.get(Urgency(row.urgency)) if row.urgency else "",
            row.response_hours or "", row.lead_unit, "、".join(row.assist_units), "、".join(row.keywords), row.basis,
            _word(row.enabled), _word(row.needs_place), _word(row.needs_photo), _word(row.needs_photo_before), _word(row.public),
        )
        for row in rows
    )  # fmt: skip
    return write_table(lines, COLUMNS, title=TITLE, ending=ending)


def template(ending: str) -> bytes:
    """A list to fill in, with a group and an item that show how."""
    return write_table(EXAMPLES, COLUMNS, title=TITLE, ending=ending)


def _word(yes: bool) -> str:
    return YES if yes else NO


def _row(cells: Cells) -> MatterRow:
    """What the file's own columns say; a column that is not there says nothing."""
    readers: dict[str, tuple[Callable[[Any], Any], Any]] = {
        "tier": (lambda cell: text_of(cell).upper(), ""), "urgency": (_urgency, ""), "response_hours": (_hours, None),
        "assist_units": (_several, []), "keywords": (_several, []), "enabled": (lambda cell: _yes(cell, otherwise=True), True),
        "needs_place": (_yes, False), "needs_photo": (_yes, False), "needs_photo_before": (_yes, False),
        "public": (_yes, False),
    }  # fmt: skip
    values = {
        name: cells.read(name, *readers[name]) if name in readers else cells.text(name)
        for name in COLUMNS
        if name != "code" and name in cells
    }
    return MatterRow(cells.read("code", _code, ""), values)


def _several(cell: Any) -> list[str]:
    return [word for word in re.split(r"[、,，;；|]+", text_of(cell)) if word]


def _code(cell: Any) -> str:
    """Two digits or four; a spreadsheet that took it for a number has eaten the nought in front."""
    text = code_of(cell)
    return text.zfill(len(text) + len(text) % 2) if text.isascii() and text.isdigit() else text


def _urgency(cell: Any) -> str:
    said = text_of(cell)
    found = next((urgency for urgency, word in URGENCIES.items() if said in {word, urgency.value}), None)
    if said and found is None:
        raise ValueError(
            _("“%(text)s” is no urgency; write one of: %(words)s.")
            % {"text": said, "words": "、".join(URGENCIES.values())}
        )
    return found.value if found else ""


def _hours(cell: Any) -> int | None:
    said = text_of(cell)
    if said and not (said.isascii() and said.isdigit() and 0 < int(said) < 1000):
        raise ValueError(_("“%(text)s” is no number of hours.") % {"text": said})
    return int(said) if said else None


def _yes(cell: Any, otherwise: bool = False) -> bool:
    said = text_of(cell).lower()
    if not said:
        return otherwise
    if said not in _SAID_YES | _SAID_NO:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": said})
    return said in _SAID_YES
