"""What was done on the grids of a period. Grids in the order of their codes: no person, and no ranking."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldwork.choices import Diligence
from fieldwork.reports import grid_figures
from grids.admin.ground import address, ground_of, grounds_beside
from grids.choices import GridKind

PAGE = "admin:fieldwork_patrol_figures"
DAYS = (7, 30, 90)


def show_figures(request: HttpRequest, page: Any) -> HttpResponse:
    """?at= a grid's code, ?days= one of DAYS."""
    ground = ground_of(request.user, request.GET.get("at", ""))
    days = next((n for n in DAYS if str(n) == request.GET.get("days", "")), DAYS[0])
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("What was done on the grids"),
        "nothing": ground is None, "ground": ground,
    }  # fmt: skip
    if ground is not None:
        last = timezone.localdate()
        lines = grid_figures(ground.shown, last - dt.timedelta(days=days - 1), last)
        street = ground.shown.kind == GridKind.STREET
        code = ground.shown.code
        context |= {
            "grounds": grounds_beside(request.user, ground, PAGE), "kinds": list(Diligence), "street": street,
            "lines": [(line, address(PAGE, at=line.code, days=str(days)) if street else "") for line in lines],
            "sums": {
                "patrols": sum(line.patrols for line in lines), "minutes": sum(line.minutes for line in lines),
                "visits": [sum(line.visits[kind] for line in lines) for kind in Diligence],
            },
            "tabs": [
                {"label": _("%(count)s days") % {"count": n}, "url": address(PAGE, at=code, days=str(n)), "current": n == days}
                for n in DAYS
            ],
            "up": address(PAGE, at=ground.top.code, days=str(days)) if ground.shown.pk != ground.top.pk else "",
        }  # fmt: skip
    return render(request, "fieldwork/figures.html", context)
