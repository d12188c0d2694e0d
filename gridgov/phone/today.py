"""/m/: what waits for whoever holds the phone, today."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.choices import CASE_ROLES, FIELD_ROLES, Role
from cases.reports.queues import BY_NAME, HANDLERS, LATE, MINE, Surveyed, survey
from cases.views.phone.lines import first_lines
from fieldwork.models import DailyReport, Patrol
from gridgov.core.phone import phone_page
from mediation.models import Mediator

LINES = 20
# The order in which counts are told: what burns, what is asked, what is watched.
TOLD = (
    "late", "to-answer", "red", "yellow", "near", "to-call", "to-sign-in", "handling", "to-accept", "to-dispatch", "to-verify",
    "to-close",
)  # fmt: skip
COLOURS = {"warn": "red", "near": "yellow"}


@dataclass(frozen=True)
class Count:
    """How many cases wait in one way, and the list of them."""

    label: Any
    count: int
    url: str
    colour: str


@phone_page()
@require_safe
def show_today(request: HttpRequest) -> HttpResponse:
    """The cases with the least time left, and how many wait in which way. Whoever works with no case begins with what is
    theirs."""
    user, at = request.user, timezone.now()
    if user.role == Role.VOLUNTEER:
        return HttpResponseRedirect(reverse("m-volunteer"))
    if user.role == Role.MEDIATOR:
        return HttpResponseRedirect(reverse("m-mediation"))
    if user.role not in CASE_ROLES:
        return HttpResponseRedirect(reverse("m-me"))
    found = survey(user, at)
    waits, works_in_field = found.counts.get(MINE, 0), user.role in FIELD_ROLES
    context = {
        "now": timezone.localtime(at), "waits": waits, "late": found.counts.get(LATE, 0), "counts": _counts(found),
        "lines": first_lines(user, found, at, LINES) if waits else [], "more": max(0, waits - LINES),
        "running": Patrol.objects.own(user).for_list().running().first(), "works_in_field": works_in_field,
        "mediates": Mediator.objects.of(user) is not None,
        "carries": settings.PHONE_CARRIES_HOURS and user.role in HANDLERS,
        "daily": DailyReport.objects.own(user).filter(day=timezone.localdate(at)).first() if works_in_field else None,
    }  # fmt: skip
    return render(request, "m/today.html", context)


def _counts(found: Surveyed) -> list[Count]:
    """What there is none of is not told."""
    listed = reverse("m-cases")
    return [
        Count(BY_NAME[name].label, count, f"{listed}?queue={name}", COLOURS.get(BY_NAME[name].warns, ""))
        for name in TOLD
        if (count := found.counts.get(name, 0))
    ]
