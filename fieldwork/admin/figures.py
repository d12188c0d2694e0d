"""What was done on the grids of a period. Grids in the order of their codes: no person, and no ranking."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from fieldwork.choices import Diligence
from fieldwork.reports import grid_figures
from grids.admin.period import show_period

PAGE = "admin:fieldwork_patrol_figures"
DAYS = (7, 30, 90)


def show_figures(request: HttpRequest, page: Any) -> HttpResponse:
    return show_period(
        request, page, title=_("What was done on the grids"), name=PAGE, template="fieldwork/figures.html", spans=DAYS,
        figures=grid_figures, more=_together,
    )  # fmt: skip


def _together(lines: Sequence[Any]) -> dict[str, Any]:
    sums = {
        "patrols": sum(line.patrols for line in lines), "minutes": sum(line.minutes for line in lines),
        "visits": [sum(line.visits[kind] for line in lines) for kind in Diligence],
    }  # fmt: skip
    return {"kinds": list(Diligence), "sums": sums}
