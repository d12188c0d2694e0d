"""A grid's public page: who scans the QR code at the door reads it on a phone, without an account."""

import math
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe
from rest_framework.throttling import SimpleRateThrottle

from grids.choices import HOTLINE
from grids.forms.outline import draw_outline
from grids.reports import disclosure

# A page is as old as this at most, and phones of a whole building don't ask anew for each look.
KEPT_SECONDS = 300


class _Throttle(SimpleRateThrottle):
    """So many pages a minute for one address: enough for people, too few for a harvest of names."""

    scope = "public"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"public-page-{self.get_ident(request)}"


@require_safe
@conditional_page
def show_disclosure(request: HttpRequest, code: str) -> HttpResponse:
    """The four disclosures of the grid CODE; 404 where its street has released no pages."""
    throttle: Any = _Throttle()
    if not throttle.allow_request(request, None):
        busy = render(request, "grids/public_busy.html", status=429)
        busy["Retry-After"] = math.ceil(throttle.wait() or 1)
        busy["Cache-Control"] = "no-store"
        return busy
    found = disclosure(code, timezone.localdate()) if code.isascii() and code.isdigit() else None
    if found is None:
        raise Http404
    outline = draw_outline(found.border, found.beside) if found.border else None
    context = {
        "found": found, "grid": found.grid, "page": found.page, "hotline": HOTLINE, "outline": outline,
        "way": " · ".join(grid.name for grid in found.path),
    }  # fmt: skip
    answer = render(request, "grids/public.html", context)
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer
