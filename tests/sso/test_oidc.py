"""Signing in by a real identity provider: there, back, in; and everything that an answer can have wrong with it."""

import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.choices import CASE_ROLES, Role
from accounts.models import Identity, User
from gridgov.core.errors import Conflict, Forbidden
from gridgov.core.models import Record
from gridgov.sso import oidc
from gridgov.up.valkey import free_port
from tests.factories import make_user

pytestmark = pytest.mark.django_db
START, BACK, BIND = "/sso/oidc/", "/sso/oidc/back/", "/sso/bind/"
PASSWORD = "一个很长的口令-42"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A process of its own, as it would be."""
    port = free_port()
    person = '{"sub": "p-1", "preferred_username": "li.wei", "name": "李伟"}'
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "--user-claims", person]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        home, until = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while time.monotonic() < until:
            try:
                requests.get(home, timeout=5).raise_for_status()
                break
            except requests.ConnectionError:
                time.sleep(0.05)
        yield home
        process.terminate()


@pytest.fixture
def office(settings: Any, provider: str) -> Any:
    settings.OIDC = {
        **settings.OIDC,
        "issuer": provider,
        "client_id": "gridgov",
        "client_secret": "s",
        "name": "市统一认证",
    }
    oidc._of.cache_clear()
    return settings


def worker(**more: Any) -> User:
    user = make_user(Role.WORKER, **more)
    user.set_password(PASSWORD)
    user.save()
    return user


def vouched(client: Client, person: str = "p-1", *, start: str = START) -> str:
    """Go to the provider as PERSON would, and come back with its answer: the path of the callback."""
    there = client.get(start)
    assert there.status_code == 302, there.content.decode()
    answer = requests.post(there["Location"], data={"sub": person}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert back.path == BACK
    return f"{back.path}?{back.query}"


def signed_in(client: Client) -> int:
    return int(client.session.get("_auth_user_id", 0))


def test_the_first_time_one_says_whose_account_it_is_and_never_again(office: Any) -> None:
    user, client = worker(), Client()
    answer = client.get(vouched(client, start=f"{START}?next=/m/inbox/"))
    assert (answer.status_code, answer["Location"], signed_in(client)) == (302, BIND, 0)
    assert "市统一认证" in client.get(BIND).content.decode()
    wrong = client.post(BIND, {"username": user.username, "password": "falsch"})
    assert (wrong.status_code, Identity.objects.count()) == (400, 0)
    bound = client.post(BIND, {"username": user.username, "password": PASSWORD})
    assert (bound.status_code, bound["Location"], signed_in(client)) == (302, "/m/inbox/", user.pk)
    row = Identity.objects.get()
    assert (row.user, row.way) == (user, "oidc")
    assert "p-1" not in row.subject
    told = Record.objects.get(verb="accounts.identity_bound")
    assert told.data == {"way": "oidc", "told_by": "password", "account": user.username}

    again = Client()
    answer = again.get(vouched(again))
    assert (answer.status_code, answer["Location"], signed_in(again)) == (302, "/m/", user.pk)
    assert Record.objects.get(verb="accounts.entered").data == {"way": "oidc"}
    row.refresh_from_db()
    assert row.last_used_at is not None
    assert again.get("/m/").status_code == 200


def test_where_the_provider_keeps_our_user_names_nobody_is_asked(office: Any) -> None:
    office.OIDC = {**office.OIDC, "account_claim": "preferred_username"}
    user, client = worker(username="li.wei"), Client()
    client.get(vouched(client))
    assert signed_in(client) == user.pk
    assert Record.objects.get(verb="accounts.identity_bound").data["told_by"] == "provider"
    # What was bound once stays, whatever the provider calls the account later.
    other = worker(username="li.wei.2")
    Identity.objects.update(user=other)
    again = Client()
    again.get(vouched(again))
    assert signed_in(again) == other.pk


def test_a_name_that_nobody_has_here_leads_to_the_question(office: Any) -> None:
    office.OIDC = {**office.OIDC, "account_claim": "preferred_username"}
    client = Client()
    assert client.get(vouched(client))["Location"] == BIND
    assert signed_in(client) == 0


@pytest.mark.parametrize("role", sorted(set(Role) - CASE_ROLES - {Role.SYSTEM}))
def test_the_three_hands_never_come_in_from_outside(office: Any, role: str) -> None:
    office.OIDC = {**office.OIDC, "account_claim": "preferred_username"}
    make_user(role, username="li.wei")
    client = Client()
    answer = client.get(vouched(client))
    assert (answer.status_code, signed_in(client), Identity.objects.count()) == (403, 0, 0)
    assert Record.objects.get(verb="accounts.entry_refused").data == {"reason": "hand", "way": "oidc"}


def test_a_locked_account_stays_locked(office: Any) -> None:
    user, client = worker(), Client()
    actions.bind_identity(way="oidc", subject="p-1", user=user, at=timezone.now())
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(vouched(client)).status_code == 403
    assert signed_in(client) == 0


def test_an_answer_holds_once_and_only_in_the_browser_that_asked(office: Any) -> None:
    user, client, other = worker(), Client(), Client()
    actions.bind_identity(way="oidc", subject="p-1", user=user, at=timezone.now())
    answer = vouched(client)
    assert (other.get(answer).status_code, signed_in(other)) == (403, 0)
    client.get(answer)
    assert signed_in(client) == user.pk
    client.logout()
    assert (client.get(answer).status_code, signed_in(client)) == (403, 0)
    reasons = [row.data["reason"] for row in Record.objects.filter(verb="accounts.entry_refused")]
    assert reasons == ["not_vouched", "not_vouched"]


@pytest.mark.parametrize("query", ["", "?code=x", "?state=²", "?error=access_denied", "?code=x&state=y"])
def test_odd_answers_are_refused_in_words(office: Any, query: str) -> None:
    client = Client()
    client.get(START)
    answer = client.get(BACK + query)
    assert (answer.status_code, signed_in(client)) == (403, 0)
    assert "请重试" in answer.content.decode()
    assert client.get(BACK + "?code=%00&state=%00").status_code == 400


def test_a_token_for_another_house_is_none_for_us(office: Any) -> None:
    """The provider signs it, but says that it is for somebody else: the client id that asked and ours differ."""
    client = Client()
    answer = vouched(client)
    office.OIDC = {**office.OIDC, "client_id": "another"}
    assert (client.get(answer).status_code, signed_in(client)) == (403, 0)


def test_a_provider_that_is_away_or_another_one_is_said(office: Any, provider: str) -> None:
    for issuer in ("http://127.0.0.1:1", f"{provider}/other", f"{provider}/"):
        office.OIDC = {**office.OIDC, "issuer": issuer}
        answer = Client().get(START)
        assert answer.status_code == 502, issuer
        assert "本地账号" in answer.content.decode()
    assert Record.objects.filter(verb="accounts.entry_refused").count() == 0


def test_the_request_says_what_a_careful_client_says(office: Any, provider: str) -> None:
    asked = {name: value[0] for name, value in parse_qs(urlsplit(Client().get(START)["Location"]).query).items()}
    assert asked["redirect_uri"] == "http://testserver/sso/oidc/back/"
    assert (asked["response_type"], asked["code_challenge_method"], asked["client_id"]) == ("code", "S256", "gridgov")
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20


def test_nowhere_but_home_afterwards(office: Any) -> None:
    user, client = worker(), Client()
    actions.bind_identity(way="oidc", subject="p-1", user=user, at=timezone.now())
    assert client.get(vouched(client, start=f"{START}?next=https://evil.example/"))["Location"] == "/m/"


def test_the_question_waits_ten_minutes_and_no_longer(office: Any) -> None:
    client = Client()
    client.get(vouched(client))
    assert client.get(BIND).status_code == 200
    session = client.session
    session["sso_pending"] = {**session["sso_pending"], "at": timezone.now().timestamp() - 601}
    session.save()
    assert client.get(BIND)["Location"] == "/m/login/"
    assert Client().get(BIND)["Location"] == "/m/login/"


def test_one_person_has_one_account_and_one_account_one_person(office: Any) -> None:
    first, second, now = worker(), worker(), timezone.now()
    actions.bind_identity(way="oidc", subject="p-1", user=first, at=now)
    actions.bind_identity(way="oidc", subject="p-1", user=first, at=now)
    with pytest.raises(Conflict) as refused:
        actions.bind_identity(way="oidc", subject="p-1", user=second, at=now)
    assert refused.value.code == "bound"
    with pytest.raises(Conflict) as refused:
        actions.bind_identity(way="oidc", subject="p-2", user=first, at=now)
    assert refused.value.code == "has_one"
    assert list(Identity.objects.values_list("user", flat=True)) == [first.pk]
    # The same from the page, in words.
    client = Client()
    client.get(vouched(client, "p-2"))
    answer = client.post(BIND, {"username": first.username, "password": PASSWORD})
    assert (answer.status_code, signed_in(client), Identity.objects.count()) == (400, 0, 1)


def test_whose_it_is_undoes_it_and_the_security_hand(office: Any) -> None:
    first, second, now = worker(), worker(), timezone.now()
    row = actions.bind_identity(way="oidc", subject="p-1", user=first, at=now)
    actions.bind_identity(way="oidc", subject="p-2", user=second, at=now)
    other, client = Client(), Client()
    other.force_login(second)
    assert other.post(f"/sso/mine/{row.pk}/undo/").status_code == 404
    with pytest.raises(Forbidden):
        actions.unbind_identity(row=row, by=second, at=now)
    client.force_login(first)
    page = client.get("/sso/mine/").content.decode()
    assert "市统一认证" in page
    assert client.get(f"/sso/mine/{row.pk}/undo/").status_code == 405
    assert client.post(f"/sso/mine/{row.pk}/undo/").status_code == 302
    assert list(Identity.objects.values_list("user", flat=True)) == [second.pk]
    assert Record.objects.get(verb="accounts.identity_unbound").data == {"way": "oidc", "account": first.username}
    desk = Client()
    desk.force_login(make_user(Role.SECURITY_ADMIN))
    left = Identity.objects.get()
    assert second.full_name in desk.get("/admin/accounts/identity/").content.decode()
    assert desk.post(f"/admin/accounts/identity/{left.pk}/do/undo/", {}).status_code == 302
    assert Identity.objects.count() == 0


def test_the_doors_show_it_only_where_it_is_set_up(office: Any) -> None:
    for door in ("/m/login/", "/admin/login/"):
        assert "使用市统一认证登录" in Client().get(door).content.decode()
    office.OIDC = {**office.OIDC, "issuer": ""}
    for door in ("/m/login/", "/admin/login/"):
        assert "/sso/" not in Client().get(door).content.decode()
    assert Client().get(START).status_code == 404
    assert Client().get(BACK).status_code == 404
