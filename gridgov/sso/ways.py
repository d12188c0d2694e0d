"""The ways in from outside that this office has set up, and what each brings back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from gridgov.sso import oidc, wechat
from gridgov.sso.answer import Somebody


@dataclass(frozen=True)
class Way:
    """`start(request, back)` sends the browser there, `finish(request, back)` reads what it comes back with: Somebody, or
    the refusal to raise. BACK is the whole address of the callback."""

    key: str
    label: Any
    icon: str
    start: Callable[[HttpRequest, str], HttpResponse]
    finish: Callable[[HttpRequest, str], Somebody]
    # Of a browser, by what it calls itself: WeChat's own way works inside WeChat alone.
    fits: Callable[[str], bool] = lambda agent: True


def ways() -> dict[str, Way]:
    """Those that the environment sets up, by their keys."""
    found = []
    if settings.OIDC["issuer"]:
        found.append(Way("oidc", settings.OIDC["name"], "badge", oidc.start, oidc.finish))
    if settings.WECHAT["appid"]:
        found.append(
            Way(
                "wechat",
                wechat.LABEL,
                "forum",
                wechat.start,
                wechat.finish,
                fits=lambda agent: "MicroMessenger" in agent,
            )
        )
    return {way.key: way for way in found}


def ways_for(request: HttpRequest) -> list[Way]:
    """Those that work in this browser."""
    agent = request.headers.get("User-Agent", "")
    return [way for way in ways().values() if way.fits(agent)]


def shown(request: HttpRequest) -> dict[str, Any]:
    """For the templates (settings): `ways_in`, worked out only where a page asks."""
    return {"ways_in": SimpleLazyObject(lambda: ways_for(request))}
