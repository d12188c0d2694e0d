"""Every address of the house with the names in it, read off the URL conf: "/m/cases/{pk}/do/{name}/"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.test_addresses import Address

_ROUTE = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Place:
    """A URL pattern, and its view as tests/house reads it. TEMPLATE has {names} where an address has arguments."""

    template: str
    address: Address

    @property
    def names(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.template)

    @property
    def methods(self) -> list[str]:
        """Of the API what it knows; of a page GET and POST, that of an upload PUT."""
        known = self.address.methods
        pages = [one for one in ("get", "post") if one in known]
        return known if self.template.startswith("/api/") or "post" not in known else pages

    @property
    def room(self) -> str:
        """The package whose view answers; of an admin page that of its model."""
        found = re.match(r"/admin/(\w+)/\w+/", self.template)
        if found and not self.template.startswith("/admin/map/"):
            return found[1]
        return str(getattr(self.address.view, "__module__", "")).split(".")[0]


def _readable(part: Any) -> str:
    text = str(part)
    if hasattr(part, "_route"):
        return _ROUTE.sub(r"{\1}", text)
    text = _GROUP.sub(r"{\1}", text)
    text = re.sub(r"\(\?:[^)]*\)\?", "", text)
    return text.replace("\\Z", "").replace("\\.", ".").replace("^", "").replace("$", "").replace(".*", "")


def _walk(resolver: Any, prefix: str) -> Iterator[Place]:
    for entry in resolver.url_patterns:
        template = prefix + _readable(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, template)
        elif isinstance(entry, URLPattern):
            yield from _with_verbs(template, Address(template, entry.name or "", entry.callback))


def _with_verbs(template: str, address: Address) -> Iterator[Place]:
    """Of a page with verbs one place for each, for each has its own rule."""
    found = re.fullmatch(r"/admin/(\w+)/(\w+)/{pk}/do/{name}/", template)
    if found is None:
        yield Place(template, address)
        return
    page = next(
        one for model, one in admin.site._registry.items() if model._meta.label_lower == f"{found[1]}.{found[2]}"
    )
    for verb in page.all_verbs():
        yield Place(template.replace("{name}", verb.name), address)


@cache
def places() -> tuple[Place, ...]:
    """All, each template once."""
    found: dict[str, Place] = {}
    for place in _walk(get_resolver(), "/"):
        found.setdefault(place.template, place)
    return tuple(found.values())
