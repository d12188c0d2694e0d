"""/m/field/: the own day at a glance."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import FIELD_ROLES
from fieldwork.choices import DAY_MINUTES
from fieldwork.models import TrailLook
from fieldwork.reports import day_of, days_before, own_places, trail_days
from gridgov.core.phone import phone_page

MOST_LOOKS = 10


@phone_page(roles=FIELD_ROLES)
@require_safe
def show_day(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    day = day_of(request.user, today, now)
    place = next(iter(own_places(request.user)), None)
    before = days_before(request.user, today, now, place.code if place else "")
    looks = TrailLook.objects.filter(patrol__user=request.user, at__gte=now - dt.timedelta(days=365))
    context = {
        "day": day, "minutes": day.counts.minutes, "wanted": DAY_MINUTES, "before": before,
        "looks": looks.select_related("by", "patrol")[:MOST_LOOKS], "kept": list(trail_days(request.user, 7)),
        "logged": "logged" in request.GET, "given": "given" in request.GET,
    }  # fmt: skip
    return render(request, "fieldwork/m/day.html", context)
