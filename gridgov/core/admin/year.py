"""A year of the calendar at a glance, and one of its days to be changed."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core import actions, rules
from gridgov.core.admin.day_forms import OneDayForm
from gridgov.core.admin_verbs import FRAGMENT
from gridgov.core.calendar import windows_text
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.models import CalendarDay, DayKind
from gridgov.core.questions import Place
from gridgov.core.reports import DayAt, day_at, year_at
from gridgov.core.rules import FIRST_YEAR, LAST_YEAR
from gridgov.core.verbs import Verb

# What the address says for the nation, whose scope is ''.
NATION = "nation"
CHANGE = Verb("change", gettext_lazy("Save"), lambda **_none: None)


@dataclass(frozen=True)
class Cell:
    """A day as the page draws it: its looks, the mark on it, the line under its number, and all of it in words."""

    day: DayAt
    looks: str
    mark: str
    line: str
    words: str
    url: str
    today: bool = False
    chosen: bool = False


@dataclass(frozen=True)
class Choice:
    """Something to choose on the page: a place, a year."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Month:
    name: str
    anchor: str
    working: int
    unknown: int
    weeks: list[list[Cell | None]] = field(default_factory=list)


def address(*, year: int, scope: str = "", day: dt.date | None = None) -> str:
    """The page of YEAR in SCOPE, with DAY in view."""
    given = {"year": year, "scope": scope or NATION, **({"day": day.isoformat()} if day else {})}
    return f"{reverse('admin:core_calendarday_year')}?{urlencode(given)}"


def place_name(place: Place) -> str:
    if not place.code:
        return _("The whole country")
    return f"{place.name} {place.code}" if place.name else _("District %(code)s") % {"code": place.code}


def show_year(request: HttpRequest, page: Any) -> HttpResponse:
    """Twelve months of a year in a place: which days work, which don't, and which nobody knows yet."""
    today = timezone.localdate()
    number = year_asked(request, today.year)
    places = [Place(""), *rules.places(request.user)]
    place = place_asked(request, places)
    year = year_at(place.code, number)
    may_keep = bool(rules.can_keep_days(request.user, place.code))
    chosen = request.GET.get("day", "")
    months = [
        Month(
            str(MONTHS[month.number]), f"m{month.number}", month.working, month.unknown,
            [[day and _cell(day, place.code, today, chosen) for day in week] for week in month.weeks],
        )
        for month in year.months
    ]  # fmt: skip
    context = page.page_context(
        request, title=_("Calendar of %(year)s") % {"year": number}, year=year, months=months, place=place,
        place_name=place_name(place), may_keep=may_keep, weekdays=[(WEEKDAYS_ABBR[n], WEEKDAYS[n]) for n in range(7)],
        places=[Choice(place_name(p), address(year=number, scope=p.code), p.code == place.code) for p in places],
        before=address(year=number - 1, scope=place.code) if number > FIRST_YEAR else "",
        after=address(year=number + 1, scope=place.code) if number < LAST_YEAR else "",
        now=address(year=today.year, scope=place.code, day=today), this_year=today.year == number,
        this_month=f"m{today.month}", scope_said=place.code or NATION,
    )  # fmt: skip
    return TemplateResponse(request, "admin/calendar_year.html", context)


def year_in(text: str) -> int | None:
    """The year that TEXT names, if it is one that the calendar can have."""
    return int(text) if re.fullmatch(r"[0-9]{4}", text) and FIRST_YEAR <= int(text) <= LAST_YEAR else None


def year_asked(request: HttpRequest, otherwise: int) -> int:
    text = request.GET.get("year", "")
    found = year_in(text) if text else otherwise
    if found is None:
        raise Http404
    return found


def place_asked(request: HttpRequest, places: list[Place]) -> Place:
    """The place of the address; one that this person has nothing to do with does not exist."""
    text = request.GET.get("scope") or NATION
    found = next((place for place in places if place.code == ("" if text == NATION else text)), None)
    if found is None:
        raise Http404
    return found


def _cell(day: DayAt, scope: str, today: dt.date, chosen: str) -> Cell:
    looks = "makeup" if day.makes_up else "holiday" if day.is_holiday else "work" if day.works else "rest"
    looks += "" if day.known else " gg-day-unknown"
    looks += " gg-day-local" if day.is_local else ""
    hours = windows_text(day.windows)
    mark = _("Duty") if day.makes_up else _("Off") if not day.works and day.date.weekday() < 5 else ""
    url = (
        f"{reverse('admin:core_calendarday_day')}?{urlencode({'date': day.date.isoformat(), 'scope': scope or NATION})}"
    )
    return Cell(
        day, looks, mark if day.known else "?", day.name or _short(hours), in_words(day), url, day.date == today,
        day.date.isoformat() == chosen,
    )  # fmt: skip


def _short(hours: str) -> str:
    """08:00-12:00 as 8-12, to fit under a number."""
    return re.sub(r"\b0?(\d{1,2}):00\b", r"\1", hours).replace(" ", "")


def in_words(day: DayAt, *, dated: bool = True) -> str:
    """The whole of a day in one line, for the pointer's tip and the screen reader."""
    kind = _("make-up working day") if day.makes_up else str((DayKind.WORK if day.works else DayKind.REST).label)
    said = [day.date.isoformat(), str(WEEKDAYS[day.date.weekday()])] if dated else []
    said += [kind, day.name, windows_text(day.windows)]
    if not day.known:
        said.append(_("not loaded, provisional"))
    elif day.row and day.is_local:
        said.append(_("own row of %(scope)s") % {"scope": day.row.scope})
    return " · ".join(part for part in said if part)


# --- one day ---------------------------------------------------------------------------------------------------------


def one_day(request: HttpRequest, page: Any) -> HttpResponse:
    """How a day counts in a place and by whose row; for those who keep it, the form that changes it."""
    places = [Place(""), *rules.places(request.user)]
    date, place = _date_asked(request), place_asked(request, places)
    day = day_at(place.code, date)
    form = status = None
    verdict = rules.can_keep_days(request.user, place.code)
    back = address(year=date.year, scope=place.code, day=date)
    if request.method == "POST":
        verdict.insist()
    if verdict:
        form = OneDayForm(request.POST if request.method == "POST" else None, row=_given(day), by=request.user)
    if form is not None and request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.change_day(
                    date=date, scope=place.code, by=request.user, at=timezone.now(), **form.cleaned_data
                )  # fmt: skip
            except Refusal as refusal:
                refuse(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("%(date)s is changed.") % {"date": date})
                return _gone(request, back)
    return _day_page(request, page, day, place, places, form, back, status or 200)


def _given(day: DayAt) -> CalendarDay:
    """The day as its form begins: as it counts now, whoever says so."""
    kind = DayKind.WORK if day.works else DayKind.REST
    return CalendarDay(date=day.date, kind=kind, name=day.name, windows=day.windows)


def _date_asked(request: HttpRequest) -> dt.date:
    try:
        date = dt.date.fromisoformat(request.GET.get("date", ""))
    except ValueError:
        raise Http404 from None
    if not rules.can_be_date(date):
        raise Http404
    return date


def _gone(request: HttpRequest, url: str) -> HttpResponse:
    if FRAGMENT not in request.headers:
        return HttpResponseRedirect(url)
    return HttpResponse(status=204, headers={FRAGMENT: "done", "X-Go": url})


def _day_page(
    request: HttpRequest, page: Any, day: DayAt, place: Place, places: list[Place], form: Any, back: str, status: int
) -> HttpResponse:
    own = day.row if day.row and day.row.scope == place.code else None
    drop = page.url_of("do", own.pk, "drop") if own and rules.can_drop_day(request.user, own.scope) else ""
    names = {place.code: place_name(place) for place in places}
    context = {
        "verb": CHANGE, "day": day, "words": in_words(day, dated=False), "place_name": place_name(place), "form": form, "back": back,
        "here": request.get_full_path(), "row": _("Calendar of %(year)s") % {"year": day.date.year}, "drop": drop,
        "chain": [(row, names.get(row.scope, row.scope), windows_text(row.windows)) for row in day.rows],
        "title": f"{day.date} {WEEKDAYS[day.date.weekday()]}",
    }  # fmt: skip
    if FRAGMENT in request.headers:
        return TemplateResponse(
            request, "admin/calendar_day.html", context, status=status, headers={FRAGMENT: "form"}
        )  # fmt: skip
    context |= page.page_context(request, inner="admin/calendar_day.html")
    return TemplateResponse(request, "admin/verb.html", context, status=status)
