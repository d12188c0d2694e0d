"""Every address of the house: who may come in, who sees what, and that no list grows dear with its length."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getsource
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from rest_framework.test import APIClient

from accounts.models import User
from gridgov.core.api import ScopedViewSet
from gridgov.core.models import Record
from tests.factories import Cast, make_cast
from tests.house.exemptions import Exemption, judge
from tests.house.rows import MAKERS, SHARED, outsiders
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
API = "/api/v1/"

SOME_UUID = "00000000-0000-0000-0000-000000000001"
OPEN = {
    "/": Exemption("only leads on to the desk"),
    "/healthz": Exemption("asked by machines; says no more than that the process answers"),
    "/readyz": Exemption("asked by machines; names no data"),
    "/metrics": Exemption(
        "for a token or a network; to everybody else there is no such page: tests/setup/test_metrics.py"
    ),
    "/i18n/setlang/": Exemption("the sign-in page speaks both languages"),
    "/admin/login/": Exemption("the door itself"),
    "/admin/logout/": Exemption("there is nothing to leave"),
    "/g/1/": Exemption("a grid's public page, of which the office has released every line"),
    "/g/1/group/1/": Exemption("the code of a group that the office shows to residents"),
    "/card/1/": Exemption("a contact card, found by its token alone"),
    "/card/1/contact.vcf": Exemption("the same card as phones keep it"),
    "/results/": Exemption("results that somebody has looked through and published"),
    "/results/1/": Exemption("one of them"),
    "/results/1/photos/1/": Exemption("a picture released with it"),
    "/m/login/": Exemption("the phone's door"),
    "/sso/1/": Exemption("leads to a provider; there is none of this name"),
    "/sso/1/back/": Exemption("comes back from one"),
    "/sso/bind/": Exemption("for who has just come back; everybody else is sent to the phone's door"),
    "/sso/mine/": Exemption("sends every verb of a stranger to the phone's door"),
    "/sso/mine/1/undo/": Exemption("the same"),
    "/m/look/": Exemption("the size of the type on the sign-in page and on pages of residents"),
    "/m/manifest.webmanifest": Exemption("the app's name and icons"),
    "/sw.js": Exemption("the service worker; says nothing about anybody"),
    "/m/offline/": Exemption("shown without a network; says nothing about anybody"),
    **{
        f"/r/{page}": Exemption("the residents' door; what each of them finds: tests/door")
        for page in (
            "",
            "report/",
            "locate/",
            "near/",
            "me-too/",
            "follow/",
            "follow/mine/",
            "follow/mine/1/",
            "follow/leave/",
            "privacy/",
            "follow/data/",
            "request/",
            "request/follow/",
            "request/mine/",
            "request/mine/1/",
        )
    },
    **{
        f"/v/{page}": Exemption("volunteering for everybody; what each of them finds: tests/volunteers")
        for page in ("", "p/1/", "c/", "c/1/", f"f/{SOME_UUID}/", "honours/", "honours/1/", "join/")
    },
    **{
        f"/t/1/{page}": Exemption(
            "a party's own link: leads nowhere without its key; tests/mediation/test_party_link.py"
        )
        for page in ("", "open/", "leave/", "do/1/")
    },
    "/open311/": Exemption("Open311: everybody reads what is public, reports come with a key; tests/integrations"),
    "/open311/1": Exemption("no address of Open311, told so in its shape"),
    "/m/entry/": Exemption("the way in from another app; tests/phone/test_entry.py"),
    "/admin/in/left/": Exemption("how long the own session goes on, 0 without one; tests/accounts/test_sessions.py"),
    "/exchange/1/1": Exemption("partners' messages, known by their signatures; tests/integrations/test_hotline_in.py"),
    "/api/v1/token/": Exemption("the API's door"),
    "/api/v1/entry-codes/": Exemption("another app's server shows its secret; tests/phone/test_entry.py"),
    "/api/v1/files/1/": Exemption("a signed address is what lets in; tests/cases/test_links.py"),
    "/api/v1/schema/": Exemption("the contract is public"),
    "/api/v1/docs/": Exemption("the contract's page"),
}
PLAIN_VIEWS = {
    "/api/v1/token/": Exemption("the API's door"),
    "/api/v1/entry-codes/": Exemption("another app's door, which is no list"),
    "/api/v1/client/": Exemption("the calling system, which is no list; tests/accounts/test_clients.py"),
    "/api/v1/me/": Exemption("the caller's own account, which is no list"),
    "/api/v1/doctor/": Exemption("the state of the house, which is no list; tests/setup/test_doctor.py"),
    "/api/v1/figures/": Exemption("sums, not rows; their scope is tested in tests/cases/test_figures_faces.py"),
    "/api/v1/figures/report/": Exemption("a file of sums; its scope is tested in tests/cases/test_month_report.py"),
    "/api/v1/figures/field/": Exemption("sums by community; tests/clients/test_work_by_api.py"),
    "/api/v1/figures/mediation/": Exemption("counts by committee, kind and community; tests/mediation/test_api.py"),
    "/api/v1/figures/volunteers/": Exemption("sums by community; tests/volunteers/test_honours_faces.py"),
    "/api/v1/files/1/": Exemption("a file by a signed address; tests/cases/test_links.py"),
    **{
        f"/api/v1/feed/{path}": Exemption("whole lists and changes in scope; tests/integrations/test_feed.py")
        for path in (
            "",
            "events/",
            "events.ndjson",
            "1.ndjson",
            "1.csv",
            "1/changes/",
            "1/changes.ndjson",
        )
    },
    **{
        f"/api/v1/{name}": Exemption("rows in scope, drawn; tests/integrations/test_geojson.py")
        for name in ("grids.geojson", "cases.geojson", "cases.geojsons")
    },
    **{
        f"/api/v1/{path}/": Exemption("a file, read by its mediators alone; tests/mediation/test_papers.py")
        for path in ("mediation-papers/1", "mediation-signatures/1", "mediation-documents/1/1")
    },
    "/api/v1/schema/": Exemption("drf-spectacular's"),
    "/api/v1/docs/": Exemption("drf-spectacular's"),
}
BASE = ScopedViewSet.get_queryset
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Address:
    """A URL pattern with an example of it, and its view."""

    url: str
    name: str
    view: Any

    @property
    def viewset(self) -> Any:
        return getattr(self.view, "cls", None)

    @property
    def verbs(self) -> dict[str, str]:
        """HTTP method → the viewset's method."""
        return getattr(self.view, "actions", None) or {}

    @property
    def methods(self) -> list[str]:
        owner = self.viewset or getattr(self.view, "view_class", None)
        return [m for m in METHODS if m in self.verbs or (not self.verbs and (owner is None or hasattr(owner, m)))]


def addresses(resolver: Any = None, prefix: str = "/") -> Iterator[Address]:
    for entry in (resolver or get_resolver()).url_patterns:
        part = entry.pattern
        text = str(part) if isinstance(part, RoutePattern) else re.sub(r"\(\?P<\w+>[^)]*\)|[\^$]", _example, str(part))
        url = prefix + re.sub(r"<[^>]*>", "1", re.sub("<uuid:[a-z]+>", SOME_UUID, text)).replace("\\Z", "").replace(
            "\\.", "."
        )
        if isinstance(entry, URLResolver):
            yield from addresses(entry, url)
        elif isinstance(entry, URLPattern) and "format" not in str(part):
            yield Address(url, entry.name or "", entry.callback)


def _example(match: re.Match[str]) -> str:
    return "1" if match[0].startswith("(") else ""


def api_addresses() -> list[Address]:
    return [address for address in addresses() if address.url.startswith(API)]


def routes() -> list[str]:
    """The names of all lists under /api/v1/."""
    return sorted(a.url.removeprefix(API).strip("/") for a in api_addresses() if a.verbs.get("get") == "list")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_nobody_comes_in_without_signing_in() -> None:
    faults = {}
    for address in addresses():
        for method in address.methods:
            client: Any = APIClient() if address.url.startswith(API) else Client()
            answer = getattr(client, method)(address.url)
            wanted = answer.status_code == 401
            if not address.url.startswith(API):
                door = "/m/login/" if address.url.startswith("/m/") else "/admin/login/"
                to_door = answer.status_code == 302 and answer["Location"].startswith(door)
                wanted = to_door or answer.status_code == 405
            if not wanted:
                faults[address.url] = f"{method.upper()} without signing in is answered {answer.status_code}"
    judge(faults, OPEN, "Every address asks who is there:")


def test_every_resource_is_scoped_in_the_base() -> None:
    faults = {}
    for address in api_addresses():
        view = address.viewset
        if view is None or not issubclass(view, ScopedViewSet):
            faults[address.url] = "is no ScopedViewSet"
            continue
        lacking = [n for n in ("visible_to", "for_list", "for_detail") if not hasattr(view.queryset, n)]
        if lacking:
            faults[address.url] = f"its queryset has no {', '.join(lacking)}"
        if "super().get_queryset()" not in getsource(view.get_queryset) and view.get_queryset is not BASE:
            faults[address.url] = "has a get_queryset of its own; scope is applied once, in the base"
    judge(faults, PLAIN_VIEWS, "Scope is applied once, to list and detail alike:")


def test_every_list_has_a_maker_here() -> None:
    """tests/house/rows.py: without one the next two tests would pass by it."""
    assert sorted(MAKERS) == routes()


@pytest.mark.parametrize("route", sorted(MAKERS))
def test_an_outsider_finds_nothing(cast: Cast, route: str) -> None:
    """Of whatever role: not in the list, not by its number, and no verb of it does anything."""
    rows = [MAKERS[route].make(cast, number) for number in (1, 2)]
    people = outsiders(cast)
    before = Record.objects.count()
    faults = {}
    for row, person in product(rows, people):
        told = {what: status for what, status in _tried(route, row, person).items() if status not in {400, 403, 404}}
        if told:
            faults[route] = f"{person.role} gets through: {told}"
    judge(faults, {k: v for k, v in SHARED.items() if k == route}, "An outsider finds nothing:")
    assert Record.objects.count() == before


def _tried(route: str, row: Any, person: User) -> dict[str, int]:
    """What PERSON tries with ROW, and the status of each answer; 200 for a list that shows it."""
    client, url = client_of(person), f"{API}{route}/"
    key = row.code if route == "categories" else row.pk
    answer = client.get(url)
    seen = answer.status_code == 200 and key in [line.get("id", line.get("code")) for line in answer.json()["results"]]
    found = {"the list": 200 if seen else 404}
    for address in api_addresses():
        if address.url.startswith(f"{url}1/"):
            own = address.url.replace(f"{url}1/", f"{url}{key}/", 1)
            found |= {f"{method} {own}": getattr(client, method)(own).status_code for method in address.methods}
    return found


@pytest.mark.parametrize("route", sorted(MAKERS))
def test_a_list_is_flat(cast: Cast, route: str) -> None:
    """Two rows more cost no query more."""
    maker = MAKERS[route]
    reader = client_of(maker.reader(cast))

    def look() -> tuple[int, list[str]]:
        with CaptureQueriesContext(connection) as caught:
            answer = reader.get(f"{API}{route}/")
        assert answer.status_code == 200, answer.content
        return len(answer.json()["results"]), [query["sql"] for query in caught.captured_queries]

    maker.make(cast, 1)
    few, queries = look()
    maker.make(cast, 2)
    maker.make(cast, 3)
    more, after = look()
    assert more == few + 2
    assert len(after) == len(queries), "\n".join(["queries with two rows more:", *after])
