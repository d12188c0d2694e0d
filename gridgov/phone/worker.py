"""What a phone needs to install the pages as an app, and to open their forms without a network."""

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Forms that hold nothing about anybody (`phone_page(offline=True)`), kept by the worker with all they load.
SHELLS = ("m-offline", "m-report", "m-outbox", "m-visit", "m-daily", "m-walk", "m-carried", "m-mediation-notes")
FILES = ("m/m.css", "m/m.js", "gridgov/favicon.svg", "m/icon-192.png")
# Of what the version is made: a change of any of these brings every phone a new worker.
SOURCES = ("static/m/*", "static/*/m/*", "templates/m/**/*", "templates/*/m/**/*")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker: templates/m/sw.js, told what to keep. Its address is above /m/, its scope is /m/."""
    known = {
        "version": version(),
        "files": [static(name) for name in FILES],
        "shells": list(map(reverse, SHELLS)),
        "offline": reverse("m-offline"),
        "instead": _instead(),
    }
    script = "application/javascript; charset=utf-8"
    return render(request, "m/sw.js", {"known": json.dumps(known, indent=2)}, content_type=script)


def _instead() -> list[tuple[str, str]]:
    """Without a network: pages of people's, as patterns, and the form that is shown in their place."""
    return [
        (f"^{reverse('m-patrol')}$", reverse("m-walk")),
        (rf"^{reverse('m-mediation')}(sessions/\d+/(record/)?)?$", reverse("m-mediation-notes")),
        (rf"^{reverse('m-home')}$|^{reverse('m-cases')}(\d+/(do/[a-z-]+/)?)?$", reverse("m-carried")),
    ]


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app's manifest (W3C): its name in the reader's language, icons, where it begins."""
    icons: list[dict[str, Any]] = [
        {"src": static(f"m/icon-{px}.png"), "sizes": f"{px}x{px}", "type": "image/png", "purpose": "any maskable"}
        for px in (192, 512)
    ]
    home, report = reverse("m-home"), reverse("m-report")
    told = {
        "name": _("Grid governance"), "short_name": _("Grid governance"), "id": home, "start_url": home, "scope": home,
        "display": "standalone", "background_color": "#eff4f2", "theme_color": "#11614f", "icons": icons,
        "shortcuts": [{"name": _("Report a case"), "url": report, "icons": icons[:1]}],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@cache
def version() -> str:
    """Of the pages' files and frames, as they are where this process began."""
    digest = hashlib.sha256()
    for path in sorted({path for source in SOURCES for path in settings.BASE_DIR.glob(source) if path.is_file()}):
        digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
