"""Accounts of other systems are no people: they sign in nowhere and stand in no list of people."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from rest_framework.authtoken.models import Token

from accounts import actions
from accounts.choices import NoticeKind, Role
from accounts.forms import PersonField
from accounts.models import Notice, User
from gridgov.core.errors import Conflict, Faults, Forbidden, Invalid
from gridgov.core.models import Record
from tests.clients.kit import asker
from tests.factories import MONDAY, Cast, make_client, make_user

pytestmark = pytest.mark.django_db


def test_a_client_signs_in_nowhere(cast: Cast) -> None:
    """Not even with a password, a token or a session that somebody slipped under its account."""
    client, raw = make_client(["cases:read"], grid=cast.place.street)
    user = client.user
    user.set_password("a-Long-enough-one-7")
    user.save()
    given = {"username": user.username, "password": "a-Long-enough-one-7"}
    assert authenticate(**given) is None
    assert Client().post("/api/v1/token/", given, content_type="application/json").status_code == 400
    for door in ("/admin/login/", "/m/login/"):
        browser = Client()
        assert browser.post(door, given).status_code in {200, 400}, door
        assert "_auth_user_id" not in browser.session
    token = Token.objects.create(user=user)
    assert Client(headers={"Authorization": f"Token {token.key}"}).get("/api/v1/me/").status_code == 401
    browser = Client()
    browser.force_login(user)
    assert browser.get("/admin/").status_code == 302 and browser.get("/api/v1/me/").status_code == 401
    # Nor by its key, where people come in.
    assert Client(headers={"Authorization": f"Api-Key {raw}"}).get("/admin/").status_code == 302
    assert Client(headers={"Authorization": f"Api-Key {raw}"}).get("/m/").status_code == 302


def test_nobody_makes_a_person_of_it(cast: Cast) -> None:
    client, _raw = make_client(grid=cast.place.street)
    hands = {"security": make_user(Role.SECURITY_ADMIN), "system": make_user(Role.SYSTEM_ADMIN)}
    by: Any = {"at": MONDAY, "by": hands["security"]}
    with pytest.raises(Forbidden):
        actions.grant_role(user=client.user, role=Role.STREET, **by)
    with pytest.raises(Forbidden):
        actions.switch_account(user=client.user, active=True, **by)
    with pytest.raises(Forbidden):
        actions.set_password(user=client.user, password="a-Long-enough-one-7", by=hands["system"], at=MONDAY)
    with pytest.raises(Forbidden):
        days = {"valid_from": MONDAY.date(), "valid_to": MONDAY.date(), "reason": "出差"}
        actions.delegate(user=client.user, deputy=cast.street, **days, by=hands["system"], at=MONDAY)
    with pytest.raises((Forbidden, Invalid, Conflict, Faults)):
        days = {"valid_from": MONDAY.date(), "valid_to": MONDAY.date(), "reason": "出差"}
        actions.delegate(user=cast.street, deputy=client.user, **days, by=hands["system"], at=MONDAY)
    assert Record.objects.count() == 0 and not User.objects.get(pk=client.pk).is_active


def test_it_stands_on_no_list_of_people(cast: Cast) -> None:
    place = cast.place
    client, raw = make_client(["posts:read", "cases:read"], grid=place.street, name="不是人")
    User.objects.filter(pk=client.pk).update(full_name="不是人")
    admin, security = make_user(Role.SYSTEM_ADMIN), make_user(Role.SECURITY_ADMIN)
    for reader in (admin, security, cast.street):
        browser = Client(headers={"accept-language": "zh-CN"})
        browser.force_login(reader)
        for page in (
            "/admin/", "/admin/accounts/user/", "/admin/grids/post/", "/admin/grids/post/by-grid/", "/admin/roles/",
            "/admin/setup/", f"/admin/grids/grid/{place.street.pk}/change/", "/admin/accounts/delegation/add/",
        ):  # fmt: skip
            answer = browser.get(page)
            assert answer.status_code in {200, 302, 403, 404}
            assert "不是人" not in answer.content.decode(), page
        token = Token.objects.create(user=reader)
        people = Client(headers={"Authorization": f"Token {token.key}"}).get("/api/v1/accounts/?page_size=200").json()
        assert client.pk not in [row["id"] for row in people["results"]]
    assert client.user not in User.objects.able() and client.user not in User.objects.people()
    with pytest.raises(Exception, match="不是人"):
        PersonField().clean("不是人")
    assert asker(raw).get("/api/v1/posts/").json()["results"], "it sees the posts of its ground"
    notice = Notice(user=client.user, kind=NoticeKind.SYSTEM, key="k", text="Noted.", at=MONDAY)
    assert actions.notify([notice], at=MONDAY) == 0 and not Notice.objects.exists()
