"""Many days at once: an official year, a list from a file with a look before it is taken in, and the year as a list."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core import actions, rules
from gridgov.core.actions import DayChange, DayRow, DaysImported
from gridgov.core.admin.day_forms import Checked, DaysFileForm, YearForm
from gridgov.core.admin.year import address, place_asked, year_asked
from gridgov.core.calendar import windows_text
from gridgov.core.days_sheet import COLUMNS, KIND_WORDS, draft_of, read_days, write_days
from gridgov.core.errors import Refusal
from gridgov.core.forms import refuse
from gridgov.core.models import CalendarDay, DayKind
from gridgov.core.questions import Place, deadlines_on
from gridgov.core.rows import BadRows
from gridgov.core.sheet import download, ending_asked
from gridgov.core.verbs import Verb

SHOWN = 200
LOAD = Verb(
    "load",
    gettext_lazy("Load an official year"),
    lambda **_none: None,
    hint=gettext_lazy(
        "Holidays and make-up working days of the whole country. Your own rows for districts and streets stay."
    ),
)


def load_year(request: HttpRequest, page: Any) -> HttpResponse:
    """Put in a year as the State Council's plan has it, as far as this version knows it."""
    rules.can_keep_days(request.user, "").insist()
    form = YearForm(
        request.POST if request.method == "POST" else None, by=request.user, initial=_year_given(request)
    )  # fmt: skip
    status = 200
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["year"]
        try:
            days = actions.load_official_year(year=year, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refuse(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("%(count)s days of %(year)s are loaded.") % {"count": days, "year": year})
            return HttpResponseRedirect(address(year=year))
    context = page.page_context(
        request, title=LOAD.label, verb=LOAD, form=form, row=page.opts.verbose_name_plural, here=request.path,
        back=address(year=timezone.localdate().year), inner="admin/verb_form.html",
    )  # fmt: skip
    return TemplateResponse(request, "admin/verb.html", context, status=status)


def _year_given(request: HttpRequest) -> dict[str, Any]:
    return {"year": year_asked(request, 0)} if request.GET.get("year") else {}


# --- a list from a file ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One changed day as the page shows it: before and after."""

    date: dt.date
    place: str
    before: str
    after: str


def take_in(request: HttpRequest, page: Any) -> HttpResponse:
    """Upload a list, look at what it changes, confirm. Nothing is changed before."""
    rules.can_keep_any_day(request.user).insist()
    if request.method != "POST":
        return _import_page(request, page, DaysFileForm(by=request.user))
    return _confirm(request, page) if "token" in request.POST else _look(request, page)


def _look(request: HttpRequest, page: Any) -> HttpResponse:
    form = DaysFileForm(request.POST, request.FILES, by=request.user)
    if not form.is_valid():
        return _import_page(request, page, form, status=400)
    file, sheet = form.cleaned_data["file"], None
    try:
        sheet = read_days(file.read(), file.name)
        found = actions.import_days(
            rows=sheet.rows, faults=sheet.faults, source=file.name, dry_run=True, by=request.user, at=timezone.now()
        )
    except BadRows as bad:
        faults = sheet.told(bad.rows) if sheet else []
        return _import_page(request, page, form, faults=faults, status=400)
    except Refusal as refusal:
        refuse(form, refusal)
        return _import_page(request, page, form, status=refusal.status)
    return _import_page(request, page, form, found=found, rows=sheet.rows, source=file.name)


def _confirm(request: HttpRequest, page: Any) -> HttpResponse:
    """Take in what was looked at, if the calendar still stands as it stood then."""
    sealed = Checked(request.POST, by=request.user)
    form = DaysFileForm(by=request.user)
    if not sealed.is_valid():
        return _import_page(request, page, form, refusal=sealed.errors["token"][0], status=400)
    carried = sealed.cleaned_data["token"]
    rows, source = [_unpacked(row) for row in carried["rows"]], carried["source"]
    asked: dict[str, Any] = {"rows": rows, "source": source, "by": request.user, "at": timezone.now()}
    try:
        found = actions.import_days(expected=carried["print"], **asked)
    except BadRows as bad:
        return _import_page(request, page, form, refusal=str(bad), status=400)
    except Refusal as refusal:
        again = actions.import_days(dry_run=True, **asked)
        return _import_page(
            request, page, form, found=again, rows=rows, source=source, refusal=str(refusal), status=refusal.status
        )
    messages.success(request, _("%(count)d days are changed.") % {"count": len(found.changes)})
    if not found.changes:
        return HttpResponseRedirect(page.list_url)
    first = found.changes[0].after
    return HttpResponseRedirect(address(year=first.date.year, scope=first.scope))


def _import_page(
    request: HttpRequest,
    page: Any,
    form: DaysFileForm,
    *,
    found: DaysImported | None = None,
    rows: list[DayRow] | None = None,
    source: str = "",
    faults: list[str] | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    faults = faults or []
    context: dict[str, Any] = {
        "title": _("Import days"), "form": form, "refusal": refusal, "faults": faults[:SHOWN], "count": len(faults),
        "more": max(len(faults) - SHOWN, 0), "found": found, "back": address(year=timezone.localdate().year),
        "next_year": timezone.localdate().year + 1, "columns": ", ".join(heading for heading, _more in COLUMNS.values()),
        "kinds": " / ".join(KIND_WORDS.values()),
    }  # fmt: skip
    if found is not None:
        names = {place.code: place.name for place in rules.places(request.user)}
        context |= {
            "lines": [_line(change, names) for change in found.changes[:SHOWN]],
            "more_lines": max(len(found.changes) - SHOWN, 0),
            "deadlines": sum(deadlines_on.ask(found.spans)),
            "source": source,
            "token": Checked.seal(
                {"rows": [_packed(row) for row in rows or []], "source": source, "print": found.print}, request.user
            ),
        }
    return TemplateResponse(request, "admin/calendar_import.html", page.page_context(request, **context), status=status)


def _line(change: DayChange, names: dict[str, str]) -> Line:
    scope = change.after.scope
    place = f"{names.get(scope) or ''} {scope}".strip() if scope else _("everywhere")
    return Line(change.after.date, place, _said(change.before) if change.before else "", _said(change.after))


def _said(day: CalendarDay) -> str:
    parts = [str(DayKind(day.kind).label), day.name, windows_text(day.windows)]
    return " · ".join(part for part in parts if part)


def _packed(row: DayRow) -> list[Any]:
    return [row.date.isoformat(), row.kind, row.name, row.windows, row.scope]


def _unpacked(given: list[Any]) -> DayRow:
    date, kind, name, windows, scope = given
    return DayRow(dt.date.fromisoformat(date), kind, name, tuple((a, b) for a, b in windows), scope)


# --- the year as a list ----------------------------------------------------------------------------------------------


def write_out(request: HttpRequest, page: Any) -> HttpResponse:
    """The rows of a year and a place (of all places this person sees, if none is named) in the import's shape; on request
    a draft of the year by weekdays instead, to fill in."""
    year = year_asked(request, timezone.localdate().year)
    ending = ending_asked(request)
    rows = CalendarDay.objects.visible_to(request.user).filter(date__year=year).order_by("scope", "date")
    if request.GET.get("scope"):
        place = place_asked(request, [Place(""), *rules.places(request.user)])
        rows = rows.filter(scope=place.code)
    draft = bool(request.GET.get("draft"))
    content = write_days(draft_of(year) if draft else rows, ending)
    return download(content, f"calendar-{year}{'-draft' if draft else ''}", ending)
