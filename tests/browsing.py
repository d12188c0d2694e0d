"""A browser as somebody who has just signed in leaves it."""

from typing import Any

from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from playwright.sync_api import Page, Request

from accounts.models import User

# How long (ms) a page asks for nothing before it is taken to be done.
QUIET = 100


def cookies_of(user: User, url: str) -> list[Any]:
    """The cookies of USER at the house of URL, for Playwright. Signing in brings the one against forged forms as well; without
    it each of several pages asked for at the same time would bring another, and the forms of all but the last would be refused."""
    client = Client()
    client.force_login(user)
    found = {name: cookie.value for name, cookie in client.cookies.items()}
    found[settings.CSRF_COOKIE_NAME] = _get_new_csrf_string()
    return [{"name": name, "value": value, "url": url} for name, value in found.items()]


# What fades in has neither its colours nor its place until it is there; what turns for ever is left to turn.
COME_TO_REST = """() => Promise.allSettled(
    document.getAnimations()
        .filter((one) => one.playState === "running" && one.effect.getComputedTiming().endTime < Infinity)
        .map((one) => one.finished)
)"""


def settled(page: Page, address: str) -> None:
    """Go to ADDRESS and wait until its page is loaded, stands still, and has asked for nothing more during QUIET: Playwright's
    "networkidle" waits for half a second, which many pages make minutes of."""
    asked: list[Request] = []
    answered: list[Request] = []

    def asks(one: Request) -> None:
        asked.append(one)

    def is_answered(one: Request) -> None:
        answered.append(one)

    page.on("request", asks)
    page.on("requestfinished", is_answered)
    page.on("requestfailed", is_answered)
    page.goto(address)
    before = -1
    while before != len(asked) or len(answered) < len(asked):
        before = len(asked)
        page.wait_for_timeout(QUIET)
    page.evaluate(COME_TO_REST)
    page.remove_listener("request", asks)
    page.remove_listener("requestfinished", is_answered)
    page.remove_listener("requestfailed", is_answered)
