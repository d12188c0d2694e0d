"""Volunteering on the grids of a period. Grids in the order of their codes: no person, and no ranking."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from grids.admin.period import show_period
from volunteers.reports.figures import COUNTED, VolunteerFigures, volunteer_figures

PAGE = "admin:volunteers_panel_figures"
DAYS = (30, 90, 365)


def show_figures(request: HttpRequest, page: Any) -> HttpResponse:
    return show_period(
        request, page, title=_("Volunteering by grid"), name=PAGE, template="volunteers/figures.html", spans=DAYS,
        figures=volunteer_figures, more=_together,
    )  # fmt: skip


def _together(lines: Sequence[VolunteerFigures]) -> dict[str, Any]:
    sums = {what: sum(getattr(line, what) for line in lines) for what in COUNTED}
    return {"sum": VolunteerFigures("", "", **sums)}
