"""The pages of channels: entered, tried, told of, switched at the desk; and one's own addresses, proved on the phone."""

import json
import re

import pytest
from django.urls import reverse

from accounts.actions import notify
from accounts.choices import Role
from accounts.models import User
from cases.models import Case
from gridgov.core.models import Record
from integrations.actions.channels import add_own
from integrations.choices.channels import ChannelKind, MessageState, Wanted
from integrations.models import Channel, Line, Message, OwnChannel, Subscription
from tests.cases.counting import put
from tests.factories import MONDAY, Cast, make_user
from tests.integrations.channels.at_hand import (
    KEY,
    make_gateway,
    news,
    robot_answer,
    states,
    texts,
    turn,
    wecom,
)
from tests.receivers import Receiver

pytestmark = pytest.mark.django_db
LIST, LOG = "/admin/integrations/channel/", "/admin/integrations/message/"


def signed_in(client: object, user: User) -> object:
    client.force_login(user)  # type: ignore[attr-defined]
    return client


def test_a_robot_is_entered_tried_told_of_and_switched_on(client, cast: Cast, receiver: Receiver) -> None:  # type: ignore[no-untyped-def]
    system = make_user(Role.SYSTEM_ADMIN)
    receiver.answer = robot_answer(ChannelKind.WECOM)
    client.force_login(system)
    address = f"{receiver.url}/cgi-bin/webhook/send?key={KEY}"
    said = {"name": "街道办群", "address": address, "language": "zh-hans", "per_minute": "20"}
    refused = client.post(f"{LIST}add/?kind=wecom", said)
    assert (refused.status_code, Channel.objects.count()) == (200, 0)
    assert "请指定群所属网格" in refused.content.decode()
    client.post(f"{LIST}add/?kind=wecom", {**said, "grid": cast.place.street.code})
    channel = Channel.objects.get()
    page = client.get(f"{LIST}{channel.pk}/change/").content.decode()
    assert (KEY in page, channel.is_active, channel.grid) == (False, False, cast.place.street)
    # The trial says what the other side answered.
    shown = client.get(f"{LIST}{channel.pk}/do/try/").content.decode()
    assert "这是一条测试消息" in shown
    answered = client.post(f"{LIST}{channel.pk}/do/try/").content.decode()
    assert ("对方已接收" in answered, "&quot;errcode&quot;: 0" in answered, len(receiver.got)) == (True, True, 1)
    receiver.answer = lambda _got: (200, {}, b'{"errcode": 93000, "errmsg": "invalid webhook url"}')
    answered = client.post(f"{LIST}{channel.pk}/do/try/").content.decode()
    assert ("对方未接收" in answered, "93000 invalid webhook url" in answered) == (True, True)
    client.post(f"{LIST}{channel.pk}/do/on/")
    # What a group is told, the street says; it sees its own groups only, and keeps no secrets.
    assert signed_in(client, cast.outsider).get(f"{LIST}{channel.pk}/change/").status_code in {302, 403, 404}  # type: ignore[attr-defined]
    client.force_login(cast.street)
    told = {"kinds": ["order", "card"], "grid": cast.place.street.code}
    assert client.post(f"{LIST}{channel.pk}/do/listen/", told).status_code == 302
    assert client.post(f"{LIST}{channel.pk}/do/try/").status_code == 403
    row = Subscription.objects.get()
    assert (row.kinds, row.made_by, Channel.objects.get().is_active) == (["order", "card"], cast.street, True)
    assert client.post(f"{LIST}{channel.pk}/do/hush/", {"subscription": row.pk}).status_code == 302
    assert Subscription.objects.standing().count() == 0
    assert set(Record.objects.filter(verb__startswith="integrations.").values_list("verb", flat=True)) == {
        "integrations.channel_added", "integrations.channel_tried", "integrations.channel_switched",
        "integrations.group_subscribed", "integrations.group_unsubscribed",
    }  # fmt: skip
    for odd, status in (("²", 200), ("nothing", 200), ("%00", 400)):
        assert signed_in(client, system).get(f"{LIST}add/?kind={odd}").status_code == status  # type: ignore[attr-defined]
    assert client.get(f"{LOG}?channel=²&state=x").status_code in {200, 302}


def test_a_dead_message_is_in_the_log_and_its_notices_go_again(client, cast: Cast, receiver: Receiver) -> None:  # type: ignore[no-untyped-def]
    wecom(receiver, cast)
    case = put(cast)
    notify([news(cast.worker, case)], at=MONDAY)
    turn()
    Message.objects.update(state=MessageState.GIVEN_UP, failure="机器人的服务器返回错误 500。")
    message = Message.objects.get()
    assert "机器人的服务器返回错误 500。" in signed_in(client, cast.street).get(LOG).content.decode()  # type: ignore[attr-defined]
    assert client.post(f"{LOG}{message.pk}/do/again/").status_code == 302
    assert (Message.objects.get().state, Line.objects.filter(message=None).count()) == (MessageState.AGAIN, 1)
    assert turn(MONDAY) == 1
    assert [case.no in text for text in texts(receiver)] == [True, True]
    # Once only.
    assert client.post(f"{LOG}{message.pk}/do/again/").status_code in {302, 409}
    assert [state for state, *_more in states()] == [MessageState.AGAIN, MessageState.SENT]


def test_a_worker_proves_a_number_and_chooses_what_comes_there(client, cast: Cast, receiver: Receiver) -> None:  # type: ignore[no-untyped-def]
    page = reverse("m-own")
    assert "单位尚未提供" in signed_in(client, cast.worker).get(page).content.decode()  # type: ignore[attr-defined]
    channel = make_gateway(receiver)
    assert page in client.get(reverse("m-me")).content.decode()
    assert client.post(page, {"channel": channel.pk, "address": "12345", "wanted": "pressing"}).status_code == 400
    client.post(page, {"channel": channel.pk, "address": "13800001234", "wanted": "pressing"})
    own = OwnChannel.objects.get()
    assert (own.user, own.masked, own.is_active, "13800001234" in own.sealed) == (
        cast.worker,
        "138****1234",
        False,
        False,
    )
    # The code comes by the gateway, and lies in no table.
    turn(own.made_at)
    sent = json.loads(receiver.got[0].body)
    assert (sent["mobile"], sent["template"], receiver.got[0].headers["x-key"]) == (
        ["13800001234"],
        {"id": "T1"},
        "k-1",
    )
    code = re.findall(r"\d{6}", sent["content"])[0]
    assert Message.objects.get().text == ""
    urls = {name: reverse(f"m-own-{name}", args=[own.pk]) for name in ("prove", "code", "want", "drop")}
    wrong = client.post(urls["prove"], {"code": "0" if code != "0" else "1"})
    own.refresh_from_db()
    assert (wrong.status_code, own.tries, own.is_active) == (400, 1, False)
    assert client.post(urls["code"]).status_code == 409  # one a minute
    assert client.post(urls["prove"], {"code": code}).status_code == 302
    # Only what presses, and not a word about the case but its number.
    case = put(cast)
    notify([news(cast.worker, case), news(cast.worker, case, "u", urgent=True)], at=MONDAY)
    turn()
    assert [json.loads(got.body)["content"] for got in receiver.got[1:]] == [f"【街道办】案件 {case.no}：新工单"]
    client.post(urls["want"], {"wanted": "all"})
    assert OwnChannel.objects.values_list("wanted", "is_active").get() == (Wanted.ALL, True)
    client.post(urls["want"], {"wanted": "none"})
    assert OwnChannel.objects.values_list("wanted", "is_active").get() == (Wanted.ALL, False)
    assert client.post(urls["want"], {"wanted": "²"}).status_code == 400
    # Nobody else's.
    client.force_login(cast.other_worker)
    assert [client.post(url, {"code": code, "wanted": "all"}).status_code for url in urls.values()] == [404] * 4
    assert cast.worker.full_name not in client.get(page).content.decode()
    client.force_login(cast.worker)
    client.post(urls["drop"])
    assert (OwnChannel.objects.count(), Message.objects.count()) == (0, 0)


def test_the_log_shows_a_street_no_addresses_of_people(client, cast: Cast, receiver: Receiver) -> None:  # type: ignore[no-untyped-def]
    channel = make_gateway(receiver)
    add_own(channel=channel, address="13800001234", wanted="all", language="zh-hans", by=cast.worker, at=MONDAY)
    turn()
    assert "138****1234" not in signed_in(client, cast.street).get(LOG).content.decode()  # type: ignore[attr-defined]
    page = signed_in(client, make_user(Role.SYSTEM_ADMIN)).get(LOG).content.decode()  # type: ignore[attr-defined]
    assert ("138****1234" in page, "13800001234" in page, cast.worker.full_name in page) == (True, False, False)
    assert Case.objects.count() == 0
