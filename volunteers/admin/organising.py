"""The organiser's workbench, and the calendar of shifts with its file."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.models import Grid
from volunteers.admin import looks
from volunteers.choices.people import WEEKDAYS
from volunteers.forms.calendar import as_ics
from volunteers.forms.work import why
from volunteers.reports.matching import short_shifts
from volunteers.reports.organising import Waiting, month_of, waits_for, week_of

FIRST_YEAR, LAST_YEAR = 2000, 2100


def show_organising(request: HttpRequest, page: Any) -> HttpResponse:
    """What waits: applications, shifts to close, appeals, needs, squads and shifts that lack people."""
    by, now = request.user, timezone.now()
    short = [
        (one.shift, [(volunteer, why(match)) for volunteer, match in one.fitting]) for one in short_shifts(by, now)
    ]
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("Organiser's workbench"),
        "boxes": _boxes(waits_for(by, now)), "short": short, "calendar": reverse("admin:volunteers_shift_calendar"),
    }  # fmt: skip
    return render(request, "volunteers/organising.html", context)


def _boxes(found: dict[str, Waiting]) -> list[dict[str, Any]]:
    """What the page shows of each kind: title, icon, the list with all of them, and lines of (address, words, more words)."""
    told: dict[str, tuple[Any, str, str, str, Any]] = {
        "applications": (_("Volunteers to review"), "person_add", "volunteer", "state__exact=applied",
                         lambda row: (row.public_name, f"{row.grid.name} · {looks.moment(row.applied_at)}")),
        "to_close": (_("Shifts to close"), "task_alt", "shift", "when=to-close",
                     lambda row: (row.project.title, f"{looks.moment(row.starts_at)} · {row.taken}/{row.capacity}")),
        "appeals": (_("Appeals about hours"), "gavel", "appeal", "state__exact=open",
                    lambda row: (row.words, f"{row.volunteer} · {looks.moment(row.at)}")),
        "needs": (_("Needs for help"), "sos", "need", "state__exact=open",
                  lambda row: (row.words, f"{row.grid.name} · {looks.moment(row.entered_at)}")),
        "squads": (_("Squads that are short"), "groups_2", "squad", "gap=short",
                   lambda row: (row.name, f"{row.grid.name} · {row.strength}")),
    }  # fmt: skip
    return [
        {
            "title": title, "icon": icon, "count": found[name].count, "all": f"{_address(model)}?{query}",
            "lines": [(_address(model, row.pk), *words(row)) for row in found[name].rows],
        }
        for name, (title, icon, model, query, words) in told.items()
    ]  # fmt: skip


def _address(model: str, pk: int | None = None) -> str:
    page = "changelist" if pk is None else "change"
    return reverse(f"admin:volunteers_{model}_{page}", args=[] if pk is None else [pk])


def show_calendar(request: HttpRequest, page: Any) -> HttpResponse:
    """?day= a day of the month (or of the week: ?view=week) that is shown; ?at= a community; ?file=ics the same as a calendar file."""
    by, today = request.user, timezone.localdate()
    day, is_week = _day(request.GET.get("day", "")) or today, request.GET.get("view") == "week"
    code = request.GET.get("at", "")
    grounds = Grid.objects.ground_of(by).order_by("code").only("code", "name", "tree_id", "lft", "rght")
    ground = next((one for one in grounds if one.code == code), None)
    weeks = (week_of if is_week else month_of)(by, day, ground)
    if request.GET.get("file") == "ics":
        return as_ics([shift for week in weeks for one in week for shift in one.shifts], at=timezone.now())
    before, after = _beside(day, is_week)

    def address(**given: Any) -> str:
        kept = {"day": day.isoformat(), "view": "week" if is_week else "", "at": ground.code if ground else ""}
        return "?" + urlencode({name: value for name, value in {**kept, **given}.items() if value})

    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("Calendar of shifts"), "weeks": weeks,
        "weekdays": WEEKDAYS, "today": today, "day": day, "is_week": is_week, "ground": ground, "grounds": grounds,
        "before": address(day=before.isoformat()), "after": address(day=after.isoformat()),
        "other": address(view="" if is_week else "week"), "file": address(file="ics"), "now": address(day=today.isoformat()),
    }  # fmt: skip
    return render(request, "volunteers/calendar.html", context)


def _day(text: str) -> dt.date | None:
    """The day that an address says, of a year that can be meant."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _beside(day: dt.date, is_week: bool) -> tuple[dt.date, dt.date]:
    """A day of the stretch before, and of the one after."""
    if is_week:
        return day - dt.timedelta(days=7), day + dt.timedelta(days=7)
    first = day.replace(day=1)
    return first - dt.timedelta(days=1), first + dt.timedelta(days=32)
