"""Notices in groups: told once, of what may be told, gathered when there is too much, and never lost."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import gather_notices, notify, reword_notice
from accounts.choices import NoticeKind
from accounts.choices.wording import all_templates
from accounts.models import Notice, User
from cases.models import Category, Reporter
from grids.models import Grid
from integrations.actions.channels import gathering, switch_channel, take_lines
from integrations.choices.channels import ChannelKind, MessageState
from integrations.choices.outside import NOTICE_IN_GROUP, OUTSIDE, OUTSIDE_SHORT, TEMPLATES
from integrations.models import Channel, Line, Message
from tests.cases.counting import put
from tests.factories import MONDAY, Cast, at
from tests.integrations.channels.at_hand import KEY, listen, make_robot, news, states, texts, turn, wecom
from tests.receivers import Receiver

SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)

pytestmark = pytest.mark.django_db


# --- what is told ----------------------------------------------------------------------------------------------------


def test_a_notice_in_two_inboxes_is_one_message_that_names_nobody(cast: Cast, receiver: Receiver) -> None:
    channel = wecom(receiver, cast)
    case = put(cast, due_at="09-09 18:00")
    notify([news(cast.worker, case), news(cast.lead, case)], at=MONDAY)
    assert turn() == 1
    place = cast.place.micros[0].name
    assert texts(receiver) == [f"新工单 {case.no}：{cast.category.name}，{place}，截止 09-09 18:00"]
    got = receiver.got[0]
    assert got.path == f"/cgi-bin/webhook/send?key={KEY}"
    assert json.loads(got.body)["msgtype"] == "text"
    # Nothing of it a second time, and it is written down what was sent.
    assert turn(MONDAY + MINUTE) == 0
    assert states() == [(MessageState.SENT, 1, 1)]
    channel.refresh_from_db()
    assert (channel.sent_at is not None, channel.failing_since, channel.failure) == (True, None, "")


def test_words_of_people_never_leave_whatever_a_notice_knows(cast: Cast, receiver: Receiver) -> None:
    wecom(receiver, cast)
    for number, kind in enumerate(NOTICE_IN_GROUP):
        case = put(cast)
        params = {"no": case.no, "title": "张三 13800001234", "reason": "李四住2-1-501", "who": "王五", "name": "赵六"}
        notify([news(cast.worker, case, f"n{number}", kind, params=params)], at=MONDAY)
    turn()
    said = "\n".join(texts(receiver))
    assert said.count("\n") == len(NOTICE_IN_GROUP) - 1
    assert not [
        word for word in ("张三", "李四", "王五", "赵六", "1380", "2-1-501", cast.worker.full_name) if word in said
    ]
    assert all(set(line.params) <= OUTSIDE for line in Line.objects.all())


def test_templates_ask_for_nothing_else_than_what_may_go_outside() -> None:
    assert all(set(one.places) <= OUTSIDE for one in TEMPLATES.values())
    assert set(TEMPLATES) <= {one.text for one in all_templates().values()}
    assert OUTSIDE_SHORT < OUTSIDE
    assert {"no", "category", "grid", "deadline", "event", "count", "kinds"} == OUTSIDE


def test_a_sensitive_matter_is_told_without_its_name_and_its_lane(cast: Cast, receiver: Receiver) -> None:
    wecom(receiver, cast)
    Category.objects.update(sensitive=True)
    case = put(cast)
    notify([news(cast.worker, case)], at=MONDAY)
    turn()
    assert texts(receiver) == [f"新工单 {case.no}：保密事项，{cast.place.totals[0].name}，截止 —"]
    # So is a report whose reporter must stay unknown, whatever its category.
    Category.objects.update(sensitive=False)
    other = put(cast)
    Reporter.objects.update_or_create(
        case=other, defaults={"name": "张三", "phone": "13800001234", "confidential": True}
    )
    notify([news(cast.worker, other)], at=MONDAY)
    turn(MONDAY + SECOND)
    assert texts(receiver)[1] == f"新工单 {other.no}：保密事项，{cast.place.totals[0].name}，截止 —"


def test_the_office_words_it_and_can_ask_for_nothing_more(cast: Cast, receiver: Receiver) -> None:
    channel = wecom(receiver, cast)
    template = TEMPLATES[NOTICE_IN_GROUP[NoticeKind.ORDER]]
    reword_notice(template=template, language="zh-hans", wording="【网格】%(no)s 请签收", by=cast.street, at=MONDAY)
    case = put(cast)
    notify([news(cast.worker, case)], at=MONDAY)
    turn()
    assert texts(receiver) == [f"【网格】{case.no} 请签收"]
    # Even if the table said something else: the house's own words are told then.
    from accounts.models import NoticeText

    NoticeText.objects.update(wording="%(no)s %(title)s")
    Channel.objects.filter(pk=channel.pk).update(language="en")
    NoticeText.objects.update(language="en")
    other = put(cast)
    notify([news(cast.worker, other)], at=MONDAY)
    turn(MONDAY + MINUTE)
    assert texts(receiver)[1] == f"New order {other.no}: {cast.category.name}, {cast.place.micros[0].name}, due —"


# --- who is told -----------------------------------------------------------------------------------------------------


def test_each_group_is_told_of_its_own_grids_kinds_and_unit(cast: Cast, receiver: Receiver) -> None:
    root, first, second = cast.place.street, *cast.place.micros
    by = cast.street
    channels = {
        name: make_robot(ChannelKind.WECOM, receiver, root, name=name)
        for name in ("first", "cards", "unit", "nothing", "off")
    }
    listen(channels["first"], by, first)
    listen(channels["cards"], by, root, kinds=["card"])
    listen(channels["unit"], by, root, unit=cast.unit)
    listen(channels["off"], by, root)
    switch_channel(channel=channels["off"], active=False, by=User.objects.get(pk=channels["off"].made_by_id), at=MONDAY)
    here, there = put(cast), put(cast, grid=second)
    elsewhere = Grid.objects.get(code="990101002")
    strange = put(cast, grid=elsewhere, street=elsewhere, total=None, comprehensive=None)
    notices = [
        news(cast.worker, here), news(cast.other_worker, there), news(cast.lead, there, "card", NoticeKind.CARD),
        news(cast.unit_staff, there, "unit"), news(cast.outsider, strange), news(cast.worker, here, "progress", NoticeKind.PROGRESS),
    ]  # fmt: skip
    notify(notices, at=MONDAY)
    take_lines(at=MONDAY)
    told = {
        name: sorted(Line.objects.filter(channel=row).values_list("key", flat=True)) for name, row in channels.items()
    }
    assert told == {
        "first": sorted([f"k:{here.pk}", "progress"]), "cards": ["card"], "unit": ["unit"], "nothing": [], "off": [],
    }  # fmt: skip


def test_notices_about_no_case_stay_in_the_inbox(cast: Cast, receiver: Receiver) -> None:
    wecom(receiver, cast)
    notify([Notice(user=cast.worker, kind=NoticeKind.SYSTEM, key="s", text="t", params={}, at=MONDAY)], at=MONDAY)
    assert turn() == 0
    assert Line.objects.count() == 0


def test_old_news_is_not_told_to_a_new_group(cast: Cast, receiver: Receiver) -> None:
    case = put(cast)
    notify([news(cast.worker, case)], at=MONDAY)
    assert turn() == 0
    wecom(receiver, cast)
    assert turn(MONDAY + MINUTE) == 0
    assert receiver.got == []


# --- when ------------------------------------------------------------------------------------------------------------


def test_quiet_hours_are_kept_and_the_morning_is_one_message(cast: Cast, receiver: Receiver) -> None:
    wecom(receiver, cast)
    night, morning = at("2026-09-07 23:00"), at("2026-09-08 08:30")
    cases = [put(cast) for _n in range(3)]
    notify([news(cast.worker, case, at=night) for case in cases], at=night)
    notify([news(cast.lead, cases[0], at=night)], at=night)
    urgent = put(cast)
    notify([news(cast.worker, urgent, at=night, urgent=True)], at=night)
    assert turn(night) == 1
    assert [urgent.no in text for text in texts(receiver)] == [True]
    gather_notices(at=morning)
    assert turn(morning) == 1
    lines = texts(receiver)[1].split("\n")
    assert [case.no for case in cases] == [line.split("：")[0].removeprefix("新工单 ") for line in lines]


def test_more_than_the_limit_waits_and_comes_in_one(cast: Cast, receiver: Receiver) -> None:
    """20 a minute are told; what comes beyond is gathered, the urgent first, and nothing is lost."""
    wecom(receiver, cast)
    for number in range(30):
        case = put(cast)
        notify([news(cast.worker, case, f"n{number}", urgent=number == 29)], at=MONDAY)
        turn(MONDAY + number * SECOND / 2)
    assert len(receiver.got) == 20
    assert turn(MONDAY + 50 * SECOND) == 0
    assert turn(MONDAY + 61 * SECOND) == 1
    lines = texts(receiver)[20].split("\n")
    assert len(lines) == 10
    assert case.no in lines[0]
    assert sum(row[1] for row in states()) == 30


def test_a_flood_is_told_by_its_numbers_within_the_robots_bytes(cast: Cast, receiver: Receiver) -> None:
    wecom(receiver, cast)
    Grid.objects.filter(pk=cast.place.micros[0].pk).update(name="桃花巷第一综合网格东片微网格" * 3)
    cases = [put(cast) for _n in range(60)]
    notify(
        [news(cast.worker, case, f"n{n}", [NoticeKind.ORDER, NoticeKind.CARD][n % 2]) for n, case in enumerate(cases)],
        at=MONDAY,
    )
    assert turn() == 1
    (text,) = texts(receiver)
    lines = text.split("\n")
    assert 1800 < len(text.encode()) <= 2048
    shown = len(lines) - 1
    assert lines[-1].startswith(f"另有 {60 - shown} 条：新工单 ")
    assert Line.objects.filter(message=None).count() == 0
    assert Message.objects.get().lines == 60


def test_taking_costs_the_same_for_many(cast: Cast, receiver: Receiver) -> None:
    wecom(receiver, cast)

    def cost(rows: int, tag: str) -> int:
        notify([news(cast.worker, put(cast), f"{tag}{n}") for n in range(rows)], at=MONDAY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert take_lines(at=MONDAY) == rows
        return len(queries)

    assert cost(1, "a") == cost(40, "b")


def test_a_channel_that_rests_holds_up_no_other(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much waits for it. Each turn looks at so many lines, here one; three of the resting channel come first."""
    resting, other = wecom(receiver, cast, name="歇着的"), wecom(receiver, cast, name="好着的")
    notify([news(cast.worker, put(cast), f"n{number}") for number in range(3)], at=MONDAY)
    take_lines(at=MONDAY)
    resting.change(rests_until=MONDAY + HOUR)
    monkeypatch.setattr(gathering, "MOST_WAITING", 1)
    assert Line.objects.order_by("pk")[0].channel == resting
    for second in range(3):
        assert turn(MONDAY + second * SECOND) == 1
    assert set(Message.objects.values_list("channel", "state", "lines")) == {(other.pk, MessageState.SENT, 1)}
    assert Line.objects.filter(message=None).count() == 3
    assert turn(MONDAY + 2 * HOUR) == 1
    assert Message.objects.filter(channel=resting).count() == 1
