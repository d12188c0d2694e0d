"""The quarter of mediation at the desk: of the ground one oversees, or of the own committees. Counts, and no file's word."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.sheet import download
from grids.admin.ground import OVERSEERS, address, ground_of, grounds_beside
from grids.queries import path_to
from mediation.models import Committee
from mediation.reports.figures import Line
from mediation.reports.quarter import COLUMNS, QuarterReport, cells, notes, report_on
from mediation.reports.quarter_paper import quarter_paper
from mediation.reports.quarter_sheet import quarter_sheet
from mediation.rules.periods import Quarter

PAGE = "admin:mediation_committee_figures"
# The quarter that runs, and those before it to choose from.
QUARTERS = 5


def show_figures(request: HttpRequest, page: Any) -> HttpResponse:
    """?at= a grid's code, ?quarter=2026Q3 (the running one without), ?format=xlsx or pdf for a file. Raises Http404 for
    grids that one doesn't oversee."""
    user, code = request.user, request.GET.get("at", "")
    running = Quarter.of(timezone.localdate())
    quarter = Quarter.read(request.GET.get("quarter", "")) or running
    ground = ground_of(user, code) if user.role in OVERSEERS else None
    if ground is not None:
        found, at = report_on(ground.shown, quarter), ground.shown.code
    else:
        found, at = _own(user, quarter, code), ""
    if found is not None and request.GET.get("format") in {"xlsx", "pdf"}:
        return _file(request, found, at)
    context = {
        **page.admin_site.each_context(request), "opts": page.opts, "title": _("Quarter of mediation"), "report": found,
        "ground": ground, "notes": notes(), "columns": [label for _name, label, _rate in COLUMNS],
    }  # fmt: skip
    if found is not None:
        context |= {
            "tables": [(title, [_shown(line) for line in lines]) for title, lines in found.tables],
            "together": cells(found.now.total),
            "grounds": grounds_beside(user, ground, PAGE) if ground else [],
            "up": address(PAGE, at=ground.top.code, quarter=str(quarter)) if ground and ground.shown != ground.top else "",
            "quarters": [(one.words, one == quarter, address(PAGE, at=at, quarter=str(one))) for one in _back(running)],
            "files": [(ending, address(PAGE, at=at, quarter=str(quarter), format=ending)) for ending in ("xlsx", "pdf")],
        }  # fmt: skip
    return render(request, "mediation/figures.html", context)


def _own(user: User, quarter: Quarter, code: str) -> QuarterReport | None:
    """Of the committees in which USER sits; None for who sits in none."""
    if code:
        raise Http404
    committees = list(Committee.objects.seating(user).select_related("grid").order_by("pk"))
    if not committees:
        return None
    top, own = path_to(committees[0].grid.code)[0], [row.pk for row in committees]
    return report_on(top, quarter, ground=", ".join(row.name for row in committees), committees=own)


def _back(quarter: Quarter) -> list[Quarter]:
    found = [quarter]
    while len(found) < QUARTERS:
        found.append(found[-1].before)
    return found


def _shown(line: Line) -> tuple[str, list[str]]:
    return line.name, cells(line.counts)


def _file(request: HttpRequest, found: QuarterReport, at: str) -> HttpResponse:
    ending = request.GET["format"]
    now = timezone.now()
    content = quarter_sheet(found) if ending == "xlsx" else quarter_paper(found, by=str(request.user), at=now)
    return download(content, "-".join(part for part in ("mediation", at, str(found.quarter)) if part), ending)
