"""A browser as somebody who has just signed in leaves it."""

from typing import Any

from django.conf import settings
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client

from accounts.models import User


def cookies_of(user: User, url: str) -> list[Any]:
    """The cookies of USER at the house of URL, for Playwright. Signing in brings the one against forged forms as well; without
    it each of several pages asked for at the same time would bring another, and the forms of all but the last would be refused."""
    client = Client()
    client.force_login(user)
    found = {name: cookie.value for name, cookie in client.cookies.items()}
    found[settings.CSRF_COOKIE_NAME] = _get_new_csrf_string()
    return [{"name": name, "value": value, "url": url} for name, value in found.items()]
