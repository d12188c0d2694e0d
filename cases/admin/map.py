"""The one map 一张图: its page, and the small answers it asks for one by one. Borders are kept by the browser for as long as
they are what they are; figures, cases and places come fresh."""

import gzip
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, urlencode

from accounts.choices import CASE_ROLES, Role
from cases.admin.map_layers import LAYERS
from cases.admin.map_page import map_page
from cases.forms import MapForm, map_sheet
from cases.models import Case
from cases.reports import light, time_words
from cases.reports.map import map_figures, points
from gridgov.core.errors import Invalid
from gridgov.core.sheet import download, ending_asked
from grids.choices import LEVELS
from grids.models import Grid
from grids.reports import outlines, stamps

VIEWERS = CASE_ROLES | {Role.SYSTEM_ADMIN}
KEEP = "private, max-age=31536000, immutable"
ASK = "private, no-cache"
SERVER_KEEPS = 600  # seconds that packed borders stay in memory: a morning's rush
View = Callable[..., HttpResponse]


def _seen_by_viewers(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.role not in VIEWERS:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner


def _asked(request: HttpRequest) -> MapForm:
    """What the address asks for. Raises Invalid."""
    form = MapForm(request.GET, now=timezone.now())
    if not form.is_valid():
        raise Invalid(next(iter(form.errors.values()))[0])
    return form


def page_view(request: HttpRequest) -> HttpResponse:
    context = {**admin.site.each_context(request), **map_page(request.user, timezone.now())}
    return TemplateResponse(request, "cases/map.html", context)


# --- borders ---------------------------------------------------------------------------------------------------------


def borders_view(request: HttpRequest, level: str, stamp: str) -> HttpResponse:
    """The borders of a LEVEL that the user sees, those at and below the grid `under` if one is named. STAMP is in the
    address that the page names; whoever comes with another one is sent to that of today."""
    rows = Grid.objects.visible_to(request.user).current(timezone.localdate())
    _count, now = stamps(rows).get(level, (0, ""))
    if level not in LEVELS or not now:
        raise Http404
    under = request.GET.get("under", "")
    if stamp != now:
        here = reverse("admin:cases_map_borders", args=[level, now])
        return HttpResponseRedirect(f"{here}?{urlencode({'under': under})}" if under else here)
    if under:
        above = rows.filter(code=under).only("tree_id", "lft", "rght").first()
        if above is None:
            raise Http404
        rows = rows.under(above)
    return get_conditional_response(request, etag=quote_etag(stamp)) or _kept(
        request,
        f"borders.{level}.{under}",
        stamp,
        lambda: outlines(rows, level),
        form="application/geo+json",
        keep=KEEP,
    )


def _kept(request: HttpRequest, key: str, stamp: str, make: Callable[[], Any], *, form: str, keep: str) -> HttpResponse:
    """What MAKE answers as JSON of the content type FORM, packed once for all who see the same; STAMP tells what that is."""

    def pack() -> bytes:
        return gzip.compress(json.dumps(make(), ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)

    packed = cache.get_or_set(f"{key}.{stamp}", pack, SERVER_KEEPS)
    understood = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {"Cache-Control": keep, "ETag": quote_etag(stamp), "Vary": "Accept-Encoding"}
    if understood:
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(packed if understood else gzip.decompress(packed), content_type=form, headers=headers)


# --- figures, cases, places ------------------------------------------------------------------------------------------


def figures_view(request: HttpRequest) -> HttpResponse:
    """By grid: code, name, kind, cases open, overdue, reported; grids at and below it, staffed, covered."""
    form = _asked(request)
    moment = form.moment()
    found = map_figures(request.user, form.cleaned_data["level"], moment)
    rows = [
        (line.grid.code, line.grid.name, line.grid.kind, line.cases.open, line.cases.late, line.cases.reported,
         line.grid.grids, line.grid.staffed, line.grid.covered)
        for line in found.lines
    ]  # fmt: skip
    rest = found.rest
    return JsonResponse({
        "day": moment.day.isoformat(), "span": moment.span, "past": moment.is_past,
        "grids": rows, "rest": (rest.open, rest.late, rest.reported),
    })  # fmt: skip


def points_view(request: HttpRequest) -> HttpResponse:
    """Cases inside the box, as cases.reports.points tells them."""
    form = _asked(request)
    given = form.cleaned_data
    found = points(request.user, form.moment(), given["box"], reported=given["cases"] == "reported")
    return JsonResponse({"points": found.rows, "more": found.more})


def case_view(request: HttpRequest, pk: int) -> HttpResponse:
    """What the bubble of one case says."""
    case = Case.objects.visible_to(request.user).for_list().filter(pk=pk).first()
    if case is None:
        raise Http404
    now = timezone.now()
    return JsonResponse({
        "no": case.no, "title": case.title, "state": case.get_state_display(), "tier": case.get_tier_display(),
        "light": light(case, now).value, "light_word": light(case, now).label, "left": time_words.time_left(case, now),
        "place": " ".join(part for part in (case.grid.name, case.place) if part),
        "url": reverse("admin:cases_case_change", args=[case.pk]),
    })  # fmt: skip


def places_view(request: HttpRequest, layer: str) -> HttpResponse:
    """The places of one of the LAYERS, as the user sees them; where the layer has a stamp, only if that is another now."""
    if layer not in LAYERS:
        raise Http404
    asked, level = LAYERS[layer], _asked(request).cleaned_data["level"]

    def found() -> dict[str, Any]:
        return {"places": asked.places(request.user, level, timezone.localdate())}

    if asked.stamp is None:
        return JsonResponse(found(), headers={"Cache-Control": "private, no-store"})
    stamp = asked.stamp(request.user)
    return get_conditional_response(request, etag=quote_etag(stamp)) or _kept(
        request, f"places.{layer}", stamp, found, form="application/json", keep=ASK
    )


def sheet_view(request: HttpRequest) -> HttpResponse:
    form = _asked(request)
    level, moment, ending = form.cleaned_data["level"], form.moment(), ending_asked(request)
    found = map_figures(request.user, level, moment)
    return download(map_sheet(found, ending), f"map-{level}-{moment.day:%Y%m%d}", ending)


def _page(route: str, view: View, name: str, *, cacheable: bool = False) -> Any:
    return path(f"map/{route}", admin.site.admin_view(_seen_by_viewers(view), cacheable=cacheable), name=name)


admin.site.pages += [
    _page("", page_view, "cases_map"),
    _page("borders/<slug:level>/<slug:stamp>/", borders_view, "cases_map_borders", cacheable=True),
    _page("figures/", figures_view, "cases_map_figures"),
    _page("points/", points_view, "cases_map_points"),
    _page("case/<int:pk>/", case_view, "cases_map_case"),
    _page("places/<slug:layer>/", places_view, "cases_map_places", cacheable=True),
    _page("sheet/", sheet_view, "cases_map_sheet"),
]
