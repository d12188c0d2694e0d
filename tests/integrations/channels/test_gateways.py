"""Gateways of text messages as somebody wrote them down: what is sent, what counts as success, and what goes wrong."""

import datetime as dt
import json
import socket
import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gridgov.core.errors import Invalid
from integrations.actions.channels import Outcome, carriers, try_channel
from integrations.choices.gateway import Coding, is_success, request_of
from integrations.models import Channel, Message
from tests.factories import MONDAY
from tests.integrations.channels.at_hand import make_gateway
from tests.receivers import Receiver, speaking

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


def trial(channel: Channel, second: int = 0) -> Outcome:
    by = Channel.objects.select_related("made_by").get(pk=channel.pk).made_by
    return try_channel(channel=channel, address=PHONE, by=by, at=MONDAY + dt.timedelta(seconds=second))


def test_places_are_filled_where_they_stand_and_nowhere_else() -> None:
    """A text that looks like JSON, like a place or like another field stays a text."""
    text = '", "mobile": "110", {key} &mobile=110'
    values = {"phone": PHONE, "text": text, "key": "k", "id": "7"}
    given: dict[str, Any] = {
        "url": "https://sms.cn/s?a=1", "coding": Coding.JSON, "headers": "Authorization: Bearer {key}",
        "body": '{"to": ["{phone}"], "content": "【街道】{text}", "n": 1, "ref": "{id}"}',
    }  # fmt: skip
    method, url, headers, body = request_of(given, values)
    assert (method, url, headers["Authorization"]) == ("POST", "https://sms.cn/s?a=1", "Bearer k")
    assert json.loads(body) == {"to": [PHONE], "content": f"【街道】{text}", "n": 1, "ref": "7"}
    given |= {"coding": Coding.FORM, "body": "mobile={phone}\ncontent={text}\naccount=a=b"}
    assert parse_qs(request_of(given, values)[3].decode()) == {"mobile": [PHONE], "content": [text], "account": ["a=b"]}
    given |= {"coding": Coding.QUERY}
    method, url, _headers, body = request_of(given, values)
    assert (method, body, parse_qs(urlsplit(url).query)["mobile"], parse_qs(urlsplit(url).query)["a"]) == (
        "GET", b"", [PHONE], ["1"],
    )  # fmt: skip


@pytest.mark.parametrize(("expression", "body", "well"), [
    ("", b"whatever", True),
    ("code = 0", b'{"code": 0}', True), ("code = 0", b'{"code": "0"}', True), ("code = 0", b'{"code": 1}', False),
    ("code = 0", b'{"code": false}', False), ("code = 0", b"{}", False), ("code = 0", b"<html>", False),
    ("ok = true", b'{"ok": true}', True), ("a.0.code = OK", b'{"a": [{"code": "OK"}]}', True),
    ("a.9.code = OK", b'{"a": []}', False), ("~ success", b"result:success", True), ("~ success", b"failed", False),
])  # fmt: skip
def test_success_is_what_was_written_down(expression: str, body: bytes, well: bool) -> None:
    assert is_success(expression, body) is well


@pytest.mark.parametrize(("field", "value"), [
    ("body", "{"), ("body", "[]"), ("body", '{"a": "{phone}"}'), ("body", '{"a": "{phone}{text}{name}"}'),
    ("headers", "X Y: 1"), ("headers", "X-Text: {text}"), ("success", "code"), ("success", "~ "),
])  # fmt: skip
def test_what_makes_no_request_is_refused_at_its_field(receiver: Receiver, field: str, value: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_gateway(receiver, **{field: value})
    assert (refusal.value.field, Channel.objects.count()) == (field, 0)


def test_a_gateway_says_no_in_many_ways(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """200 with an error code, 500, an answer that never comes, one that drips: none is a success, each has its words."""
    channel = make_gateway(receiver)
    good = trial(channel)
    assert (good.ok, good.answer, json.loads(receiver.got[0].body)["mobile"]) == (True, '{"code": 0}', [PHONE])
    receiver.answer = lambda _got: (200, {}, f'{{"code": 7, "msg": "{PHONE} in blacklist"}}'.encode())
    refused = trial(channel, 1)
    assert (refused.ok, PHONE in refused.said + refused.answer, "blacklist" in refused.said) == (False, False, True)
    receiver.answer = lambda _got: (500, {}, b"down")
    assert (trial(channel, 2).said, trial(channel, 3).answer) == ("短信网关返回错误 500。", "down")
    channel.refresh_from_db()
    assert (channel.failing_since, channel.failure) == (MONDAY + dt.timedelta(seconds=1), "短信网关返回错误 500。")
    receiver.answer = lambda _got: (200, {}, b'{"code": 0}')
    assert trial(channel, 4).ok
    channel.refresh_from_db()
    assert channel.failing_since is None


def test_who_never_answers_or_drips_is_left_in_time(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carriers, "TIMEOUT", 0.2)
    channel, over = make_gateway(receiver), threading.Event()

    def hang(line: socket.socket) -> None:
        over.wait(5)

    def drip(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _n in range(100):
            if over.wait(0.05):
                break
            line.sendall(b"{")

    for second, speak in enumerate((hang, drip)):
        with speaking(speak) as url:
            Channel.objects.update(given={**channel.given, "url": url})
            channel.refresh_from_db()
            outcome = trial(channel, second)
            over.set()
        over.clear()
        assert (outcome.ok, bool(outcome.said)) == (False, True)
    assert Message.objects.filter(state="given_up").count() == 2
