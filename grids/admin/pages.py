"""Pages of the desk that are no list and no form of one row: import, export, coverage."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.errors import Refusal
from gridgov.core.sheet import XLSX
from grids.actions import BadRows, Imported, import_grids
from grids.forms.border import BEYOND, CHILD, GAP, OVERLAP, PARENT, Layer, map_media, render_map
from grids.forms.desk import ImportForm
from grids.forms.sheet import read_sheet, template, write_sheet
from grids.models import Grid
from grids.reports import Patch, coverage

SHOWN_FAULTS = 200


def _file(content: bytes, name: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX if ending == "xlsx" else "text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _ending(request: HttpRequest) -> str:
    return "csv" if request.GET.get("format") == "csv" else "xlsx"


def give_template(request: HttpRequest) -> HttpResponse:
    return _file(template(_ending(request)), "grids-template", _ending(request))


def write_out(request: HttpRequest) -> HttpResponse:
    """The grids in force that the user sees, in the import's shape."""
    today = timezone.localdate()
    rows = Grid.objects.visible_to(request.user).current(today).select_related("parent").order_by("tree_id", "code")
    rows = rows.defer("shape", "box", "parent__border", "parent__shape", "parent__box")
    return _file(write_sheet(rows, _ending(request)), f"grids-{today:%Y%m%d}", _ending(request))


def take_in(request: HttpRequest, page: Any) -> HttpResponse:
    """Upload a list; "only check" tells every fault and changes nothing."""
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    by: Any = request.user
    if request.method == "POST" and form.is_valid():
        file, dry_run = form.cleaned_data["file"], form.cleaned_data["dry_run"]
        sheet = None
        try:
            sheet = read_sheet(file.read(), file.name)
            result = import_grids(rows=sheet.rows, faults=sheet.faults, by=by, at=timezone.now(), dry_run=dry_run)
        except BadRows as bad:
            faults = sheet.told(bad.rows) if sheet else []
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _said(result, dry_run))
            if not dry_run:
                return redirect("admin:grids_grid_changelist")
    context = {
        "title": _("Import grids"),
        "form": form,
        "faults": faults[:SHOWN_FAULTS],
        "more": max(len(faults) - SHOWN_FAULTS, 0),
        "count": len(faults),
    }
    return _page(request, page, "grids/import.html", context, status=400 if faults or form.errors else 200)


def _said(result: Imported, dry_run: bool) -> str:
    words = {"founded": result.founded, "changed": result.changed, "unchanged": result.unchanged}
    if dry_run:
        return _("No faults: %(founded)d to found, %(changed)d to change, %(unchanged)d as they stand.") % words
    return _("%(founded)d founded, %(changed)d changed, %(unchanged)d unchanged") % words


def show_coverage(request: HttpRequest, page: Any, key: str) -> HttpResponse:
    """Gaps, overlaps and what sticks out, among the grids right below one."""
    grid = Grid.objects.visible_to(request.user).filter(pk=key if key.isdecimal() else 0).first()
    if grid is None:
        raise Http404
    today = timezone.localdate()
    found = coverage(grid, today)
    kinds = ((GAP, _("gap"), found.gaps), (OVERLAP, _("overlap"), found.overlaps), (BEYOND, _("beyond"), found.beyond))
    patches = [(style, word, patch) for style, word, group in kinds for patch in group]
    below = Grid.objects.filter(parent=grid).current(today).exclude(border=None).order_by("code")
    layers = [Layer(PARENT, grid.border)] if grid.border else []
    layers += [Layer(CHILD, *row) for row in below.values_list("border", "name")]
    layers += [Layer(style, patch.geojson, _tip(word, patch)) for style, word, patch in patches]
    context = {
        "title": _("Coverage of %(name)s") % {"name": grid.name},
        "grid": grid,
        "found": found,
        "patches": patches,
        "map": render_map(layers) if layers else "",
        "media": map_media(),
        "back": reverse("admin:grids_grid_change", args=[grid.pk]),
    }
    return _page(request, page, "grids/coverage.html", context)


def _tip(word: str, patch: Patch) -> str:
    return f"{word} · {patch.area_m2:.0f} m² · {', '.join(patch.codes)}"


def _page(request: HttpRequest, page: Any, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    opts = page.model._meta
    return render(request, name, {**page.admin_site.each_context(request), "opts": opts, **context}, status=status)
