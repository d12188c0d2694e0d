"""Pages of figures: what the last days were on a ground, grid by grid in the order of their codes."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.admin.ground import address, ground_of, grounds_beside
from grids.choices import GridKind
from grids.models import Grid


def show_period(
    request: HttpRequest,
    page: Any,
    *,
    title: str,
    name: str,
    template: str,
    spans: tuple[int, ...],
    figures: Callable[[Grid, dt.date, dt.date], Sequence[Any]],
    more: Callable[[Sequence[Any]], dict[str, Any]],
) -> HttpResponse:
    """The page NAME. ?at= a grid's code, ?days= one of SPANS. FIGURES are lines with a `code`, from a first day to a last one;
    MORE is what TEMPLATE needs beyond them."""
    ground = ground_of(request.user, request.GET.get("at", ""))
    days = next((n for n in spans if str(n) == request.GET.get("days", "")), spans[0])
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": title, "nothing": ground is None, "ground": ground,
    }  # fmt: skip
    if ground is not None:
        last, code, street = timezone.localdate(), ground.shown.code, ground.shown.kind == GridKind.STREET
        lines = figures(ground.shown, last - dt.timedelta(days=days - 1), last)
        context |= {
            "grounds": grounds_beside(request.user, ground, name), "street": street, **more(lines),
            "lines": [
                (line, address(name, at=line.code, days=str(days)) if street and line.code != code else "") for line in lines
            ],
            "tabs": [
                {"label": _("%(count)s days") % {"count": n}, "url": address(name, at=code, days=str(n)), "current": n == days}
                for n in spans
            ],
            "up": address(name, at=ground.top.code, days=str(days)) if ground.shown.pk != ground.top.pk else "",
        }  # fmt: skip
    return render(request, template, context)
