"""What all pages of the door have in common: how they are answered, and what they show everywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from door.choices import EMERGENCY
from gridgov.core.pacing import seconds_to_wait
from grids.choices import HOTLINE

View = Callable[..., HttpResponse]


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page TEMPLATE of the door."""
    return render(request, f"door/{template}", {"hotline": HOTLINE, "emergency": EMERGENCY, **context}, status=status)


def paced(view: View, *methods: str) -> View:
    """So many looks a minute from one address: enough for a whole house behind one router, too few to read through numbers or
    to keep the door busy. What is sent has limits of its own (door.views.wall, tries), unless METHODS name it here."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = seconds_to_wait("door", request) if request.method in {"GET", "HEAD", *methods} else 0
        if not wait:
            return view(request, *args, **kwargs)
        busy = show(request, "busy.html", status=429)
        busy["Retry-After"], busy["Cache-Control"] = wait, "no-store"
        return busy

    return answer


def private(view: View) -> View:
    """Nothing of this page is kept by a browser or anything in between."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return answer
