"""Walks over all that /api/v1/ can do, read off its addresses: scopes, grounds, and keys under which a thing is done once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.parsers import JSONParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.test import APIClient

from accounts.choices import Role
from accounts.choices.clients import SCOPES
from accounts.models import ApiClient
from gridgov.core import idempotency
from gridgov.core.keys import ANY_SCOPE, scope_of_view
from gridgov.core.models import KeptAnswer, Record
from grids.choices import PostKind
from grids.models import Unit
from tests.clients.kit import code_of
from tests.factories import Cast, Street, give, make_client, make_street, make_unit, make_user
from tests.house.exemptions import Exemption, judge
from tests.house.rows import MAKERS, SHARED
from tests.house.test_addresses import API, OPEN, Address, api_addresses
from tests.openapi import client_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Operation:
    """A method at an address of the API, with an example of it."""

    address: Address
    method: str

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.address.url}"

    @property
    def scope(self) -> str | None:
        view = self.address.viewset or self.address.view.view_class
        action = self.address.verbs.get(self.method)
        return scope_of_view(
            type("Told", (), {"scopes": view.scopes if hasattr(view, "scopes") else {}, "action": action}),
            self.method.upper(),
        )

    @property
    def format(self) -> str:
        owner = self.address.viewset or self.address.view.view_class
        kinds = self.address.view.initkwargs.get("parser_classes") or owner.parser_classes
        return "json" if any(issubclass(kind, JSONParser) for kind in kinds) else "multipart"


def operations() -> Iterator[Operation]:
    """All but those that let everybody in."""
    for address in api_addresses():
        if address.url not in OPEN:
            yield from (Operation(address, method) for method in address.methods)


def _system(raw: str) -> APIClient:
    """Another system with the key RAW; that its answers are as promised is tried elsewhere, and takes its time."""
    return APIClient(headers={"Authorization": f"Api-Key {raw}"})


# --- scopes ----------------------------------------------------------------------------------------------------------

ANYBODY = {
    "GET /api/v1/client/": Exemption("what a client is told of itself"),
    "GET /api/v1/me/": Exemption("the account that a client acts by"),
}


def test_nothing_is_done_without_its_scope(cast: Cast) -> None:
    """With every scope but the one that it needs, each operation is refused; each scope alone lets in."""
    client, raw = make_client([], grid=cast.place.street)
    system, before = _system(raw), Record.objects.count()
    faults, unknown = {}, set()
    for one in operations():
        if one.scope == ANY_SCOPE:
            faults[str(one)] = "every client may"
            continue
        unknown |= {one.scope} - {None, *SCOPES}
        ApiClient.objects.filter(pk=client.pk).update(scopes=[scope for scope in SCOPES if scope != one.scope])
        told = _told(getattr(system, one.method)(one.address.url))
        if told != (403, "scope_missing"):
            faults[str(one)] = f"without {one.scope} it is answered {told}"
    assert unknown == set()
    assert Record.objects.count() == before and not KeptAnswer.objects.exists()
    for scope, one in {one.scope: one for one in operations() if one.scope}.items():
        ApiClient.objects.filter(pk=client.pk).update(scopes=[scope])
        if _told(getattr(system, one.method)(one.address.url)) == (403, "scope_missing"):
            faults[str(one)] = f"{scope} alone does not do"
    judge(faults, ANYBODY, "Every operation asks for its scope:")


# --- grounds ---------------------------------------------------------------------------------------------------------

# Lists that a client of a street reads and finds empty although there are rows, or with rows that are no street's.
NOT_ITS_OWN = {
    "bulk-runs": Exemption("runs are of whoever ran them"),
    "webhooks": Exemption("a client keeps its own"),
    "webhook-deliveries": Exemption("the same"),
    "points-rules": Exemption("every street reads the rules that came with the house, and its own"),
}


def test_two_grounds_are_two_worlds(cast: Cast) -> None:
    """Clients of two streets share no row of any list, and one finds the other's rows nowhere; without a ground there is
    nothing at all."""
    Unit.objects.filter(pk=cast.unit.pk).update(area_prefix=cast.place.street.code)
    casts = {"a": cast, "b": _elsewhere(cast)}
    systems = {name: _system(make_client(list(SCOPES), grid=one.place.street)[1]) for name, one in casts.items()}
    nowhere = _system(make_client(list(SCOPES))[1])
    faults = {}
    for route in sorted(MAKERS):
        url = f"{API}{route}/"
        if systems["a"].get(url).status_code == 403:
            continue
        if route in SHARED:
            continue
        made = {name: MAKERS[route].make(one, 1) for name, one in casts.items()}
        seen = {name: {row["id"] for row in system.get(url).json()["results"]} for name, system in systems.items()}
        empty = nowhere.get(url).json()["results"]
        if seen["a"] & seen["b"] or empty:
            faults[route] = f"shared: {seen['a'] & seen['b']}; without a ground: {len(empty)}"
        for name, row in made.items():
            own, other = systems[name], systems["b" if name == "a" else "a"]
            if row.pk not in seen[name] or own.get(f"{url}{row.pk}/").status_code != 200:
                faults[route] = "the own row is not there"
            assert other.get(f"{url}{row.pk}/").status_code == 404, url
            assert nowhere.get(f"{url}{row.pk}/").status_code == 404, url
    judge(faults, NOT_ITS_OWN, "Two grounds are two worlds:")


def _elsewhere(cast: Cast) -> Cast:
    """The same cast in another street."""
    place: Street = make_street("990101003")
    people = {
        "street": (Role.STREET, PostKind.STREET_STAFF, place.street),
        "total_lead": (Role.TOTAL_LEAD, PostKind.ROOT_GRID_LEAD, place.totals[0]),
        "lead": (Role.COMPREHENSIVE_LEAD, PostKind.GRID_LEAD, place.comprehensives[0]),
        "worker": (Role.WORKER, PostKind.GRID_WORKER_FT, place.micros[0]),
    }
    users = {name: make_user(role) for name, (role, _kind, _where) in people.items()}
    for name, (_role, kind, where) in people.items():
        give(users[name], kind, where)
    # A unit of its own ground serves one street; this one stands with the first.
    unit = make_unit(area_prefix=place.street.code)
    users["unit_staff"] = make_user(Role.UNIT_STAFF)
    give(users["unit_staff"], PostKind.UNIT_STAFF, unit)
    return replace(cast, place=place, unit=unit, **users)


# --- keys ------------------------------------------------------------------------------------------------------------

UNKEYED: dict[str, Exemption] = {}


def test_a_key_stands_for_one_request(cast: Cast) -> None:
    """Of every operation that changes something: what was answered under a key is answered again and nothing is done; with
    another body it is refused; the key is its client's own."""
    tokens = {
        name: client_of(user)._credentials for name, user in (("own", cast.street), ("other", make_user(Role.WORKER)))
    }
    changing = [one for one in operations() if one.method.upper() not in SAFE_METHODS]
    before, faults = Record.objects.count(), {}
    for number, one in enumerate(changing):
        told = _walked(one, f"walked-{number:04}", cast.street.pk, tokens)
        if told != [(200, number), (422, "key_reused"), "done anew"]:
            faults[str(one)] = str(told)
    judge(faults, UNKEYED, "A key stands for one request:")
    assert len(changing) > 100
    assert list(Record.objects.order_by("pk").values_list("verb", flat=True)[before:]) == []


def _walked(one: Operation, key: str, owner: int, tokens: dict[str, Any]) -> list[Any]:
    number, url = int(key[-4:]), one.address.url
    asked = idempotency.digest(one.method.upper(), url, {})
    kept = {"asked": asked, "status": 200, "body": {"walked": number}, "at": timezone.now()}
    KeptAnswer.objects.create(client=f"user:{owner}", key=key, **kept)

    def send(whose: str, body: dict[str, Any]) -> Any:
        client = APIClient(**tokens[whose])
        return getattr(client, one.method)(url, body, format=one.format, HTTP_IDEMPOTENCY_KEY=key)

    again, changed, other = send("own", {}), send("own", {"words": "others"}), send("other", {})
    return [
        (again.status_code, again.json().get("walked")) if "Idempotency-Replayed" in again else again.status_code,
        _told(changed),
        "answered alike" if "Idempotency-Replayed" in other else "done anew",
    ]


def _told(answer: Any) -> Any:
    if answer.status_code == 503:  # the doctor's way of saying that something is out of order; it answered
        return 503
    return code_of(answer) if answer.status_code >= 400 else answer.status_code
