"""Volunteering on the grids of a period. Grids in the order of their codes: no person, and no ranking."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.admin.ground import address, ground_of, grounds_beside
from grids.choices import GridKind
from volunteers.reports.figures import COUNTED, VolunteerFigures, volunteer_figures

PAGE = "admin:volunteers_panel_figures"
DAYS = (30, 90, 365)


def show_figures(request: HttpRequest, page: Any) -> HttpResponse:
    """?at= a grid's code, ?days= one of DAYS."""
    ground = ground_of(request.user, request.GET.get("at", ""))
    days = next((n for n in DAYS if str(n) == request.GET.get("days", "")), DAYS[0])
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("Volunteering by grid"),
        "nothing": ground is None, "ground": ground,
    }  # fmt: skip
    if ground is not None:
        last = timezone.localdate()
        lines = volunteer_figures(ground.shown, last - dt.timedelta(days=days - 1), last)
        code, street = ground.shown.code, ground.shown.kind == GridKind.STREET
        sums = {what: sum(getattr(line, what) for line in lines) for what in COUNTED}
        context |= {
            "grounds": grounds_beside(request.user, ground, PAGE), "street": street,
            "lines": [
                (line, address(PAGE, at=line.code, days=str(days)) if street and line.code != code else "") for line in lines
            ],
            "sum": VolunteerFigures("", "", **sums),
            "tabs": [
                {"label": _("%(count)s days") % {"count": n}, "url": address(PAGE, at=code, days=str(n)), "current": n == days}
                for n in DAYS
            ],
            "up": address(PAGE, at=ground.top.code, days=str(days)) if ground.shown.pk != ground.top.pk else "",
        }  # fmt: skip
    return render(request, "volunteers/figures.html", context)
