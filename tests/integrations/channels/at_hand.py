"""Channels for tests: robots that answer as the makers' do, a mail server, and one turn of the house."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qs, urlsplit

from accounts.choices import NoticeKind, Role
from accounts.models import Notice, User
from cases.models import Case
from gridgov.core import errands
from grids.models import Grid
from integrations.actions.channels import add_channel, gather_messages, subscribe_group, switch_channel, take_lines
from integrations.choices.channels import GROUP_KINDS, PER_MINUTE, ChannelKind, Security
from integrations.choices.gateway import Coding
from integrations.models import Channel, Message
from tests.factories import MONDAY, Cast, make_user
from tests.receivers import Got, Receiver, Reply

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
SIGNING = "SECthisisasecret"


def robot_answer(kind: str, *, key: str = KEY, signing: str = "") -> Callable[[Got], Reply]:
    """What the maker's server says: HTTP 200 whatever happens, and the truth in the body."""

    def answer(got: Got) -> Reply:
        told = json.loads(got.body)
        query = parse_qs(urlsplit(got.path).query)
        if kind == ChannelKind.WECOM:
            fault = 93000 if query["key"] != [key] else 45002 if len(told["text"]["content"].encode()) > 2048 else 0
            return _said({"errcode": fault, "errmsg": "ok" if not fault else "invalid webhook url"})
        if kind == ChannelKind.DINGTALK:
            fits = not signing or query.get("sign") == [_sign(query["timestamp"][0], signing)]
            return _said({"errcode": 0 if fits else 310000, "errmsg": "ok" if fits else "sign not match"})
        return _said({"code": 0, "msg": "success", "data": {}})

    return answer


def _sign(moment: str, secret: str) -> str:
    """The handbook's formula (5.3), before it is quoted for an address; the moment must be milliseconds."""
    assert len(moment) == 13
    code = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), digestmod=hashlib.sha256).digest()
    return base64.b64encode(code).decode()


def _said(body: dict[str, Any], status: int = 200) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(body).encode()


PATHS = {
    ChannelKind.WECOM: f"/cgi-bin/webhook/send?key={KEY}",
    ChannelKind.DINGTALK: f"/robot/send?access_token={KEY}",
    ChannelKind.FEISHU: f"/open-apis/bot/v2/hook/{KEY}",
}


def make_robot(
    kind: str, receiver: Receiver, grid: Grid, *, name: str = "", signing: str = "", **values: Any
) -> Channel:
    """A robot at RECEIVER, switched on; the receiver answers as the maker's would."""
    receiver.answer = robot_answer(kind, signing=signing)
    secrets = {"address": receiver.url + PATHS[ChannelKind(kind)], **({"signing": signing} if signing else {})}
    return make_channel(kind, {}, secrets, grid=grid, name=name, **values)


def make_channel(
    kind: str, given: dict[str, Any], secrets: dict[str, str], *, name: str = "", **values: Any
) -> Channel:
    by = make_user(Role.SYSTEM_ADMIN)
    defaults = {"grid": None, "for_people": False, "language": "zh-hans", "per_minute": PER_MINUTE[ChannelKind(kind)]}
    channel = add_channel(
        kind=kind, name=name or f"通道{by.pk}", given=given, secrets=secrets, by=by, at=MONDAY, **{**defaults, **values}
    )  # fmt: skip
    return switch_channel(channel=channel, active=True, by=by, at=MONDAY)


def make_gateway(receiver: Receiver, **given: Any) -> Channel:
    """A gateway of text messages that people may choose; it says {"code": 0} where all went well."""
    receiver.answer = lambda _got: _said({"code": 0})
    asked = {
        "url": f"{receiver.url}/send", "coding": Coding.JSON, "headers": "X-Key: {key}", "success": "code = 0",
        "body": '{"mobile": ["{phone}"], "content": "【街道办】{text}", "template": {"id": "T1"}, "serial": "{id}"}',
    }  # fmt: skip
    return make_channel(ChannelKind.SMS, {**asked, **given}, {"key": "k-1"}, for_people=True)


def listen(channel: Channel, by: User, grid: Grid, **values: Any) -> None:
    subscribe_group(
        channel=channel,
        grid=grid,
        by=by,
        at=MONDAY,
        **{"unit": None, "kinds": [str(kind) for kind in GROUP_KINDS], **values},
    )


def news(user: User, case: Case, key: str = "", kind: str = NoticeKind.ORDER, **values: Any) -> Notice:
    """An unsaved notice as the rooms make them, with the words of people in it."""
    params = {"no": case.no, "title": "张三家的路灯坏了 13800001234", "who": "李四", "note": "找王五"}
    given = {"kind": kind, "text": "New order: case %(no)s, %(title)s", "params": params, "at": MONDAY, **values}
    return Notice(user=user, key=key or f"k:{case.pk}", subject_type="cases.case", subject_id=case.pk, **given)


def turn(at: Any = MONDAY, most: int = 50) -> int:
    """What the house does every five seconds, and the courier after it; how many messages were brought."""
    take_lines(at=at)
    gather_messages(at=at)
    return sum(1 for _n, _done in zip(range(most), iter(lambda: errands.run_next(at=at), False), strict=False))


def texts(receiver: Receiver) -> list[str]:
    """What a robot's group has read."""
    told = [json.loads(got.body) for got in receiver.got]
    return [one["text"]["content"] if "text" in one else one["content"]["text"] for one in told]


@dataclass
class MailServer:
    """A mail server at 127.0.0.1 that takes what it is given: (from, to, the mail). `refuse` names addresses it doesn't know."""

    port: int = 0
    got: list[tuple[str, list[str], Any]] = field(default_factory=list)
    refuse: frozenset[str] = frozenset()

    @property
    def given(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": str(self.port),
            "security": Security.PLAIN,
            "sender": "grid@office.cn",
            "user": "",
        }


@contextmanager
def mail_server(refuse: frozenset[str] = frozenset()) -> Iterator[MailServer]:
    found = MailServer(refuse=refuse)

    def serve(sock: socket.socket) -> None:
        with sock, suppress(OSError), sock.makefile("rwb", buffering=0) as line:
            _converse(line, found)

    door = socket.create_server(("127.0.0.1", 0))
    found.port = door.getsockname()[1]

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(door.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield found
    door.shutdown(socket.SHUT_RDWR)
    door.close()


def _converse(line: Any, server: MailServer) -> None:
    """As much of RFC 5321 as a client of one mail needs."""

    def say(words: str) -> None:
        line.write(f"{words}\r\n".encode())

    sender, to = "", []
    say("220 office")
    while word := line.readline().decode().strip():
        verb = word.upper()
        if verb.startswith("MAIL"):
            sender, to = _inside(word), []
            say("250 ok")
        elif verb.startswith("RCPT"):
            unknown = _inside(word) in server.refuse
            to += [] if unknown else [_inside(word)]
            say("550 who" if unknown else "250 ok")
        elif verb == "DATA":
            say("354 go on")
            body = b"".join(iter(line.readline, b".\r\n"))
            server.got.append((sender, to, message_from_bytes(body, policy=policy.default)))
            say("250 taken")
        else:
            say("221 bye" if verb == "QUIT" else "250 office")
            if verb == "QUIT":
                return


def _inside(word: str) -> str:
    return word[word.index("<") + 1 : word.index(">")]


def wecom(receiver: Receiver, cast: Cast, **values: Any) -> Channel:
    channel = make_robot(ChannelKind.WECOM, receiver, cast.place.street, **values)
    listen(channel, cast.street, cast.place.street)
    return channel


def states() -> list[tuple[str, int, int]]:
    return list(Message.objects.order_by("pk").values_list("state", "lines", "tries"))
