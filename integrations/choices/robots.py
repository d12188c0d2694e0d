"""How robots of groups are spoken to: their addresses, what they sign, and what their refusals mean.

Sources: handbook 5.2 and 5.3, and the makers' pages on group robots. All of them answer HTTP 200 to what they refuse, and
say so in the body only; apprise's plugins look at the status alone, which is why these few lines stand here
(docs/adr/0012-channels-spoken-to-directly.md).
"""

import base64
import datetime as dt
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_lazy as _

from integrations.choices.channels import ChannelKind


@dataclass(frozen=True)
class Robot:
    """Where a kind of robot lives: its usual host, its path, and the name its token has in the query ('': the path ends in it)."""

    host: str
    path: str
    token: str


ROBOT: dict[ChannelKind, Robot] = {
    ChannelKind.WECOM: Robot("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key"),
    ChannelKind.DINGTALK: Robot("oapi.dingtalk.com", "/robot/send", "access_token"),
    ChannelKind.FEISHU: Robot("open.feishu.cn", "/open-apis/bot/v2/hook/", ""),
}
_TOKEN = re.compile(r"[\w-]{8,200}")


def address_of(kind: ChannelKind, copied: str) -> str:
    """The robot's address out of what was COPIED: the address whole, or its token alone. '' where it is neither.

    Only the token is taken from the query: copies often carry a signature that is long stale, or a `&timestamp` that a web
    page has turned into `×tamp`. Another host than the maker's stays: offices run the same software themselves.
    """
    robot, copied = ROBOT[kind], copied.strip()
    host = f"https://{robot.host}"
    if copied.startswith(("https://", "http://")):
        parts = urlsplit(copied)
        host = f"{parts.scheme}://{parts.netloc}"
        pattern = rf"[?&]{robot.token}=([\w-]+)" if robot.token else rf"{re.escape(robot.path)}([\w-]+)"
        found = re.search(pattern, copied)
        copied = found[1] if found else ""
    if not _TOKEN.fullmatch(copied) or not copied.isascii():
        return ""
    return f"{host}{robot.path}?{robot.token}={copied}" if robot.token else f"{host}{robot.path}{copied}"


def dingtalk_signature(secret: str, at: dt.datetime) -> str:
    """`&timestamp=MS&sign=SIGN` of AT: milliseconds, good for an hour."""
    moment = str(round(at.timestamp() * 1000))
    code = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={moment}&sign={quote(base64.b64encode(code), safe='')}"


def feishu_signature(secret: str, at: dt.datetime) -> dict[str, str]:
    """What goes into the body: seconds, and the HMAC of nothing under moment and secret."""
    moment = str(int(at.timestamp()))
    code = hmac.new(f"{moment}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": moment, "sign": base64.b64encode(code).decode()}


def body_of(kind: ChannelKind, text: str, signing: str, at: dt.datetime) -> dict[str, Any]:
    if kind == ChannelKind.FEISHU:
        return {**(feishu_signature(signing, at) if signing else {}), "msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


# What refusals mean to whoever keeps the channel. The makers' own words follow in brackets.
_WRONG_KEY = _("The robot is not known: its address is wrong, or it was taken out of the group.")
_TOO_OFTEN = _("The robot is called too often and takes nothing for a while.")
_SIGNATURE = _("The robot refuses: the signing secret, its key word or its list of addresses doesn't fit.")
_TOO_LONG = _("The message is too long for the robot.")
REFUSALS: dict[ChannelKind, dict[int, Any]] = {
    ChannelKind.WECOM: {93000: _WRONG_KEY, 93008: _WRONG_KEY, 45009: _TOO_OFTEN, 45033: _TOO_OFTEN, 45002: _TOO_LONG, 40058: _TOO_LONG},
    ChannelKind.DINGTALK: {
        300001: _WRONG_KEY, 400013: _WRONG_KEY, 310000: _SIGNATURE, 130101: _TOO_OFTEN, 410100: _TOO_OFTEN,
        660026: _TOO_OFTEN, 460101: _TOO_LONG,
    },
    ChannelKind.FEISHU: {
        19001: _WRONG_KEY, 19007: _WRONG_KEY, 19021: _SIGNATURE, 19022: _SIGNATURE, 19024: _SIGNATURE, 11232: _TOO_OFTEN, 9499: _TOO_LONG,
    },
}  # fmt: skip
# Called too often, a robot wants a rest.
REST = dt.timedelta(minutes=1)


def is_too_often(kind: ChannelKind, code: int) -> bool:
    return REFUSALS[kind].get(code) is _TOO_OFTEN
