"""Lists of resources as CSV and XLSX: reading, the empty template, and writing what stands in the same shape."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from gridgov.core.sheet import Cells, Columns, Sheet, code_of, date_of, read_rows, text_of, write_table
from resources.actions import ResourceLine
from resources.choices import ResourceKind
from resources.models import Resource
from resources.rules import contact_of

COLUMNS: Columns = {
    "kind": ("类别", ("资源类别", "类型")),
    "name": ("名称", ("资源名称", "姓名")),
    "offers": ("可提供的资源", ("提供内容", "服务内容", "资源内容")),
    "grid": ("网格编码", ("编码", "所属网格编码")),
    "place": ("地点", ("地址", "位置")),
    "lng": ("经度", ("longitude",)),
    "lat": ("纬度", ("latitude",)),
    "hours": ("开放时间", ("营业时间",)),
    "contact_name": ("联系人", ()),
    "contact_phone": ("联系电话", ("电话",)),
    "is_contact_open": ("联系方式公开", ("电话公开",)),
    "consented_on": ("本人同意日期", ("同意日期",)),
    "is_public": ("可向居民公开", ("公开",)),
}
TITLE = "资源"
REQUIRED = ("kind", "name")
# The words of the field; the first for each kind is the one written.
SPOKEN = {
    "场所": ResourceKind.VENUE, "场地": ResourceKind.VENUE,
    "商铺": ResourceKind.SHOP, "商户": ResourceKind.SHOP, "商家": ResourceKind.SHOP,
    "企业": ResourceKind.ENTERPRISE,
    "社会组织": ResourceKind.SOCIAL_ORG, "社区组织": ResourceKind.SOCIAL_ORG,
    "能人": ResourceKind.TALENT, "人才": ResourceKind.TALENT,
    "服务点": ResourceKind.SERVICE_POINT, "驿站": ResourceKind.SERVICE_POINT,
}  # fmt: skip
YES, NO = "是", "否"
EXAMPLES: tuple[tuple[Any, ...], ...] = (
    ("场所", "和平社区活动室", "可容纳60人的会议室，投影、音响", "990101001001001", "和平路12号二楼", "", "",
     "周一至周五 9:00—17:00", "", "0510-80000000", YES, "", YES),
    ("能人", "李师傅", "剪纸、书法教学", "990101001001001", "和平社区活动室", "", "", "", "李师傅", "13900000000", NO,
     "2026-01-15", NO),
)  # fmt: skip


def read_resources(content: bytes, name: str) -> Sheet[ResourceLine]:
    """A list of resources. Raises Invalid if it is none."""
    return read_rows(content, name, COLUMNS, REQUIRED, _row)


def write_resources(rows: Iterable[Resource], ending: str) -> bytes:
    """ROWS (`for_list`) in the import's shape, masked contacts masked: read again, these leave what stands."""
    return write_table(map(_line, rows), COLUMNS, title=TITLE, ending=ending)


def template(ending: str) -> bytes:
    """A list to fill in, with two rows that show how."""
    return write_table(EXAMPLES, COLUMNS, title=TITLE, ending=ending)


def _line(row: Resource) -> tuple[Any, ...]:
    kind = next(word for word, kind in SPOKEN.items() if kind == row.kind)
    return (
        kind, row.name, row.offers, row.grid.code, row.place, "" if row.lng is None else row.lng,
        "" if row.lat is None else row.lat, row.hours, *contact_of(row), _said(row.is_contact_open),
        row.consented_on.isoformat() if row.consented_on else "", _said(row.is_public),
    )  # fmt: skip


def _said(value: bool) -> str:
    return YES if value else NO


def _row(cells: Cells) -> ResourceLine:
    """What a cell leaves empty is not said, and so is a contact that was masked when it was written."""
    readers = {
        "kind": _kind, "lng": _degrees, "lat": _degrees, "is_contact_open": _yes, "is_public": _yes, "consented_on": date_of,
    }  # fmt: skip
    values: dict[str, Any] = {}
    for name in COLUMNS:
        said = cells.text(name)
        if not said or name == "grid" or (name.startswith("contact_") and "*" in said):
            continue
        values[name] = cells.read(name, readers.get(name, text_of), None)
    return ResourceLine(
        cells.read("grid", code_of, ""), {name: said for name, said in values.items() if said is not None}
    )


def _kind(cell: Any) -> str:
    said = text_of(cell)
    found = SPOKEN.get(said) or next(
        (kind for kind in ResourceKind if said.lower() in {kind.value, str(kind.label).lower()}), None
    )
    if found is None:
        raise ValueError(_("There is no kind of resource “%(text)s”.") % {"text": said})
    return found.value


def _degrees(cell: Any) -> float:
    try:
        return float(text_of(cell))
    except ValueError:
        raise ValueError(_("“%(text)s” is no number of degrees.") % {"text": text_of(cell)}) from None


def _yes(cell: Any) -> bool:
    said = text_of(cell).lower()
    if said not in {YES, NO, "yes", "no", "true", "false", "1", "0"}:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": said})
    return said in {YES, "yes", "true", "1"}
