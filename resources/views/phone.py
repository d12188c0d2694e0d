"""/m/resources/: what is near, where somebody stands or round the own grid, the nearest first; and what is on these days."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from gridgov.core.errors import Refusal
from gridgov.core.phone import phone_page
from grids.models import Grid
from resources import rules
from resources.choices import ICONS, READERS, USUAL_DISTANCE, ResourceKind
from resources.forms.near import NearForm
from resources.models import Resource, Service
from resources.reports.month import month_of
from resources.reports.nearby import Looking, looking_from

MOST_LINES = 100
DAYS_AHEAD = 7


@phone_page(roles=READERS)
@require_safe
def show_resources(request: HttpRequest) -> HttpResponse:
    form, refused = NearForm(request.GET), ""
    looking, metres = None, USUAL_DISTANCE
    try:
        looking, metres = form.looking(request.user) or (_own_ground(request.user), form.cleaned_data["within"])
    except Refusal as refusal:
        refused = str(refusal)
    kind = request.GET.get("kind", "")
    kind = kind if kind in ResourceKind.values else ""
    lines = _lines(request.user, looking, metres, kind)
    context = {
        "looking": looking, "metres": metres, "lines": lines[:MOST_LINES], "more": len(lines) > MOST_LINES, "kind": kind,
        "kinds": ResourceKind.choices, "distances": NearForm.base_fields["within"].choices, "refused": refused,
        "near": request.GET.get("near", "") if not refused else "", "days": _days(request.user),
    }  # fmt: skip
    return render(request, "resources/m/resources.html", context, status=400 if refused else 200)


def _own_ground(user: Any) -> Looking | None:
    """The first of the own grids whose border is drawn."""
    mine = Grid.objects.ground_of(user).current(timezone.localdate()).exclude(border=None).order_by("level", "code")
    code = mine.values_list("code", flat=True).first()
    return looking_from(user, code) if code else None


def _lines(user: Any, looking: Looking | None, metres: int, kind: str) -> list[dict[str, Any]]:
    """The nearest resources; without a place to look from, those that came in last."""
    rows = Resource.objects.visible_to(user).in_use().for_list()
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.near(looking.spot, metres).nearest_first() if looking else rows.order_by("-id")
    return [
        {
            "row": row, "sign": ICONS[ResourceKind(row.kind)], "metres": getattr(row, "metres", None),
            "phone": row.contact_phone if rules.is_contact_shown(row) else "",
        }
        for row in rows[: MOST_LINES + 1]
    ]  # fmt: skip


def _days(user: Any) -> list[Any]:
    """What is on today and in the days after it."""
    today = timezone.localdate()
    last = today + dt.timedelta(days=DAYS_AHEAD - 1)
    firsts = dict.fromkeys((today.replace(day=1), last.replace(day=1)))
    rows = Service.objects.visible_to(user)
    return [day for first in firsts for day in month_of(rows, first) if today <= day.date <= last]
