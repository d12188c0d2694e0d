"""Ways out: what each maker's server is told, and what is made of its refusals."""

import datetime as dt
import json
from typing import Any

import pytest

from accounts.actions import notify
from accounts.models import User
from gridgov.core.doctor import State, ask
from integrations.actions.channels import change_channel, switch_channel, take_lines
from integrations.choices.channels import ChannelKind, MessageState
from integrations.models import Channel, Line, Message
from tests.cases.counting import put
from tests.factories import MONDAY, Cast
from tests.integrations.channels.at_hand import (
    KEY,
    SIGNING,
    listen,
    mail_server,
    make_channel,
    make_robot,
    news,
    states,
    turn,
    wecom,
)
from tests.receivers import Receiver

SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)

pytestmark = pytest.mark.django_db


# --- what goes wrong -------------------------------------------------------------------------------------------------


def test_a_robot_that_refuses_is_tried_again_and_the_doctor_tells(cast: Cast, receiver: Receiver) -> None:
    channel = wecom(receiver, cast)
    receiver.answer = lambda _got: (200, {}, b'{"errcode": 93000, "errmsg": "invalid webhook url"}')
    case = put(cast)
    notify([news(cast.worker, case)], at=MONDAY)
    assert turn() == 1
    channel.refresh_from_db()
    assert channel.failing_since is not None
    assert channel.failure == "机器人不存在：地址有误，或已被移出群聊。 (93000 invalid webhook url)"
    assert states() == [(MessageState.WAITING, 1, 1)]
    # What comes meanwhile waits behind it, and is no second knock.
    notify([news(cast.worker, put(cast))], at=MONDAY)
    assert turn(MONDAY + SECOND) == 0
    assert turn(MONDAY + 6 * SECOND) == 1
    assert ask("channels", at=MONDAY + MINUTE).state == State.OK
    finding = ask("channels", at=MONDAY + HOUR + MINUTE)
    assert (finding.state, channel.name in finding.said, finding.advice) == (State.BAD, True, channel.failure)
    receiver.answer = lambda _got: (200, {}, b'{"errcode": 0, "errmsg": "ok"}')
    assert turn(MONDAY + 2 * HOUR) == 1
    assert turn(MONDAY + 2 * HOUR + SECOND) == 1
    assert [state for state, *_more in states()] == [MessageState.SENT] * 2
    channel.refresh_from_db()
    assert (channel.failing_since, channel.failure) == (None, "")
    assert ask("channels", at=MONDAY + 3 * HOUR).state == State.OK


def test_a_robot_called_too_often_has_its_rest(cast: Cast, receiver: Receiver) -> None:
    channel = wecom(receiver, cast)
    receiver.answer = lambda _got: (200, {}, b'{"errcode": 45009, "errmsg": "api freq out of limit"}')
    notify([news(cast.worker, put(cast))], at=MONDAY)
    turn()
    channel.refresh_from_db()
    assert channel.rests_until is not None and channel.rests_until >= MONDAY + MINUTE
    assert turn(MONDAY + 59 * SECOND) == 0
    assert turn(MONDAY + 62 * SECOND) == 1


def test_what_is_six_hours_old_is_given_up_and_the_next_is_tried(cast: Cast, receiver: Receiver) -> None:
    wecom(receiver, cast)
    receiver.answer = lambda _got: (500, {}, b"")
    notify([news(cast.worker, put(cast))], at=MONDAY)
    now, tries = MONDAY, 0
    while Message.objects.waiting().exists() or tries == 0:
        tries += turn(now)
        now += HOUR
        assert tries < 12
    assert Message.objects.values_list("state", "failure").get() == (
        MessageState.GIVEN_UP, "机器人的服务器返回错误 500。",
    )  # fmt: skip
    receiver.answer = lambda _got: (200, {}, b'{"errcode": 0}')
    notify([news(cast.worker, put(cast), at=now, urgent=True)], at=now)
    assert turn(now) == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"errcode": "0"}', b'{"ok": true}', b'{"errcode": null}'])
def test_an_answer_that_is_none_is_no_success(cast: Cast, receiver: Receiver, body: bytes) -> None:
    wecom(receiver, cast)
    receiver.answer = lambda _got: (200, {}, body)
    notify([news(cast.worker, put(cast))], at=MONDAY)
    turn()
    assert Message.objects.get().failure == "机器人的服务器返回的不是机器人的应答。"


def test_a_robot_inside_the_net_is_not_spoken_to_unless_the_office_says_so(
    cast: Cast, receiver: Receiver, settings: Any
) -> None:
    wecom(receiver, cast)
    settings.OUTGOING_ALLOWED = ()
    notify([news(cast.worker, put(cast))], at=MONDAY)
    turn()
    assert receiver.got == []
    assert Message.objects.get().failure


def test_what_waits_when_a_channel_is_switched_off_is_not_sent_later(cast: Cast, receiver: Receiver) -> None:
    channel = wecom(receiver, cast)
    by = User.objects.get(pk=channel.made_by_id)
    receiver.answer = lambda _got: (500, {}, b"")
    notify([news(cast.worker, put(cast))], at=MONDAY)
    turn()
    notify([news(cast.worker, put(cast))], at=MONDAY)
    take_lines(at=MONDAY)
    switch_channel(channel=channel, active=False, by=by, at=MONDAY + SECOND)
    switch_channel(channel=channel, active=True, by=by, at=MONDAY + 2 * SECOND)
    assert turn(MONDAY + MINUTE) == 1  # the errand finds nothing to bring
    assert len(receiver.got) == 1
    assert states() == [(MessageState.DROPPED, 1, 1)]
    assert Line.objects.filter(message=None).count() == 0


# --- other ways ------------------------------------------------------------------------------------------------------


def test_dingtalk_is_signed_as_the_handbook_says(cast: Cast, receiver: Receiver) -> None:
    """The receiver works the signature out by itself (tests.integrations.channels.at_hand) and refuses any other."""
    channel = make_robot(ChannelKind.DINGTALK, receiver, cast.place.street, signing=SIGNING)
    listen(channel, cast.street, cast.place.street)
    notify([news(cast.worker, put(cast))], at=MONDAY)
    turn()
    assert states() == [(MessageState.SENT, 1, 1)]
    by = User.objects.get(pk=channel.made_by_id)
    change_channel(
        channel=channel, given={}, secrets={"signing": "SECwrong"}, for_people=False, language="zh-hans", per_minute=20,
        by=by, at=MONDAY,
    )  # fmt: skip
    notify([news(cast.worker, put(cast))], at=MONDAY)
    turn(MONDAY + SECOND)
    assert Message.objects.first().failure.startswith("机器人拒收：加签密钥、关键词或地址白名单不符。 (310000")  # type: ignore[union-attr]


def test_feishu_is_signed_in_the_body(cast: Cast, receiver: Receiver) -> None:
    channel = make_robot(ChannelKind.FEISHU, receiver, cast.place.street, signing="fs")
    listen(channel, cast.street, cast.place.street)
    notify([news(cast.worker, put(cast))], at=MONDAY)
    turn()
    told = json.loads(receiver.got[0].body)
    assert receiver.got[0].path == f"/open-apis/bot/v2/hook/{KEY}"
    assert (told["timestamp"], told["msg_type"]) == (str(int(MONDAY.timestamp())), "text")
    # Worked out once with `openssl dgst -sha256 -hmac "$(printf '%s\nfs' TS)"` over nothing.
    assert told["sign"] == feishu_sign(told["timestamp"], "fs")
    assert states() == [(MessageState.SENT, 1, 1)]


def feishu_sign(moment: str, secret: str) -> str:
    import base64
    import hashlib
    import hmac

    return base64.b64encode(hmac.new(f"{moment}\n{secret}".encode(), digestmod=hashlib.sha256).digest()).decode()


def test_a_group_by_mail(cast: Cast, settings: Any) -> None:
    settings.OUTGOING_ALLOWED = ("127.0.0.1",)
    with mail_server(refuse=frozenset({"gone@office.cn"})) as server:
        channel = make_channel(
            ChannelKind.MAIL, {**server.given, "to": ["a@office.cn", "b@office.cn"]}, {}, grid=cast.place.street
        )  # fmt: skip
        listen(channel, cast.street, cast.place.street)
        case = put(cast)
        notify([news(cast.worker, case)], at=MONDAY)
        assert turn() == 1
        ((sender, to, mail),) = server.got
        assert (sender, to) == ("grid@office.cn", ["a@office.cn", "b@office.cn"])
        assert (mail["Subject"], mail["Auto-Submitted"]) == ("网格办公室通知", "auto-generated")
        assert mail.get_content().strip().startswith(f"新工单 {case.no}：")
        Channel.objects.update(given={**channel.given, "to": ["a@office.cn", "gone@office.cn"]})
        notify([news(cast.worker, put(cast))], at=MONDAY)
        turn(MONDAY + SECOND)
        assert Message.objects.values_list("state", "failure").first() == (
            MessageState.SENT,
            "邮件服务器不接收其中 1 个地址。",
        )


def test_a_mail_server_that_is_none_is_not_spoken_to(cast: Cast, settings: Any) -> None:
    """The house must not be made to talk to whatever listens inside."""
    settings.OUTGOING_ALLOWED = ()
    with mail_server() as server:
        channel = make_channel(ChannelKind.MAIL, {**server.given, "to": ["a@office.cn"]}, {}, grid=cast.place.street)
        listen(channel, cast.street, cast.place.street)
        notify([news(cast.worker, put(cast))], at=MONDAY)
        turn()
        assert server.got == []
    assert Message.objects.get().failure == f"端口 {server.port} 不是邮件服务器的端口。"
