"""Borders on maps: to look at, and to draw (static/grids/map.js, draw.js, border.js).

Of django-leaflet only the script of Leaflet itself is used: `leaflet.forms` and `leaflet.admin` import GeoDjango, and with
it GDAL, which a street's server doesn't have. They must never be imported.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from leaflet import app_settings

from gridgov.core.errors import Invalid
from gridgov.core.geodesy import Outline
from grids.models import Grid

# How a piece of the map is drawn (static/grids/map.js).
OWN, PARENT, SIBLING, CHILD, PART = "own", "parent", "sibling", "child", "part"
GAP, OVERLAP, BEYOND = "gap", "overlap", "beyond"
GEOMAN = "vendor/leaflet-geoman-2.20.2/leaflet-geoman"
MAX_BACKDROP = 300


@dataclass(frozen=True)
class Layer:
    """One GeoJSON polygon on a map, how it is drawn and what its tip says."""

    style: str
    geojson: dict[str, Any]
    label: str = ""
    href: str = ""
    # What a script knows it by.
    key: str = ""


def map_media(*scripts: str) -> forms.Media:
    """Of a page with maps to look at, and what else SCRIPTS do with them."""
    return forms.Media(
        js=["leaflet/leaflet.js", "grids/map.js", *scripts], css={"screen": ["leaflet/leaflet.css", "grids/map.css"]}
    )


def draw_media(*scripts: str) -> forms.Media:
    """Of a page with a map to draw on, by SCRIPTS."""
    return forms.Media(
        js=["leaflet/leaflet.js", f"{GEOMAN}.min.js", "grids/map.js", "grids/draw.js", *scripts],
        css={"screen": ["leaflet/leaflet.css", f"{GEOMAN}.css", "grids/map.css"]},
    )


def map_data(layers: Iterable[Layer]) -> dict[str, Any]:
    """What static/grids/map.js wants to know."""
    return {
        "layers": [asdict(layer) for layer in layers],
        "tiles": [{"url": url, "options": options} for _label, url, options in app_settings["TILES"]],
        "maxZoom": app_settings["MAX_ZOOM"] or 20,
    }


def render_map(layers: Iterable[Layer], name: str = "map", *, draw: str = "") -> SafeString:
    """A map to look at, for which the page needs `map_media()`; or to DRAW something on ("line")."""
    return render_to_string("grids/map.html", {"name": name, "data": map_data(layers), "draw": draw})


def backdrop(grid: Grid) -> list[Layer]:
    """What lies round GRID: the grid above it and the others below that. Empty for a street and for a new grid."""
    return around(grid.parent_id, but=grid.pk) if grid.parent_id is not None else []


def around(parent: int, but: int | None = None) -> list[Layer]:
    """The grid PARENT and those right below it, BUT for one."""
    there = Grid.objects.current(timezone.localdate()).exclude(border=None).exclude(pk=but)
    above = there.filter(pk=parent).values_list("border", flat=True)
    beside = there.filter(parent=parent).order_by("code").values_list("border", "name")[:MAX_BACKDROP]
    return [*(Layer(PARENT, border) for border in above), *(Layer(SIBLING, *row) for row in beside)]


class BorderWidget(forms.Textarea):
    """A map to draw on beside its GeoJSON text, with the check of what is drawn. `backdrop` holds what lies round it."""

    template_name = "grids/border_widget.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, backdrop: Iterable[Layer] = (), grid: int | None = None
    ) -> None:
        super().__init__({"rows": 3, "spellcheck": "false", **(attrs or {})})
        self.backdrop, self.grid = list(backdrop), grid

    @property
    def media(self) -> forms.Media:
        return draw_media("grids/border.js")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, "" if value == "null" else value, attrs)
        field = context["widget"]["attrs"].get("id") or f"id_{name}"
        return {
            **context,
            "field": field,
            "data_id": f"{field}-map",
            "data": map_data(self.backdrop),
            "grid": self.grid,
        }

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        """By the project's templates: the forms' own renderer doesn't know them."""
        return render_to_string(template_name, context)


class DrawnField(forms.JSONField):
    """JSON as it came; nested too deep to be read, it is none."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class BorderField(DrawnField):
    """A GeoJSON polygon, checked and rounded, or None."""

    widget = BorderWidget

    def clean(self, value: Any) -> dict[str, Any] | None:
        given = super().clean(value)
        if given in self.empty_values:
            return None
        try:
            return Outline.read(given).geojson
        except Invalid as refusal:
            raise ValidationError(str(refusal)) from None
