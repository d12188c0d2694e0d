"""Splitting and merging on the desk: first where, then the names, what moves where, and the day."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from gridgov.core.errors import Conflict, Refusal, Verdict
from gridgov.core.forms import refuse
from gridgov.core.geodesy import area_m2
from gridgov.core.questions import Work, work_on
from grids import actions
from grids.actions.grids import next_codes
from grids.choices import RedrawState
from grids.forms.border import CHILD, OWN, PARENT, PART, SIBLING, Layer, backdrop, draw_media, map_media, render_map
from grids.forms.redrawing import CutForm, Draft, MergeForm, SplitForm, lies_in, read_drafts, write_drafts
from grids.models import Grid, Redrawing
from grids.queries import heavy, scope_of
from grids.reports import Moving, moving, shape_of, stored
from grids.rules.redrawing import can_end_for, can_redraw

SHOWN_CASES = 30


def split(request: HttpRequest, page: Any, key: str) -> HttpResponse:
    """First where to cut; then names, what moves where, and the day."""
    grid = _grid(request, key)
    today = timezone.localdate()
    verdict = _may(request, grid, today)
    if not verdict:
        return _refused(request, grid, verdict)
    found = moving([grid], today)
    if request.method == "POST" and request.POST.get("step") == "confirm":
        return _confirm_split(request, page, grid, found)
    rows = Grid.objects.filter(pk__in=[child.pk for child in found.children]).defer("border", "box").order_by("code")
    children = list(rows)
    form = CutForm(request.POST or None, grid=grid, children=children)
    if request.method == "POST" and form.is_valid():
        try:
            drafts = form.drafts()
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _split_page(request, page, grid, found, drafts, None)
    layers = [*backdrop(grid), *([Layer(OWN, grid.border, grid.name)] if grid.border else [])]
    layers += [Layer(CHILD, border, name) for border, name in _borders(children)]
    context = {
        "form": form,
        "map": render_map(layers, draw="line") if grid.border else "",
        "media": draw_media("grids/cut.js"),
        "title": _t("Split %(name)s") % {"name": grid.name},
    }
    return _page(request, page, "grids/cut.html", grid, context, 400 if form.errors else 200)


def _confirm_split(request: HttpRequest, page: Any, grid: Grid, found: Moving) -> HttpResponse:
    try:
        drafts = read_drafts(request.POST.get("drafts", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:grids_grid_split", grid.pk)
    form = _split_form(grid, found, drafts, request.POST)
    if form.is_valid():
        try:
            row = actions.split_grid(grid=grid, by=request.user, at=timezone.now(), **form.given())
        except Refusal as refusal:
            return _again(request, refusal, form, lambda: _split_page(request, page, grid, found, drafts, form))
        return _said(request, row)
    return _split_page(request, page, grid, found, drafts, form)


def _split_form(grid: Grid, found: Moving, drafts: Sequence[Draft], data: Any = None) -> SplitForm:
    codes = _codes(grid, len(drafts))
    return SplitForm(data, drafts=drafts, found=found, codes=codes, initial={"seen": found.mark})


def _split_page(
    request: HttpRequest, page: Any, grid: Grid, found: Moving, drafts: Sequence[Draft], form: SplitForm | None
) -> HttpResponse:
    status = 200 if form is None else 400
    form = form or _split_form(grid, found, drafts)
    work, below = _work(request, found)
    parts = form.part_rows()
    for part in parts:
        draft = part["draft"]
        part["children"] = [child for child in found.children if child.code in draft.children]
        part["cases"] = [one for one in work if lies_in(draft, one.point)]
        part["below"] = sum(below[child.pk] for child in part["children"])
        part["area"] = round(area_m2(shape_of(draft.border))) if draft.border else None
    layers = [*backdrop(grid), *(Layer(PART, d.border, str(n)) for n, d in enumerate(drafts, 1) if d.border)]
    context = {
        "form": form,
        "parts": parts,
        "nowhere": [one for one in work if not any(lies_in(draft, one.point) for draft in drafts)],
        "drafts": write_drafts(drafts),
        "map": render_map(layers) if grid.border else "",
        "title": _t("Split %(name)s") % {"name": grid.name},
    }
    return _page(request, page, "grids/split.html", grid, {**context, **_moves(found)}, status)


def merge(request: HttpRequest, page: Any, key: str) -> HttpResponse:
    """First which neighbours; then the name, what moves, and the day."""
    grid = _grid(request, key)
    today = timezone.localdate()
    verdict = _may(request, grid, today)
    if not verdict:
        return _refused(request, grid, verdict)
    beside = Grid.objects.current(today).filter(parent=grid.parent_id, kind=grid.kind, micro_type=grid.micro_type)
    beside = list(beside.filter(valid_to=None).exclude(pk=grid.pk).order_by("code"))
    wanted = set((request.POST if request.method == "POST" else request.GET).getlist("with"))
    chosen = [one for one in beside if str(one.pk) in wanted]
    if request.method == "POST" and chosen:
        found = moving(sorted([grid, *chosen], key=lambda one: one.code), today)
        return _confirm_merge(request, page, grid, chosen, found)
    own = stored(grid.shape) if grid.shape is not None else None
    rows = [(one, own is not None and one.shape is not None and own.dwithin(stored(one.shape), 2e-6)) for one in beside]
    layers = [Layer(SIBLING, one.border, one.name, key=str(one.pk)) for one in beside if one.border]
    layers += [Layer(OWN, grid.border, grid.name)] if grid.border else []
    context = {
        "rows": sorted(rows, key=lambda row: (not row[1], row[0].code)),
        "wanted": wanted,
        "error": _t("Choose at least two grids to merge.") if request.method == "POST" else "",
        "map": render_map(layers) if layers else "",
        "media": map_media("grids/pick.js"),
        "title": _t("Merge %(name)s with its neighbours") % {"name": grid.name},
    }
    return _page(request, page, "grids/join.html", grid, context, 400 if context["error"] else 200)


def _confirm_merge(request: HttpRequest, page: Any, grid: Grid, chosen: Sequence[Grid], found: Moving) -> HttpResponse:
    (code,) = _codes(grid, 1)
    confirmed = request.POST.get("step") == "confirm"
    form = MergeForm(request.POST if confirmed else None, found=found, code=code, initial={"seen": found.mark})
    if confirmed and form.is_valid():
        try:
            row = actions.merge_grids(grids=found.grids, by=request.user, at=timezone.now(), **form.given())
        except Refusal as refusal:
            return _again(request, refusal, form, lambda: _merge_page(request, page, grid, chosen, found, form))
        return _said(request, row)
    return _merge_page(request, page, grid, chosen, found, form)


def _merge_page(
    request: HttpRequest, page: Any, grid: Grid, chosen: Sequence[Grid], found: Moving, form: MergeForm
) -> HttpResponse:
    work, below = _work(request, found)
    layers = [Layer(PART, one.border, one.name) for one in found.grids if one.border]
    context = {
        "form": form,
        "chosen": chosen,
        "grids": found.grids,
        "children": found.children,
        "cases": work,
        "below": sum(below.values()),
        "map": render_map([*(layer for layer in backdrop(grid) if layer.style == PARENT), *layers]) if layers else "",
        "title": _t("Merge %(count)d grids") % {"count": len(found.grids)},
    }
    return _page(request, page, "grids/merge.html", grid, {**context, **_moves(found)}, 400 if form.errors else 200)


# --- what both share -------------------------------------------------------------------------------------------------


def _grid(request: HttpRequest, key: str) -> Grid:
    rows = Grid.objects.visible_to(request.user).select_related("parent").defer(*heavy("parent"))
    grid = rows.filter(pk=key if key.isdecimal() and len(key) < 19 else 0).first()
    if grid is None:
        raise Http404
    return grid


def _codes(grid: Grid, count: int) -> list[str]:
    """What the new grids are called where nothing else is entered; empty where all codes have been used."""
    try:
        return next_codes(grid.kind, grid.micro_type, grid.parent, count)
    except Conflict:
        return [""] * count


def _may(request: HttpRequest, grid: Grid, today: dt.date) -> Verdict:
    """Whether there is anything to do on these pages: on some day, not necessarily today."""
    verdict = can_redraw(request.user, scope_of(request.user), grid)
    return verdict and can_end_for(grid, max(today, grid.valid_from + dt.timedelta(days=1)), today)


def _refused(request: HttpRequest, grid: Grid, verdict: Verdict) -> HttpResponse:
    if not isinstance(verdict.refusal, Conflict) and verdict.refusal and verdict.refusal.status == 403:
        raise verdict.refusal
    messages.warning(request, str(verdict.refusal))
    return redirect("admin:grids_grid_change", grid.pk)


def _work(request: HttpRequest, found: Moving) -> tuple[list[Work], Counter[int]]:
    """The open cases right on the grids, and how many there are in each of those below."""
    spans = {child.pk: (child.lft, child.rght) for child in found.children}
    whose: dict[int, int] = {}
    for grid in found.grids:
        for pk, lft in Grid.objects.under(grid).order_by().values_list("pk", "lft"):
            whose |= {pk: child for child, (first, last) in spans.items() if first <= lft <= last}  # noqa: B035
    here = {grid.pk for grid in found.grids}
    work = [one for answer in work_on.ask(request.user, [*here, *whose]) for one in answer]
    return [one for one in work if one.grid in here], Counter(whose[one.grid] for one in work if one.grid in whose)


def _moves(found: Moving) -> dict[str, Any]:
    return {"bindings": found.bindings, "orgs": found.orgs, "shown": SHOWN_CASES}


def _again(request: HttpRequest, refusal: Refusal, form: Any, show: Any) -> HttpResponse:
    """The page with the refusal; where something else hangs on the grid by now, that is what it shows, and marks."""
    refuse(form, refusal)
    if refusal.code == "changed":
        form.data = form.data.copy()
        form.data["seen"] = form.initial["seen"]
    answer: HttpResponse = show()
    answer.status_code = refusal.status
    return answer


def _said(request: HttpRequest, row: Redrawing) -> HttpResponse:
    if row.state == RedrawState.DONE:
        messages.success(request, _t("Done. Open cases follow within seconds."))
    else:
        messages.success(request, _t("Planned for %(day)s. Until then it can be taken back.") % {"day": row.on})
    return redirect("admin:grids_redrawing_change", row.pk)


def _borders(grids: Sequence[Grid]) -> list[tuple[dict[str, Any], str]]:
    rows = Grid.objects.filter(pk__in=[grid.pk for grid in grids]).exclude(border=None).order_by("code")
    return list(rows.values_list("border", "name"))


def _page(
    request: HttpRequest, page: Any, name: str, grid: Grid, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    base = {**page.admin_site.each_context(request), "opts": page.model._meta, "grid": grid, "media": map_media()}
    back = reverse("admin:grids_grid_change", args=[grid.pk])
    return render(request, name, {**base, "back": back, **context}, status=status)
