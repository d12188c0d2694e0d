"""What all pages of the door have in common: how they are answered, and what they show everywhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from door.choices import EMERGENCY
from grids.choices import HOTLINE

View = Callable[..., HttpResponse]


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page TEMPLATE of the door."""
    return render(request, f"door/{template}", {"hotline": HOTLINE, "emergency": EMERGENCY, **context}, status=status)


def private(view: View) -> View:
    """Nothing of this page is kept by a browser or anything in between."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return answer
