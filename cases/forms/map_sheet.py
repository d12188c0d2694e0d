"""The figures of the one map as a sheet, a line for each grid."""

from django.utils.translation import gettext as _

from cases.reports.map import Counts, MapFigures
from gridgov.core.sheet import write_table
from grids.choices import GridKind


def map_sheet(found: MapFigures, ending: str) -> bytes:
    """FOUND as CSV for Excel (UTF-8 with BOM) or XLSX; cases on no grid of the level come last."""
    headings = {
        "code": _("grid code"), "name": _("name"), "kind": _("kind"), "open": _("open"), "late": _("overdue"),
        "reported": _("reported"), "grids": _("grids"), "staffed": _("staffed"), "vacant": _("vacant"),
        "covered": _("covered by the party"), "uncovered": _("not covered"),
    }  # fmt: skip
    lines = [
        (line.grid.code, line.grid.name, GridKind(line.grid.kind).label, *_cases(line.cases), line.grid.grids,
         line.grid.staffed, line.grid.vacant, line.grid.covered, line.grid.uncovered)
        for line in found.lines
    ]  # fmt: skip
    lines.append(("", _("on no grid of this level"), "", *_cases(found.rest), "", "", "", "", ""))
    return write_table(lines, {name: (text, ()) for name, text in headings.items()}, title=_("One map"), ending=ending)


def _cases(counts: Counts) -> tuple[int, int, int]:
    return counts.open, counts.late, counts.reported
