"""Do borders fit together? Asked of the grids below one, and of a border while it is drawn. Nothing here writes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.errors import Refusal
from gridgov.core.geodesy import Outline
from grids.forms.border import BEYOND, CHILD, GAP, OVERLAP, PARENT, DrawnField, Layer, around, map_media, render_map
from grids.models import Grid
from grids.queries import heavy
from grids.reports import Coverage, Patch, coverage, fit_in, geojson_of, stored

NEW = "—"  # stands for the code of a grid that is not founded yet
SHOWN = 40


def show_coverage(request: HttpRequest, page: Any, key: str) -> HttpResponse:
    """Gaps, overlaps and what sticks out, among the grids right below one."""
    grid = Grid.objects.visible_to(request.user).filter(pk=key if key.isdecimal() else 0).first()
    if grid is None:
        raise Http404
    today = timezone.localdate()
    found = coverage(grid, today)
    patches = _faults(found)
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
    base = {**page.admin_site.each_context(request), "opts": page.model._meta}
    return render(request, "grids/coverage.html", {**base, **context})


def _tip(word: str, patch: Patch) -> str:
    return f"{word} · {patch.area_m2:.0f} m² · {', '.join(patch.codes)}"


class DrawnForm(forms.Form):
    """A border that is being drawn: of a standing grid, or of one to be founded under PARENT."""

    grid = forms.ModelChoiceField(Grid.objects.none(), required=False)
    parent = forms.ModelChoiceField(Grid.objects.none(), required=False)
    border = DrawnField(required=False)

    def __init__(self, *args: Any, seen: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("grid", "parent"):
            self.fields[name].queryset = seen  # type: ignore[attr-defined]

    def above(self) -> Grid | None:
        """The grid that the drawn one lies in, as the form has it."""
        grid: Grid | None = self.cleaned_data["grid"]
        return self.cleaned_data["parent"] or (grid.parent if grid else None)


def check_border(request: HttpRequest) -> JsonResponse:
    """Gaps beside the drawn border, overlaps and what sticks out: of its neighbours, and of the grids below it."""
    form = _read(request)
    if form is None:
        return _unreadable()
    grid, above, today = form.cleaned_data["grid"], form.above(), timezone.localdate()
    code = grid.code if grid else NEW
    try:
        drawn = {code: Outline.read(form.cleaned_data["border"]).polygon}
    except Refusal as refusal:
        return JsonResponse({"state": "bad", "said": [str(refusal)], "faults": []})
    patches: list[tuple[str, str, Patch]] = []
    if above is not None:
        patches += [fault for fault in _faults(coverage(above, today, drawn)) if code in fault[2].codes]
    if grid is not None and Grid.objects.filter(parent=grid).current(today).exclude(border=None).exists():
        patches += _faults(coverage(grid, today, drawn))
    said = [_tip(word, patch) for _style, word, patch in patches[:SHOWN]]
    layers = [
        _layer(Layer(style, patch.geojson, text)) for (style, _w, patch), text in zip(patches, said, strict=False)
    ]
    whole = [_("It fits its neighbours without gap or overlap.")] if above is not None else []
    return JsonResponse({"state": "bad" if said else "good", "said": said or whole, "faults": layers})


def fit_border(request: HttpRequest) -> JsonResponse:
    """The drawn border without what lies beyond the grid above it or in one of its neighbours."""
    form = _read(request)
    if form is None:
        return _unreadable()
    grid, above, today = form.cleaned_data["grid"], form.above(), timezone.localdate()
    beside = Grid.objects.none()
    if above is not None:
        beside = Grid.objects.filter(parent=above).current(today).exclude(shape=None)
    beside = beside.exclude(pk=grid.pk if grid else None)
    try:
        drawn = Outline.read(form.cleaned_data["border"]).polygon
        ground = stored(above.shape) if above is not None and above.shape is not None else None
        fitted = fit_in(drawn, ground, [stored(shape) for shape in beside.values_list("shape", flat=True)])
    except Refusal as refusal:
        return JsonResponse({"state": "bad", "said": [str(refusal)]})
    return JsonResponse({"border": geojson_of(fitted)})


def around_border(request: HttpRequest) -> JsonResponse:
    """What lies round a border that is drawn under another grid than before."""
    form = _read(request)
    above = form.above() if form is not None else None
    grid = form.cleaned_data["grid"] if form is not None else None
    found = around(above.pk, but=grid.pk if grid else None) if above is not None else []
    return JsonResponse({"layers": [_layer(layer) for layer in found]})


def _read(request: HttpRequest) -> DrawnForm | None:
    seen = Grid.objects.visible_to(request.user).select_related("parent").defer("border", "box", *heavy("parent"))
    form = DrawnForm(request.POST, seen=seen)
    return form if form.is_valid() else None


def _unreadable() -> JsonResponse:
    return JsonResponse({"state": "bad", "said": [_("The border is no GeoJSON.")], "faults": []})


def _faults(found: Coverage) -> list[tuple[str, str, Patch]]:
    kinds = ((GAP, _("gap"), found.gaps), (OVERLAP, _("overlap"), found.overlaps), (BEYOND, _("beyond"), found.beyond))
    return [(style, word, patch) for style, word, group in kinds for patch in group]


def _layer(layer: Layer) -> dict[str, str]:
    return {"style": layer.style, "geojson": layer.geojson, "label": layer.label}  # type: ignore[dict-item]
