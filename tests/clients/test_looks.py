"""What another system looks at of people: by a scope for each kind, for a purpose, and counted on its page."""

import io
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.models import User
from accounts.reports import page_of
from accounts.rules.clients import lies_in
from cases import actions
from gridgov.core.models import Record
from tests.cases.desk import desk
from tests.cases.test_api import jpeg, report
from tests.clients.kit import CASES, asker, code_of
from tests.factories import MONDAY, Cast, make_client

pytestmark = pytest.mark.django_db


def test_each_kind_has_a_scope_and_each_look_is_counted(cast: Cast, admin: User, own_media: None) -> None:
    case = report(cast, channel="phone", reporter_name="王小明", reporter_phone="13800000001")
    photo = actions.add_photo(case=case, kind="before", upload=io.BytesIO(jpeg()), by=cast.street, at=MONDAY)
    actions.blur_photo(photo=photo.pk, areas=[[0, 0, 0.5, 0.5]], by=cast.street, at=MONDAY)
    given: dict[str, Any] = {"grid": cast.place.street, "purposes": ["handling", "appeal"]}
    client, raw = make_client(["cases:read", "cases:personal"], **given)
    system, reason = asker(raw), {"reason": "回访"}
    for purpose in ("handling", "handling", "appeal"):
        answer = system.post(f"{CASES}{case.pk}/reveal/", reason, format="json", headers={"X-Purpose": purpose})
        assert answer.json()["name"] == "王小明"
    original = f"/api/v1/photos/{photo.pk}/original/"
    assert code_of(system.post(original, reason, format="json", headers={"X-Purpose": "handling"})) == (
        403,
        "scope_missing",
    )
    _client, other = make_client(["cases:read", "photos:personal"], **given)
    answer = asker(other).post(original, reason, format="json", headers={"X-Purpose": "handling"})
    assert (answer.status_code, answer.getvalue()[:3]) == (200, b"\xff\xd8\xff")
    assert code_of(asker(other).post(f"{CASES}{case.pk}/reveal/", reason, format="json")) == (403, "scope_missing")
    looked = page_of(client, timezone.now()).looked
    assert [(row.operation, row.purpose, row.rows, row.cases) for row in looked] == [
        ("POST /api/v1/cases/{pk}/reveal/", "handling", 2, 1), ("POST /api/v1/cases/{pk}/reveal/", "appeal", 1, 1),
    ]  # fmt: skip
    assert Record.objects.filter(verb="accounts.client_looked").count() == 4
    page = desk(admin).get(f"/admin/accounts/apiclient/{client.pk}/change/", headers={"accept-language": "zh-CN"})
    assert "涉及人次" in page.content.decode()


def test_who_saw_pictures_by_the_old_scope_goes_on_seeing_them(cast: Cast) -> None:
    """Migration accounts/0014, twice: it gives nobody else anything, and nothing twice."""
    before = (["cases:read"], ["cases:personal", "cases:read"], ["cases:personal", "voices:personal"])
    clients = [make_client(scopes, grid=cast.place.street)[0] for scopes in before]
    for _time in range(2):
        import_module("accounts.migrations.0014_own_scopes").give_own_scopes(apps, None)
    for client in clients:
        client.refresh_from_db()
    assert [client.scopes for client in clients] == [
        ["cases:read"], ["cases:personal", "cases:read", "photos:personal", "voices:personal"],
        ["cases:personal", "voices:personal", "photos:personal"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "network", "lies"),
    [
        ("2001:db8:0:1::7", "2001:db8::/48", True), ("2001:db8:1::7", "2001:db8::/48", False), ("10.20.3.4", "::ffff:10.20.0.0/112", True),
        ("10.21.3.4", "::ffff:10.20.0.0/112", False), ("::ffff:10.20.3.4", "10.20.0.0/16", True), ("10.1.1.1", "::/0", False),
        ("fe80::1%eth0", "fe80::/10", True), ("2001:db8::7", "10.0.0.0/8", False),
    ],
)  # fmt: skip
def test_networks_of_both_kinds(address: str, network: str, lies: bool) -> None:
    assert lies_in(address, [network]) == lies
