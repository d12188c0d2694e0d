"""Posts by grid as a sheet: one line a grid, who serves it, and what is wrong."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gridgov.core.sheet import Columns, write_table
from grids.choices import PostKind, StaffGap
from grids.reports import StaffLine

# The columns of people, each for some kinds of post; whatever is named nowhere goes into the last.
GROUPS: dict[str, tuple[PostKind, ...]] = {
    "lead": (PostKind.STREET_STAFF, PostKind.ROOT_GRID_LEAD, PostKind.GRID_LEAD),
    "full_time": (PostKind.GRID_WORKER_FT,),
    "part_time": (PostKind.GRID_WORKER_PT, PostKind.MICRO_GRID_WORKER),
    "others": (PostKind.GRID_MENTOR, PostKind.BUILDING_LEAD, PostKind.UNIT_LEAD),
}


def write_staffing(lines: Iterable[StaffLine], ending: str) -> bytes:
    """LINES as CSV for Excel or XLSX, in the language of whoever asks."""
    columns: Columns = {
        "code": (_("grid code"), ()),
        "name": (_("name"), ()),
        "kind": (_("kind"), ()),
        "households": (_("households"), ()),
        "lead": (_("leads"), ()),
        "full_time": (str(PostKind.GRID_WORKER_FT.label), ()),
        "part_time": (_("part-time workers and members"), ()),
        "others": (_("others"), ()),
        "gaps": (_("what is wrong"), ()),
    }
    return write_table(map(_cells, lines), columns, title=_("Posts by grid"), ending=ending)


def _cells(line: StaffLine) -> tuple[object, ...]:
    people = ("、".join(_said(line, kinds)) for kinds in GROUPS.values())
    households = "" if line.households is None else line.households
    gaps = "、".join(str(gap.label) for gap in StaffGap if gap in line.gaps)
    return (line.code, line.name, str(line.kind.label), households, *people, gaps)


def _said(line: StaffLine, kinds: Iterable[PostKind]) -> list[str]:
    found = [holder for holder in line.holders if holder.kind in kinds]
    return [f"{holder.name}({holder.since:%Y-%m-%d})" for holder in found]
