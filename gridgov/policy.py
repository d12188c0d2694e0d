"""What the pages outside the desk may load and who may frame them: the Content-Security-Policy (W3C CSP 3)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from gridgov.tiles import TileLayer

# The theme of the desk writes styles and scripts into its pages; so does Swagger's page of the API.
EXCUSED = ("/admin/", "/api/v1/docs/")


def tile_hosts(layers: Iterable[TileLayer]) -> list[str]:
    """Whose pictures a map shows; a part of the name that Leaflet fills in (t{s}.…) becomes the star that CSP has for it."""
    found = set()
    for _label, address, _options in layers:
        parts = urlsplit(address)
        if parts.netloc:
            name, dot, rest = parts.netloc.partition(".")
            found.add(f"{parts.scheme}://{f'*{dot}{rest}' if '{' in name else parts.netloc}")
    return sorted(found)


def content_policy(*, layers: Iterable[TileLayer], framed_by: Iterable[str]) -> dict[str, Any]:
    """django-csp's CONTENT_SECURITY_POLICY: all from this house, nothing inline. FRAMED_BY are origins besides the own."""
    own = "'self'"
    return {
        "EXCLUDE_URL_PREFIXES": list(EXCUSED),
        "DIRECTIVES": {
            "default-src": [own],
            "script-src": [own],
            "style-src": [own],
            "img-src": [own, "data:", "blob:", *tile_hosts(layers)],
            # A voice note is listened to before it is sent.
            "media-src": [own, "blob:"],
            "connect-src": [own],
            "object-src": ["'none'"],
            "base-uri": ["'none'"],
            "form-action": [own],
            "frame-ancestors": [own, *framed_by],
        },
    }
