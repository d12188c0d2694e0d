"""What pages without an account have in common: enough for people, too little for a harvest, and kept by phones."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from gridgov.core.pacing import seconds_to_wait

# A page is as old as this at most, and phones of a whole building don't ask anew for each look.
KEPT_SECONDS = 300


def open_page(*, kept: int = KEPT_SECONDS) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page that everybody reads: only to be looked at, so many a minute, and KEPT for so many seconds by whoever
    fetched it; 0 where what it says may have to vanish at once. No search engine lists it."""

    def dress(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @require_safe
        @conditional_page
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if wait := seconds_to_wait("public", request):
                busy = render(request, "grids/public_busy.html", status=429)
                busy["Retry-After"] = wait
                busy["Cache-Control"] = "no-store"
                return busy
            found = view(request, *args, **kwargs)
            found["Cache-Control"] = f"public, max-age={kept}" if kept else "no-store"
            found["X-Robots-Tag"] = "noindex"
            patch_vary_headers(found, ("Cookie",))  # that of the look: large print is another page
            return found

        return answer

    return dress
