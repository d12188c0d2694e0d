"""The same pages in the frame of the desk and in that of the phone."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse


@dataclass(frozen=True)
class Around:
    """DESK or phone; INSIDE the house, or before its door."""

    desk: bool
    inside: bool = True

    def url(self, name: str, *args: Any) -> str:
        """The address of a page of this package in the same frame."""
        return reverse(f"admin:{name}" if self.desk else f"m-{name}", args=args)

    def page(self, request: HttpRequest, inner: str, title: Any, *, status: int = 200, **more: Any) -> HttpResponse:
        frame = ("desk" if self.inside else "desk_door") if self.desk else "phone"
        context: dict[str, Any] = {
            "around": f"accounts/signing/around_{frame}.html",
            "title": title,
            "inside": self.inside,
            **more,
        }
        if self.desk:
            context = {**admin.site.each_context(request), **context}
        answer = render(request, f"accounts/signing/{inner}.html", context, status=status)
        answer["Cache-Control"] = "no-store"
        return answer
