"""A week of rooms or of mediators, with what is taken."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.choices import GridKind
from grids.models import Grid
from mediation.models import Room
from mediation.reports.calendar import DAYS, mediators_in_week, rooms_in_week

FIRST_YEAR, LAST_YEAR = 2000, 2100
PEOPLE = "people"


def show_calendar(request: HttpRequest, page: Any) -> HttpResponse:
    """?day= a day of the week that is shown; ?of=people mediators in place of rooms; ?at= a community."""
    by, today = request.user, timezone.localdate()
    day, of_people = _day(request.GET.get("day", "")) or today, request.GET.get("of") == PEOPLE
    monday = day - dt.timedelta(days=day.weekday())
    grounds = _grounds(request)
    ground = next((one for one in grounds if one.code == request.GET.get("at", "")), None)
    lines = (mediators_in_week if of_people else rooms_in_week)(by, monday, ground)

    def address(**given: Any) -> str:
        kept = {"day": day.isoformat(), "of": PEOPLE if of_people else "", "at": ground.code if ground else ""}
        return "?" + urlencode({name: value for name, value in {**kept, **given}.items() if value})

    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("Calendar of mediation"), "lines": lines,
        "days": [monday + dt.timedelta(days=n) for n in range(DAYS)], "today": today, "day": day, "of_people": of_people,
        "ground": ground, "grounds": grounds, "before": address(day=(day - dt.timedelta(days=DAYS)).isoformat()),
        "after": address(day=(day + dt.timedelta(days=DAYS)).isoformat()), "now": address(day=today.isoformat()),
        "rooms": address(of=""), "people": address(of=PEOPLE),
    }  # fmt: skip
    return render(request, "mediation/calendar.html", context)


def _grounds(request: HttpRequest) -> list[Grid]:
    """The communities in which rooms are in sight."""
    seen = Room.objects.visible_to(request.user).order_by().values("grid")
    rows = Grid.objects.filter(pk__in=seen, kind=GridKind.TOTAL).order_by("code")
    return list(rows.only("code", "name", "tree_id", "lft", "rght"))


def _day(text: str) -> dt.date | None:
    """The day that an address says, of a year that can be meant."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
