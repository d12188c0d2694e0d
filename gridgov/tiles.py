"""The ground under a map: a tile server that the office names, Tianditu 天地图 by its key, or none."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

TileLayer = tuple[str, str, dict[str, Any]]
# Web Mercator ("_w"), which is what Leaflet draws in; CGCS2000 lies within centimetres of the WGS-84 that is stored. The
# column is x and the row y; a widely copied address has them swapped.
TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
# The map, and the names on it.
TIANDITU_LAYERS = ("vec", "cva")


def tile_layers(environment: Mapping[str, str]) -> list[TileLayer]:
    """django-leaflet's TILES as ENVIRONMENT asks for them (docs/operations.md), each (label, address, Leaflet's options)."""
    found: list[TileLayer] = []
    if url := environment.get("GRIDGOV_TILES"):
        found.append(("", url, {"attribution": environment.get("GRIDGOV_TILES_ATTRIBUTION", "")}))
    if key := environment.get("GRIDGOV_TIANDITU_KEY"):
        said = environment.get("GRIDGOV_TIANDITU_ATTRIBUTION") or _("Tianditu")
        # The key's list of allowed sites is held against the referrer, which Django's policy would keep back.
        options = {"subdomains": "01234567", "maxNativeZoom": 18, "referrerPolicy": "origin"}
        found += [
            ("", TIANDITU.format(layer=layer, key=key), {**options, "attribution": said if not i else ""})
            for i, layer in enumerate(TIANDITU_LAYERS)
        ]
    return found
