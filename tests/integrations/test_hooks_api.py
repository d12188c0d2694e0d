"""Webhooks by API: a connected system keeps its own from nothing to the first event, and nobody else's."""

from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from gridgov.core.errands import claim_job
from integrations.choices.hooks import MOST_TRIES
from integrations.models import Delivery, Webhook
from tests.factories import Cast, make_client
from tests.integrations.hooking import carry_all, happen, is_signed, make_case, make_hook, obliging, states
from tests.openapi import CheckedClient, client_of
from tests.receivers import Receiver

HOOKS, DELIVERIES = "/api/v1/webhooks/", "/api/v1/webhook-deliveries/"
NEW = {"name": "区平台", "url": "https://receiver.example/hook", "events": ["case.closed", "case.reported"]}


def by_key(key: str) -> APIClient:
    client = CheckedClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {key}")
    return client


def test_a_connected_system_comes_to_its_first_event_by_itself(cast: Cast, receiver: Receiver) -> None:
    owner, key = make_client(["hooks:manage"], grid=cast.place.totals[0])
    client = by_key(key)
    made = client.post(HOOKS, {**NEW, "url": f"{receiver.url}/in"}, headers={"Idempotency-Key": "first-hook-1"})
    assert made.status_code == 201
    again = client.post(HOOKS, {**NEW, "url": f"{receiver.url}/in"}, headers={"Idempotency-Key": "first-hook-1"})
    assert again.json() == made.json()
    pk, page = made.json()["id"], f"{HOOKS}{made.json()['id']}/"
    assert (made.json()["grid"], made.json()["is_on"]) == (cast.place.totals[0].code, False)
    assert "secret" not in made.json()
    refused = client.post(f"{page}switch_on/")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "unchecked")

    made_key = client.post(f"{page}rotate/")
    assert made_key["Cache-Control"] == "no-store"
    receiver.answer = obliging({"/in": made_key.json()["secret"]})
    assert client.post(f"{page}check/").status_code == 202
    while work := claim_job(timezone.now()):  # the courier's own beat is among them
        work()
    assert client.get(page).json()["checked_at"] is not None
    assert client.post(f"{page}switch_on/").json()["is_on"] is True

    hook = Webhook.objects.get(pk=pk)
    assert (hook.owner_id, hook.made_by_id) == (owner.user.pk, owner.user.pk)
    receiver.got.clear()
    Webhook.objects.update(starts_at=hook.made_at)
    case = make_case(cast.place.micros[0], cast.category, cast.worker)
    now = timezone.now()
    happen(case, "cases.closed", by=cast.street, at=now)
    carry_all(now)
    [got] = receiver.got
    assert is_signed(got, made_key.json()["secret"], made_key.json()["kid"])
    [told] = client.get(DELIVERIES, {"webhook": pk, "state": "sent"}).json()["results"]
    assert (told["event"], told["number"], told["tries"]) == ("case.closed", case.no, 0)
    [tried] = client.get(f"{DELIVERIES}{told['id']}/").json()["log"]
    assert tried["status"] == 200


def test_changing_ending_and_keys(cast: Cast, receiver: Receiver) -> None:
    owner, key = make_client(["hooks:manage"], grid=cast.place.street)
    hook = make_hook(receiver, owner.user)
    client, page = by_key(key), f"{HOOKS}{hook.pk}/"
    changed = client.patch(page, {"events": ["case.rated"], "grid": cast.place.micros[0].code}).json()
    assert (changed["events"], changed["grid"], changed["is_on"]) == (["case.rated"], cast.place.micros[0].code, True)
    assert client.patch(page, {"grid": None}).json()["grid"] is None
    assert client.post(f"{page}rotate/").json()["kid"] == 2
    assert client.post(f"{page}rotate/").json()["errors"][0]["code"] == "two_keys"
    assert client.post(f"{page}end_old_key/").json()["old_until"] is None
    assert client.post(f"{page}switch_off/").json()["is_on"] is False
    assert client.post(f"{page}end/").json()["ended_at"] is not None
    assert client.post(f"{page}switch_on/").status_code == 409
    assert client.patch(page, {"name": "又来"}).status_code == 409


def test_dead_letters_are_sent_again(cast: Cast, receiver: Receiver) -> None:
    owner, key = make_client(["hooks:manage"], grid=cast.place.street)
    hook = make_hook(receiver, owner.user)
    for _number in range(3):
        happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.closed", by=cast.street)
    Delivery.objects.update(state="dead", tries=MOST_TRIES, settled_at=hook.made_at)
    client, one = by_key(key), Delivery.objects.earliest("pk")
    assert client.post(f"{DELIVERIES}{one.pk}/replay/").json()["state"] == "waiting"
    assert client.post(f"{DELIVERIES}{one.pk}/replay/").status_code == 409
    assert client.post(f"{HOOKS}{hook.pk}/replay/").json() == {"count": 2}
    assert states(hook) == [("waiting", 0)] * 3


@pytest.mark.parametrize("who", ["another client", "a client without the scope", "another street", "a worker"])
def test_nobody_else_reaches_it(cast: Cast, receiver: Receiver, who: str) -> None:
    owner, _key = make_client(["hooks:manage"], grid=cast.place.street)
    hook = make_hook(receiver, owner.user)
    happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.closed", by=cast.street)
    row = Delivery.objects.get()
    client: Any = {
        "another client": lambda: by_key(make_client(["hooks:manage"], grid=cast.place.street)[1]),
        "a client without the scope": lambda: by_key(make_client(["cases:read"], grid=cast.place.street)[1]),
        "another street": lambda: client_of(cast.outsider),
        "a worker": lambda: client_of(cast.worker),
    }[who]()
    lost = 403 if who == "a client without the scope" else 404
    assert client.get(f"{HOOKS}{hook.pk}/").status_code == lost
    assert client.get(f"{DELIVERIES}{row.pk}/").status_code == lost
    for verb in ("switch_off", "end", "rotate", "check", "replay", "end_old_key", "switch_on"):
        assert client.post(f"{HOOKS}{hook.pk}/{verb}/").status_code == lost
    assert client.patch(f"{HOOKS}{hook.pk}/", {"url": "https://evil.example/"}).status_code == lost
    assert client.post(f"{DELIVERIES}{row.pk}/replay/").status_code == lost
    hook.refresh_from_db()
    assert (hook.is_on, hook.kid, hook.ended_at, hook.url) == (True, 1, None, f"{receiver.url}/hook")
    assert Webhook.objects.count() == 1


def test_a_worker_keeps_no_webhooks(cast: Cast) -> None:
    assert client_of(cast.worker).post(HOOKS, NEW).status_code == 403
    assert Webhook.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://receiver.example/"), ("url", "https://user:pw@receiver.example/"), ("url", "https://2130706433/"),
        ("url", "ftp://receiver.example/"), ("url", "https://x\x00.example/"), ("events", []), ("events", ["cases.closed"]),
        ("events", ["accounts.opened"]), ("grid", "990101002"), ("grid", "²"), ("unit", 0), ("unit", 2**63), ("name", ""),
    ],
)  # fmt: skip
def test_what_can_t_be_is_refused_at_its_field(cast: Cast, field: str, value: Any) -> None:
    _owner, key = make_client(["hooks:manage"], grid=cast.place.street)
    refused = by_key(key).post(HOOKS, {**NEW, field: value})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["attr"].startswith(field)
    assert Webhook.objects.count() == 0


def test_an_owner_has_a_bounded_number(cast: Cast) -> None:
    _owner, key = make_client(["hooks:manage"], grid=cast.place.street)
    client = by_key(key)
    answers = [client.post(HOOKS, NEW).status_code for _number in range(21)]
    assert answers == [201] * 20 + [400]
