"""How the phone's pages look to this person: size of the type, elder mode, outdoors contrast. A cookie keeps it, so that
pages of nobody (signing in, residents, without a network) obey too, and the server draws it: no page jumps."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.choices import CASE_ROLES, Role
from gridgov.desk import unread_of

COOKIE = "gridgov_look"
KEPT_SECONDS = 365 * 24 * 3600


class Type(models.TextChoices):
    """Steps of the type's size: 16, 20, 24 and 30 px; in elder mode 20, 24, 27 and 30."""

    STANDARD = "s", _("standard")
    LARGE = "l", _("large")
    LARGER = "xl", _("very large")
    LARGEST = "xxl", _("largest")


@dataclass(frozen=True)
class Look:
    """What the cookie says, as `type[.elder][.sun]`: `xl.elder`."""

    type: str = Type.STANDARD
    elder: bool = False
    sun: bool = False

    @classmethod
    def read(cls, said: str) -> "Look":
        """Anything strange is the usual look."""
        type_, *modes = said.split(".")[:3]
        return cls(type_ if type_ in Type.values else Type.STANDARD, "elder" in modes, "sun" in modes)

    def __str__(self) -> str:
        return ".".join([self.type, *(name for name in ("elder", "sun") if getattr(self, name))])

    @property
    def classes(self) -> str:
        """For <html>: `type-xl elder sun`."""
        return f"type-{str(self).replace('.', ' ')}"

    def keep(self, answer: HttpResponse, *, secure: bool) -> HttpResponse:
        """Scripts read it too: a page that the device has kept is drawn anew in it."""
        answer.set_cookie(COOKIE, str(self), max_age=KEPT_SECONDS, samesite="Lax", secure=secure)
        return answer


def look(request: HttpRequest) -> dict[str, Any]:
    """For every template: `look`, the `frame` in which a page that only says something is drawn, and of whoever is signed in
    whether there is work on the phone for them, and how much is unread."""
    return {
        "look": Look.read(request.COOKIES.get(COOKIE, "")),
        "frame": "m/plain.html" if request.path.startswith("/m/") else "plain.html",
        "phone_work": SimpleLazyObject(lambda: getattr(request.user, "role", None) in CASE_ROLES),
        "phone_volunteer": SimpleLazyObject(lambda: getattr(request.user, "role", None) == Role.VOLUNTEER),
        "phone_mediator": SimpleLazyObject(lambda: getattr(request.user, "role", None) == Role.MEDIATOR),
        "phone_unread": SimpleLazyObject(lambda: unread_of(request.user) if request.user.is_authenticated else 0),
    }
