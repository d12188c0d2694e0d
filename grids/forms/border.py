"""Drawing a border on a map.

Reuses django-leaflet's scripts and template only: `leaflet.forms` and `leaflet.admin` import GeoDjango, and with it
GDAL, which a street's server doesn't have. They must never be imported.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from leaflet import PLUGIN_FORMS, PLUGINS, app_settings

from gridgov.core.errors import Invalid
from gridgov.core.geodesy import Outline
from grids.models import Grid

# How a piece of the map is drawn (static/grids/map.js).
OWN, PARENT, SIBLING, CHILD, GAP, OVERLAP, BEYOND = "own", "parent", "sibling", "child", "gap", "overlap", "beyond"
MAX_BACKDROP = 300


@dataclass(frozen=True)
class Layer:
    """One GeoJSON polygon on a map, how it is drawn and what its tip says."""

    style: str
    geojson: dict[str, Any]
    label: str = ""
    href: str = ""


def map_media(*, draw: bool = False) -> forms.Media:
    plugins = PLUGINS[PLUGIN_FORMS] if draw else {"js": [], "css": []}
    return forms.Media(
        js=["leaflet/leaflet.js", "leaflet/leaflet.extras.js", *plugins["js"], "grids/map.js"],
        css={"screen": ["leaflet/leaflet.css", *plugins["css"], "leaflet/leaflet_django.css", "grids/map.css"]},
    )


def map_data(layers: Iterable[Layer]) -> dict[str, Any]:
    """What static/grids/map.js wants to know."""
    return {
        "layers": [asdict(layer) for layer in layers],
        "tiles": [{"url": url, "options": options} for _label, url, options in app_settings["TILES"]],
        "maxZoom": app_settings["MAX_ZOOM"] or 20,
        # Hashed file names break Leaflet's guess where its marker pictures lie.
        "icons": {
            "iconUrl": static("leaflet/images/marker-icon.png"),
            "iconRetinaUrl": static("leaflet/images/marker-icon-2x.png"),
            "shadowUrl": static("leaflet/images/marker-shadow.png"),
        },
    }


def render_map(layers: Iterable[Layer], name: str = "map") -> SafeString:
    """A map to look at; the page needs `map_media()`."""
    return render_to_string("grids/map.html", {"name": name, "data": map_data(layers)})


def backdrop(grid: Grid) -> list[Layer]:
    """What lies round GRID: the grid above it and the others below that. Empty for a street and for a new grid."""
    if grid.parent_id is None:
        return []
    around = Grid.objects.current(timezone.localdate()).exclude(border=None).exclude(pk=grid.pk)
    above = around.filter(pk=grid.parent_id).values_list("border", flat=True)
    beside = around.filter(parent=grid.parent_id).order_by("code").values_list("border", "name")[:MAX_BACKDROP]
    return [*(Layer(PARENT, border) for border in above), *(Layer(SIBLING, *row) for row in beside)]


# Leaflet.draw's words (L.drawLocal), by their place in it.
DRAW_WORDS: dict[str, Any] = {
    "draw.toolbar.actions.title": _("Cancel drawing"),
    "draw.toolbar.actions.text": _("Cancel"),
    "draw.toolbar.finish.title": _("Close the border"),
    "draw.toolbar.finish.text": _("Finish"),
    "draw.toolbar.undo.title": _("Take back the last point"),
    "draw.toolbar.undo.text": _("Take back"),
    "draw.toolbar.buttons.polygon": _("Draw a border"),
    "draw.toolbar.buttons.rectangle": _("Draw a rectangle"),
    "draw.handlers.polygon.tooltip.start": _("Click where the border begins."),
    "draw.handlers.polygon.tooltip.cont": _("Click for the next corner."),
    "draw.handlers.polygon.tooltip.end": _("Click the first corner to close the border."),
    "draw.handlers.polyline.error": _("A border can't cross itself."),
    "draw.handlers.rectangle.tooltip.start": _("Press and drag to draw a rectangle."),
    "draw.handlers.simpleshape.tooltip.end": _("Let go to finish."),
    "edit.toolbar.actions.save.title": _("Keep the changes"),
    "edit.toolbar.actions.save.text": _("Done"),
    "edit.toolbar.actions.cancel.title": _("Drop the changes"),
    "edit.toolbar.actions.cancel.text": _("Cancel"),
    "edit.toolbar.actions.clearAll.title": _("Remove the border"),
    "edit.toolbar.actions.clearAll.text": _("Remove all"),
    "edit.toolbar.buttons.edit": _("Move the corners"),
    "edit.toolbar.buttons.editDisabled": _("There is no border to change."),
    "edit.toolbar.buttons.remove": _("Remove the border"),
    "edit.toolbar.buttons.removeDisabled": _("There is no border to remove."),
    "edit.handlers.edit.tooltip.text": _("Drag the corners; drag a pale one to make a new corner."),
    "edit.handlers.edit.tooltip.subtext": _("Click a corner to take it out."),
    "edit.handlers.remove.tooltip.text": _("Click the border to remove it."),
}


class BorderWidget(forms.Textarea):
    """A map with a drawing bar over a hidden GeoJSON text. `backdrop` holds what lies round the border."""

    template_name = "grids/border_widget.html"

    def __init__(self, attrs: dict[str, Any] | None = None, backdrop: Iterable[Layer] = ()) -> None:
        super().__init__(attrs)
        self.backdrop = list(backdrop)

    @property
    def media(self) -> forms.Media:
        return map_media(draw=True)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        css_id = context["widget"]["attrs"].get("id") or f"id_{name}"
        word = css_id.replace("-", "_")
        context["widget"]["attrs"].update(geom_name="Polygon", map_srid=4326)
        return {
            **context,
            "id_css": css_id,
            "id_map": f"{css_id}-map",
            "id_map_callback": f"{word}_map_callback",
            "module": f"geodjango_{word}",
            "modifiable": True,
            "loadevent": "load",
            "geometry_field_class": "L.GeometryField",
            "field_store_class": "L.FieldStore",
            "serialized": value if isinstance(value, str) and value != "null" else "",
            "settings_overrides": {},
            "FORCE_IMAGE_PATH": False,
            "data_id": f"{css_id}-map-data",
            "data": {**map_data(self.backdrop), "words": {place: str(word) for place, word in DRAW_WORDS.items()}},
        }

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        """By the project's templates: the forms' own renderer doesn't know them."""
        return render_to_string(template_name, context)


class BorderField(forms.JSONField):
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
