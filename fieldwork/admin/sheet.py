"""The daily reports of a day as a sheet, marked with whom it was made for (gridgov.core.marked_sheet)."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from fieldwork import rules
from fieldwork.reports import DailyLine, daily_lines
from gridgov.core.makers import Maker, Part, register
from gridgov.core.masking import mask_text
from grids.models import Grid
from grids.queries import heavy
from grids.reports import scope_print

KIND = "fieldwork.daily"
HEADINGS = (
    _("day"), _("community"), _("grid"), _("grid code"), _("worker"), _("state"), _("given"), _("patrols"), _("visits"),
    _("cases reported"), _("note"),
)  # fmt: skip


def _lines(by: User, asked: dict[str, Any]) -> list[DailyLine]:
    top = Grid.objects.ground_of(by).defer(*heavy("")).filter(code=asked["at"]).first()
    found = daily_lines(top, dt.date.fromisoformat(asked["on"]), timezone.now()) if top else []
    return [line for line in found if not asked["state"] or line.state == asked["state"]]


def _cells(line: DailyLine, day: str) -> list[Any]:
    """Whether the report was given, and what it says; not how long anybody walked."""
    report = line.report
    counts = report.counts if report else {}
    given = f"{timezone.localtime(report.given_at):%Y-%m-%d %H:%M}" if report else ""
    visits = sum(counts.get("visits", {}).values()) if report else ""
    return [
        day, line.community[1], line.grid, line.code, line.name, str(line.state.label), given, counts.get("patrols", ""),
        visits, counts.get("cases", ""), mask_text(report.note) if report else "",
    ]  # fmt: skip


def _part(by: User, asked: dict[str, Any], after: str, size: int) -> Part:
    """A day of a street is some hundred lines: read at once."""
    return Part([_cells(line, asked["on"]) for line in _lines(by, asked)])


register(
    KIND,
    Maker(
        title=_("Daily reports"), headings=lambda: [str(heading) for heading in HEADINGS], part=_part,
        count=lambda by, asked, limit: len(_lines(by, asked)[:limit]), may=rules.can_oversee, standing=scope_print,
    ),
)  # fmt: skip
