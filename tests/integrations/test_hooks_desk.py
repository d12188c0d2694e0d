"""Webhooks at the desk: entered, checked, switched, their keys and their dead letters; who reads and who is kept out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from gridgov.core.models import Record
from integrations.choices.hooks import MOST_TRIES
from integrations.models import Delivery, Webhook
from tests.factories import Cast, make_user
from tests.integrations.hooking import carry_all, happen, make_case, make_hook, obliging, states
from tests.receivers import Receiver

LISTS = ("integrations_webhook_changelist", "integrations_delivery_changelist")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def do(client: Client, row: Any, verb: str, **given: Any) -> Any:
    name = f"admin:integrations_{row._meta.model_name}_do"
    return client.post(reverse(name, args=[row.pk, verb]), given)


def test_from_nothing_to_a_webhook_that_tells(cast: Cast, receiver: Receiver) -> None:
    client = signed_in(make_user(Role.SYSTEM_ADMIN))
    page = client.get(reverse("admin:integrations_webhook_add"))
    assert "案件结案" in page.content.decode()
    given = {
        "name": "区平台", "url": f"{receiver.url}/in", "owner": cast.street.pk, "events": ["case.closed"],
        "grid": cast.place.totals[0].code,
    }  # fmt: skip
    assert client.post(reverse("admin:integrations_webhook_add"), given).status_code == 302
    hook = Webhook.objects.get()
    assert (hook.owner, hook.grid, hook.events, hook.is_on) == (
        cast.street,
        cast.place.totals[0],
        ["case.closed"],
        False,
    )
    assert do(client, hook, "on").status_code == 409
    hook.refresh_from_db()
    assert not hook.is_on

    shown = do(client, hook, "key", sure="on").content.decode()
    hook.refresh_from_db()
    assert hook.secret() in shown
    assert (
        hook.secret() not in client.get(reverse("admin:integrations_webhook_change", args=[hook.pk])).content.decode()
    )
    assert hook.old_until is None

    receiver.answer = obliging({"/in": "wrong"})
    refused = do(client, hook, "check")
    assert refused.status_code == 409
    assert "密钥不同" in refused.content.decode()
    hook.refresh_from_db()
    assert (hook.checked_at, bool(hook.check_fault)) == (None, True)
    receiver.answer = obliging({"/in": hook.secret()})
    do(client, hook, "check")
    do(client, hook, "on")
    hook.refresh_from_db()
    assert hook.is_on
    verbs = ["hook_added", "hook_key_made", "hook_checked", "hook_checked", "hook_switched"]
    rows = Record.objects.filter(subject_type="integrations.webhook").order_by("seq")
    assert list(rows.values_list("verb", flat=True)) == [f"integrations.{verb}" for verb in verbs]
    assert hook.secret() not in str(list(rows.values("data")))


def test_another_address_is_checked_anew(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(receiver, cast.street)
    client = signed_in(make_user(Role.SYSTEM_ADMIN))
    given = {"name": hook.name, "url": f"{receiver.url}/elsewhere", "events": hook.events}
    assert do(client, hook, "change", **given).status_code == 302
    hook.refresh_from_db()
    assert (hook.is_on, hook.checked_at, hook.url) == (False, None, given["url"])
    assert do(client, hook, "change", **{**given, "url": "https://10.0.0.1:22/"}).status_code == 400
    hook.refresh_from_db()
    assert hook.url == given["url"]


def test_dead_letters_are_seen_with_their_log_and_sent_again(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(receiver, cast.street)
    happen(make_case(cast.place.micros[0], cast.category, cast.worker), "cases.accepted", by=cast.street)
    Delivery.objects.update(tries=MOST_TRIES - 1)
    receiver.answer = lambda got: (500, {}, "<b>坏了</b>".encode())
    carry_all()
    row = Delivery.objects.get()
    client = signed_in(make_user(Role.SYSTEM_ADMIN))
    listed = client.get(reverse("admin:integrations_delivery_changelist"), {"state": "dead", "webhook": hook.pk})
    assert row.number in listed.content.decode()
    page = client.get(reverse("admin:integrations_delivery_change", args=[row.pk])).content.decode()
    assert "&lt;b&gt;坏了&lt;/b&gt;" in page
    assert "evt_" in page
    assert do(client, hook, "replay").status_code == 302
    assert states(hook) == [("waiting", 0)]


def test_the_auditor_reads_and_does_nothing(cast: Cast, receiver: Receiver) -> None:
    hook = make_hook(receiver, cast.street)
    client = signed_in(make_user(Role.AUDITOR))
    for page in LISTS:
        assert client.get(reverse(f"admin:{page}")).status_code == 200
    assert client.get(reverse("admin:integrations_webhook_change", args=[hook.pk])).status_code == 200
    for verb in ("off", "end", "key", "check", "change"):
        assert do(client, hook, verb, sure="on").status_code in {400, 403}
    hook.refresh_from_db()
    assert (hook.is_on, hook.kid, hook.ended_at) == (True, 1, None)


@pytest.mark.parametrize("role", [Role.STREET, Role.WORKER, Role.SECURITY_ADMIN])
def test_nobody_else_comes_in(cast: Cast, receiver: Receiver, role: str) -> None:
    hook = make_hook(receiver, cast.street)
    client = signed_in(make_user(role))
    for page in LISTS:
        assert client.get(reverse(f"admin:{page}")).status_code == 403
    assert do(client, hook, "off").status_code == 403
    hook.refresh_from_db()
    assert hook.is_on


@pytest.mark.parametrize(
    "query", ["webhook=²", "webhook=%00", "state=%00", "webhook=99999999999999999999", "state=x", "after=²"]
)
def test_odd_addresses_find_a_list(cast: Cast, query: str) -> None:
    client = signed_in(make_user(Role.SYSTEM_ADMIN))
    for page in LISTS:
        assert client.get(f"{reverse(f'admin:{page}')}?{query}").status_code in {200, 302, 400}
