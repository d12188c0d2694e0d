"""What pages may load, who may frame them (Content-Security-Policy, W3C CSP 3), what of the device they may use (Permissions-Policy)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE

from gridgov.tiles import TileLayer

# What a page of ours may ask the device for, and no page in it of anybody else's: where one stands (a report, a patrol), the
# camera, the microphone (a voice note), that the screen stays on (the wall of figures). What browsers have besides is off.
ASKED_FOR = ("camera", "fullscreen", "geolocation", "microphone", "screen-wake-lock")
OFF = ("accelerometer", "display-capture", "gyroscope", "hid", "magnetometer", "midi", "payment", "serial", "usb")
PERMISSIONS = ", ".join([*(f"{name}=(self)" for name in ASKED_FOR), *(f"{name}=()" for name in OFF)])


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
    """django-csp's CONTENT_SECURITY_POLICY: all from this house, nothing inline, no page excused. FRAMED_BY are origins
    besides the own.

    No script bears a nonce: there is none in a page. The one style that does is the theme's list of colours (skeleton.html)."""
    own = "'self'"
    return {
        "DIRECTIVES": {
            "default-src": [own],
            "script-src": [own],
            "style-src": [own, NONCE],
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
