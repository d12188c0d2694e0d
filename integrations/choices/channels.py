"""Channels of notices: which kinds there are, what each asks for, and how fast and how long is sent."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind, Role
from integrations.choices.gateway import EXAMPLE, Coding


class ChannelKind(models.TextChoices):
    """By which way a message goes out."""

    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")
    FEISHU = "feishu", _("Feishu group robot")
    MAIL = "mail", _("e-mail")
    SMS = "sms", _("text messages")


# Whose pages they are: a street office sees those of its own groups.
LOOKERS = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR, Role.STREET})
ROBOTS = frozenset({ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU})
# By which people may have their own inbox told.
PERSONAL = frozenset({ChannelKind.MAIL, ChannelKind.SMS})


class Security(models.TextChoices):
    """How a mail server is spoken to."""

    TLS = "tls", _("encrypted from the start (465)")
    STARTTLS = "starttls", _("encrypted after the greeting (587)")
    PLAIN = "plain", _("not encrypted, inside the office only (25)")


@dataclass(frozen=True)
class Ask:
    """Something a kind of channel asks for. A SECRET is kept sealed and never shown again."""

    name: str
    label: Any
    help: Any = ""
    secret: bool = False
    required: bool = True
    initial: str = ""
    choices: Any = None
    # Addresses, one a line.
    lines: bool = False
    long: bool = False


_ROBOT = Ask(
    "address", _("address of the robot"),
    _("Copied whole from the group's settings. Whoever has it can post in the group: it is kept sealed."), secret=True,
)  # fmt: skip
_SIGNING = Ask(
    "signing", _("signing secret"), _("If the robot asks for signatures."), secret=True, required=False,
)  # fmt: skip
ASKS: dict[ChannelKind, tuple[Ask, ...]] = {
    ChannelKind.WECOM: (_ROBOT,),
    ChannelKind.DINGTALK: (_ROBOT, _SIGNING),
    ChannelKind.FEISHU: (_ROBOT, _SIGNING),
    ChannelKind.MAIL: (
        Ask("host", _("mail server")),
        Ask("port", _("port"), initial="465"),
        Ask("security", _("encryption"), initial=Security.TLS, choices=Security.choices),
        Ask("sender", _("sender's address")),
        Ask("user", _("user name"), required=False),
        Ask("password", _("password"), secret=True, required=False),
        Ask("to", _("addresses of the group"), _("One a line; empty where it only serves people's own inboxes."),
            required=False, lines=True),
    ),
    ChannelKind.SMS: (
        Ask("url", _("address of the gateway"), initial="https://"),
        Ask("coding", _("request"), initial=Coding.JSON, choices=Coding.choices),
        Ask("body", _("its content"),
            _("With {phone} and {text}, also {key} and {id}. As JSON an object; otherwise one field a line: name=value."),
            initial=EXAMPLE, long=True),
        Ask("headers", _("headers"), _("One a line, for example Authorization: Bearer {key}"), required=False, long=True),
        Ask("key", _("key of the gateway"), _("Stands where {key} is written."), secret=True, required=False),
        Ask("success", _("went well if"),
            _("result.code = 0: this field of a JSON answer; ~ OK: the answer holds this; empty: HTTP 200 is enough."),
            required=False, initial="code = 0"),
    ),
}  # fmt: skip

# Messages a minute: what the makers of the robots allow (handbook 5.2, 5.3), and what a gateway bears.
PER_MINUTE: dict[ChannelKind, int] = {
    ChannelKind.WECOM: 20,
    ChannelKind.DINGTALK: 20,
    ChannelKind.FEISHU: 20,
    ChannelKind.MAIL: 60,
    ChannelKind.SMS: 100,
}
# Bytes of UTF-8 in one message. SMS: characters count, but 70 Chinese ones are one message and 210 bytes.
MOST_BYTES: dict[ChannelKind, int] = {
    ChannelKind.WECOM: 2048,
    ChannelKind.DINGTALK: 4096,
    ChannelKind.FEISHU: 4096,
    ChannelKind.MAIL: 16_384,
    ChannelKind.SMS: 210,
}
# Lines of one message; those beyond are told by their number.
MOST_LINES = 20


class Wanted(models.TextChoices):
    """What somebody wants told outside."""

    ALL = "all", _("everything in my inbox")
    PRESSING = "pressing", _("only what presses: urgent, running out, overdue, cards, urging, supervision")


PRESSING = frozenset(
    {NoticeKind.NEAR, NoticeKind.BREACH, NoticeKind.CARD, NoticeKind.URGE, NoticeKind.SUPERVISION}
)  # fmt: skip
# What a group can be told: notices of cases.
GROUP_KINDS = tuple(kind for kind in NoticeKind if kind not in {NoticeKind.SYSTEM, NoticeKind.DIGEST})


class MessageState(models.TextChoices):
    """How far a message has come."""

    WAITING = "waiting", _("on its way")
    SENT = "sent", _("sent out")
    GIVEN_UP = "given_up", _("given up")
    AGAIN = "again", _("given up, its notices sent again")
    DROPPED = "dropped", _("not sent: the channel was switched off")


MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# To one person's number or address (handbook 5.6: gateways refuse more than 50 a day to one number).
PERSONAL_EVERY, PERSONAL_A_DAY = MINUTE, 50
# Codes to one number or address: (how many, within what).
CODE_LIMITS = ((1, MINUTE), (5, HOUR), (10, DAY))
CODE_DIGITS, CODE_TRIES, CODE_HOLDS = 6, 5, dt.timedelta(minutes=5)
MOST_OWN = 4
# Tries of one message: after 5, 20, 80 … seconds, an hour at most; what is older is no news any more.
FIRST_WAIT, LONGEST_WAIT, GIVE_UP_AFTER = dt.timedelta(seconds=5), HOUR, dt.timedelta(hours=6)
# Looked at again after so long where the minute is full.
FULL_WAIT = dt.timedelta(seconds=10)
TIMEOUT = 10.0
# Of what the other side answered to a trial.
ANSWER_KEPT = 300
# What brings one message (gridgov.core.errands).
BRING = "integrations.message"
# The log, and how long a channel may fail before the doctor tells.
KEPT, FAILING = dt.timedelta(days=30), HOUR
NAME_CHARS, ADDRESS_CHARS = 40, 100
MAIL_PORTS = frozenset({25, 465, 587, 2525})
