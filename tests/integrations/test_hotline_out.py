"""What a city's hotline is told: each thing once and in its order, however often it fails in between."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases import actions as verbs
from cases.models import Case
from gridgov.core.errands import run_next
from integrations.actions import hotline as actions
from integrations.choices.hotline import MOST_TRIES, OutboundState
from integrations.models import Outbound, PartnerOrder
from integrations.rules import profiles
from tests.cases.desk import MINUTE
from tests.factories import Cast, make_cast
from tests.integrations.platforms import SECRET, Platform, make_partner, order, settle
from tests.receivers import Got, Receiver, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def city(settings: Any) -> Iterator[Receiver]:
    settings.OUTGOING_ALLOWED = ("127.0.0.1",)
    with receiving() as found:
        found.answer = lambda _got: (200, {}, b'{"success": true}')
        yield found


@pytest.fixture
def hotline(cast: Cast, city: Receiver) -> Platform:
    return Platform(make_partner(cast, address=city.url))


def hear() -> None:
    """What the standing job does every few seconds."""
    actions.tell_partners(by=User.objects.system(), at=timezone.now())


def told(city: Receiver) -> list[str]:
    return [got.path.removeprefix("/callbacks/") for got in city.got]


def said(got: Got) -> dict[str, Any]:
    return json.loads(got.body)


def through(cast: Cast, case: Case, at: dt.datetime) -> None:
    """The case's ordinary way to its end."""
    verbs.accept_case(case=case.pk, by=cast.lead, at=at)
    verbs.dispatch_case(case=case.pk, unit=cast.unit.pk, by=cast.lead, at=at + MINUTE)
    verbs.sign_in_case(case=case.pk, by=cast.unit_staff, at=at + 2 * MINUTE)
    verbs.note_progress(case=case.pk, note="已联系13811112222到场", by=cast.unit_staff, at=at + 3 * MINUTE)
    verbs.complete_case(case=case.pk, result="张三已清走", by=cast.unit_staff, at=at + 4 * MINUTE)
    verbs.verify_case(case=case.pk, by=cast.lead, at=at + 5 * MINUTE)
    verbs.call_back(case=case.pk, reached=True, solved=True, by=cast.lead, at=at + 6 * MINUTE)
    verbs.close_case(case=case.pk, reply="纸箱已清走。", by=cast.lead, at=at + 7 * MINUTE)


WAY = ["received", "sign-in", "progress", "progress", "progress", "callback", "complete"]


def test_the_hotline_hears_the_whole_way_signed_and_in_order(cast: Cast, city: Receiver, hotline: Platform) -> None:
    hotline.send("orders", order())
    settle()
    case = Case.objects.get()
    through(cast, case, case.reported_at + MINUTE)
    hear()
    settle()
    assert told(city) == WAY
    bodies = [said(got) for got in city.got]
    assert {body["order_no"] for body in bodies} == {"12345-1"}
    assert len({body["id"] for body in bodies}) == len(WAY)
    assert (bodies[1]["case_no"], bodies[2]["unit"]) == (case.no, cast.unit.name)
    assert bodies[4]["content"] == "已联系138****2222到场"
    assert (bodies[5]["reached"], bodies[5]["solved"]) == (True, True)
    # What the office notes for itself is not told; what the reporter reads is.
    assert (bodies[6]["result"], bodies[6]["outcome"]) == ("纸箱已清走。", "solved")
    everything = "".join(got.body.decode() for got in city.got)
    for name in ("李小明", "13800001234", "张三", cast.unit_staff.full_name, cast.lead.full_name):
        assert name not in everything
    got = city.got[0]
    headers = {"timestamp": got.headers["x-hotline-timestamp"], "nonce": got.headers["x-hotline-nonce"]}
    assert got.headers["x-hotline-signature"] == profiles.signature(
        hotline.partner.profile, SECRET, **headers, body=got.body
    )
    hear()
    settle()
    assert told(city) == WAY  # nothing twice


def test_what_fails_in_between_is_told_again_and_nothing_overtakes_it(
    cast: Cast, city: Receiver, hotline: Platform
) -> None:
    failing = iter([500, 200, 503, 200, 200, 302, 200, 200, 400, 200, 200, 200, 200])
    refuses = [b'{"success": false}']

    def answer(_got: Got) -> tuple[int, dict[str, str], bytes]:
        status = next(failing)
        body = refuses.pop() if status == 200 and refuses else b'{"success": true}'
        return status, {"Location": "http://127.0.0.1:1/"} if status == 302 else {}, body

    city.answer = answer
    hotline.send("orders", order())
    settle()
    case = Case.objects.get()
    through(cast, case, case.reported_at + MINUTE)
    hear()
    now = timezone.now()
    for _hour in range(12):
        settle_at(now)
        now += dt.timedelta(hours=2)
    done: list[str] = []
    for got in city.got:  # each tried until it was taken, one after the other
        if not done or done[-1] != said(got)["id"]:
            done.append(said(got)["id"])
    assert len(done) == len(set(done)) == len(WAY)
    assert list(Outbound.objects.order_by("pk").values_list("state", flat=True)) == [OutboundState.SENT] * len(WAY)


def settle_at(at: dt.datetime) -> None:
    """Everything that is due at AT or in the seconds after it."""
    for seconds in range(30):
        if not run_next(at=at + dt.timedelta(seconds=seconds)):
            return
    raise AssertionError("it never comes to rest")


def test_a_dead_message_holds_its_order_up_until_somebody_looks(cast: Cast, city: Receiver, hotline: Platform) -> None:
    city.answer = lambda _got: (500, {}, b"")
    hotline.send("orders", order())
    settle()
    hear()
    now = timezone.now()
    for _hour in range(MOST_TRIES):
        settle_at(now)
        now += dt.timedelta(hours=2)
    row = Outbound.objects.get()
    assert (row.state, row.tries, row.answer) == (OutboundState.DEAD, MOST_TRIES, "500 ")
    verbs.accept_case(case=Case.objects.get(), by=cast.lead, at=now)
    city.answer = lambda _got: (200, {}, b'{"success": true}')
    actions.tell_partners(by=User.objects.system(), at=now)
    before = len(city.got)
    settle_at(now)
    assert len(city.got) == before
    with pytest.raises(Outbound.DoesNotExist):
        actions.resend_message(message=row, by=cast.outsider, at=now)
    actions.resend_message(message=row, by=cast.street, at=now)
    settle_at(now)
    assert told(city)[before:] == ["received", "sign-in"]


def test_a_dead_message_can_be_left_out(cast: Cast, city: Receiver, hotline: Platform) -> None:
    city.answer = lambda got: (400 if got.path.endswith("received") else 200, {}, b'{"success": true}')
    hotline.send("orders", order())
    settle()
    case = Case.objects.get()
    verbs.accept_case(case=case, by=cast.lead, at=case.reported_at)
    hear()
    settle()
    assert told(city) == ["received"]
    actions.pass_over_message(
        message=Outbound.objects.order_by("pk")[0], reason="对方不收", by=cast.street, at=timezone.now()
    )
    settle()
    assert told(city) == ["received", "sign-in"]


def test_extensions_are_asked_for_and_answered(cast: Cast, city: Receiver, hotline: Platform) -> None:
    cast.category.change(tier="C")
    hotline.send("orders", order())
    settle()
    case = Case.objects.get()
    at = case.reported_at
    verbs.accept_case(case=case, by=cast.street, at=at)
    verbs.dispatch_case(case=case, unit=cast.unit.pk, by=cast.street, at=at)
    verbs.sign_in_case(case=case, by=cast.unit_staff, at=at)
    verbs.ask(case=case, kind="extension", reason="等材料", value=2, unit="work_day", by=cast.unit_staff, at=at)
    hear()
    settle()
    body = said(city.got[-1])
    assert (told(city)[-1], body["value"], body["unit"], body["reason"]) == ("extension", "2", "work_day", "等材料")
    answer = {
        "order_no": "12345-1",
        "about": "extension",
        "accepted": True,
        "note": "同意",
        "deadline": "2026-12-09T18:00:00+08:00",
    }
    hotline.send("answers", answer)
    settle()
    row = PartnerOrder.objects.get()
    assert row.deadline == dt.datetime.fromisoformat("2026-12-09T18:00:00+08:00")
    hear()
    settle()
    # Its own deadline moved. Ours is decided here, by the rung above the unit.
    waiting = case.applications.get()
    assert (told(city)[-1], waiting.state, row.case.extended) == ("extension", "pending", 0)
    # Where the profile says that the platform is who decides, its answer is the decision.
    partner = hotline.partner
    actions.change_partner(
        partner=partner, profile={**partner.profile, "decides": ["extension"]}, by=partner.made_by, at=at
    )
    hotline.send("answers", answer | {"note": "同意延期"})
    settle()
    hear()
    settle()
    waiting.refresh_from_db()
    assert (told(city)[-1], waiting.state, waiting.decided_by) == ("extended", "approved", partner.account)


def test_a_return_that_is_refused_becomes_a_case_again(cast: Cast, city: Receiver, hotline: Platform) -> None:
    hotline.send("orders", order())
    settle()
    first = Case.objects.get()
    verbs.reject_case(case=first, reason="not_in_scope", note="不属本街道", by=cast.street, at=first.reported_at)
    hear()
    settle()
    assert (told(city)[-1], said(city.got[-1])["reason"]) == ("return", "not_in_scope")
    hotline.send("answers", {"order_no": "12345-1", "about": "return", "accepted": False, "note": "请继续办理"})
    settle()
    second = Case.objects.exclude(pk=first.pk).get()
    assert (second.state, PartnerOrder.objects.get().case) == ("submitted", second)
    hear()
    settle()
    assert said(city.got[-1])["case_no"] == second.no


def test_the_grid_calls_the_hotline(cast: Cast, city: Receiver, hotline: Platform) -> None:
    """网格呼叫: up as an order of ours, under their number from then on, and its state comes back."""
    city.answer = lambda _got: (200, {}, b'{"success": true, "data": {"order_no": "12345-777"}}')
    report = verbs.Report(category="0602", text="路灯不亮,电话13800001234", grid=cast.place.micros[0].code)
    case = verbs.report_case(report=report, by=cast.worker, at=timezone.now())
    due = case.due_at
    for person in (cast.worker, cast.lead, cast.unit_staff):
        with pytest.raises(Exception, match=r".+"):
            actions.pass_up(case=case, partner=hotline.partner, reason="需市级协调", by=person, at=timezone.now())
    with pytest.raises(Case.DoesNotExist):
        actions.pass_up(case=case, partner=hotline.partner, reason="需市级协调", by=cast.outsider, at=timezone.now())
    actions.pass_up(case=case, partner=hotline.partner, reason="需市级协调", by=cast.street, at=timezone.now())
    settle()
    body = said(city.got[0])
    assert (city.got[0].path, body["reference"], body["reason"]) == ("/orders", case.no, "需市级协调")
    assert (body["content"], body["category_code"]) == ("路灯不亮,电话138****1234", "0602")
    row = PartnerOrder.objects.get()
    assert (row.number, row.ours, row.case) == ("12345-777", True, case)
    hotline.send("status", {"order_no": "12345-777", "status": "已派市照明中心", "note": "三日内修复"})
    settle()
    row.refresh_from_db()
    assert (row.status, row.words) == ("已派市照明中心", "三日内修复")
    assert Case.objects.get().due_at == due  # our clock runs on
    with pytest.raises(Exception, match=r".+"):
        actions.pass_up(case=case, partner=hotline.partner, reason="再来一次", by=cast.street, at=timezone.now())
    hear()
    settle()
    assert len(city.got) == 1  # of our own request nothing more is told


def test_the_second_platform_hears_in_its_own_words(cast: Cast, city: Receiver) -> None:
    platform = Platform(make_partner(cast, "city_management", address=city.url))
    city.answer = lambda _got: (200, {}, b'{"head": {"resultCode": "0"}}')
    record = {"taskNum": "CG-1", "eventDesc": "垃圾", "subTypeCode": "0602"}
    platform.partner.codes.create(table="category", theirs="0602", ours="0602")
    body = {
        "head": {"msgType": "TASK_DISPATCH"},
        "data": {"recordInfo": record, "location": {"cellCode": cast.place.micros[0].code}},
    }
    platform.send("case", body)
    settle()
    case = Case.objects.get()
    through(cast, case, case.reported_at + MINUTE)
    hear()
    settle()
    kinds = [said(got)["head"]["msgType"] for got in city.got]
    assert kinds == ["TASK_SIGN", "TASK_PROCESS", "TASK_PROCESS", "TASK_VISIT", "TASK_FINISH"]
    last = said(city.got[-1])["data"]
    assert (last["taskNum"], last["disposeDesc"], last["disposeResult"]) == ("CG-1", "纸箱已清走。", "1")
    assert len(last["finishTime"]) == len("2026-11-21 09:00:00")
    assert "x-ca-signature" in city.got[0].headers
