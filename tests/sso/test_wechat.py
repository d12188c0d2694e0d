"""Signing in inside WeChat, against a real local server that answers as WeChat does."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.choices import Role
from accounts.models import Identity
from gridgov.core.models import Record
from tests.factories import make_user

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0.50"


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked = {name: value[0] for name, value in parse_qs(urlsplit(self.path).query).items()}
        right = {"appid": "wx1", "secret": "geheim", "grant_type": "authorization_code"}.items() <= asked.items()
        said: Any = {"errcode": 40029, "errmsg": "invalid code"}
        if right and asked["code"].startswith("good"):
            said = {"access_token": "t", "expires_in": 7200, "openid": f"o-{asked['code']}", "scope": "snsapi_base"}
        body = b"<html>" if asked["code"] == "html" else json.dumps([] if asked["code"] == "list" else said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Not a word."""


@pytest.fixture(scope="module")
def tencent() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def account(settings: Any, tencent: str) -> None:
    settings.OUTGOING_ALLOWED = ["127.0.0.1"]
    settings.WECHAT = {"appid": "wx1", "secret": "geheim", "open": "https://open.weixin.qq.com", "api": tencent}


def started(client: Client) -> str:
    """The state that WeChat is told."""
    answer = client.get("/sso/wechat/", headers={"User-Agent": AGENT})
    address = urlsplit(answer["Location"])
    assert (address.netloc, address.path, address.fragment) == (
        "open.weixin.qq.com",
        "/connect/oauth2/authorize",
        "wechat_redirect",
    )
    asked = parse_qs(address.query)
    assert list(asked) == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert asked["scope"] == ["snsapi_base"]
    return asked["state"][0]


def test_who_is_known_is_in_at_once() -> None:
    user, client = make_user(Role.WORKER), Client()
    actions.bind_identity(way="wechat", subject="o-good1", user=user, at=timezone.now())
    answer = client.get("/sso/wechat/back/", {"code": "good1", "state": started(client)})
    assert (answer.status_code, answer["Location"]) == (302, "/m/")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert "o-good1" not in Identity.objects.get().subject
    assert "o-good1" not in str(list(Record.objects.values_list("data", flat=True)))


def test_who_is_not_says_whose_account_it_is() -> None:
    client = Client()
    answer = client.get("/sso/wechat/back/", {"code": "good2", "state": started(client)})
    assert answer["Location"] == "/sso/bind/"
    assert "微信" in client.get("/sso/bind/").content.decode()


@pytest.mark.parametrize(("code", "status"), [("bad", 403), ("html", 502), ("list", 403), ("", 403)])
def test_what_wechat_does_not_confirm_opens_nothing(code: str, status: int) -> None:
    client = Client()
    answer = client.get("/sso/wechat/back/", {"code": code, "state": started(client)})
    assert answer.status_code == status
    assert "_auth_user_id" not in client.session


def test_a_state_is_this_browsers_and_holds_once() -> None:
    user, client, other = make_user(Role.WORKER), Client(), Client()
    actions.bind_identity(way="wechat", subject="o-good1", user=user, at=timezone.now())
    state = started(client)
    assert other.get("/sso/wechat/back/", {"code": "good1", "state": state}).status_code == 403
    assert client.get("/sso/wechat/back/", {"code": "good1", "state": "²"}).status_code == 403
    assert client.get("/sso/wechat/back/", {"code": "good1", "state": state}).status_code == 403
    assert "_auth_user_id" not in client.session


def test_the_button_stands_only_inside_wechat() -> None:
    assert "/sso/wechat/" not in Client().get("/m/login/").content.decode()
    assert "/sso/wechat/" in Client().get("/m/login/", headers={"User-Agent": AGENT}).content.decode()


def test_wechat_away_is_said(settings: Any) -> None:
    settings.WECHAT = {**settings.WECHAT, "api": "http://127.0.0.1:1"}
    client = Client()
    answer = client.get("/sso/wechat/back/", {"code": "good1", "state": started(client)})
    assert answer.status_code == 502
    assert "本地账号" in answer.content.decode()
