"""What the phone shows without a network."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from gridgov.core.phone import SHELL_HEADER, phone_page


@require_safe
@ensure_csrf_cookie
@phone_page(offline=True)
def show_outbox(request: HttpRequest) -> HttpResponse:
    """What waits on the device (static/m/outbox.js). The house knows nothing of it."""
    return render(request, "m/outbox.html")


@require_safe
def show_offline(request: HttpRequest) -> HttpResponse:
    """Instead of a page that needs the network. Of nobody: it is kept on the device."""
    request.phone_shell = True  # type: ignore[attr-defined]
    answer = render(request, "m/offline.html")
    answer["Cache-Control"], answer[SHELL_HEADER] = "no-cache", "shell"
    return answer
