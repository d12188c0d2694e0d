"""What a city's hotline sends becomes cases, once each; what can't be done is put aside with its reason."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import integrations
from cases import actions as verbs
from cases.models import Case, Reporter
from gridgov.core.errors import Forbidden
from gridgov.core.models import Record
from integrations.actions import hotline as actions
from integrations.choices.hotline import InboundState
from integrations.models import Inbound, PartnerCode, PartnerOrder
from tests.factories import Cast, entrust, make_cast, make_category, make_user
from tests.factories import at as moment
from tests.integrations.platforms import Platform, make_partner, order, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def hotline(cast: Cast) -> Platform:
    return Platform(make_partner(cast))


def states() -> list[str]:
    return list(Inbound.objects.order_by("pk").values_list("state", flat=True))


def test_an_order_becomes_a_case_with_its_reporter_and_both_deadlines(cast: Cast, hotline: Platform) -> None:
    answer = hotline.send("orders", order())
    assert (answer.status_code, answer.json()["data"]) == (200, {"order_no": "12345-1", "state": "waiting"})
    assert not Case.objects.exists()  # kept first
    settle()
    case = Case.objects.get()
    assert (case.channel, case.text, case.category.code) == ("hotline_12345", "楼道里堆了很多纸箱。", "0602")
    assert (case.grid, case.reported_by) == (cast.place.micros[0], cast.street)
    assert (case.reporter.name, case.reporter.phone, case.reporter.anonymous) == ("李小明", "13800001234", False)
    row = PartnerOrder.objects.get()
    assert (row.case, row.version, row.request) == (case, 1, "complaint")
    assert row.deadline == moment("2026-12-04 18:00")
    assert case.deadlines.count() == 1  # our own response clock, by our own rule
    assert states() == [InboundState.DONE]


def test_the_same_again_and_older_ones_change_nothing(hotline: Platform) -> None:
    hotline.send("orders", order(version=3))
    assert hotline.send("orders", order(version=3)).json()["data"]["state"] == "repeated"
    hotline.send("orders", order(version=2, content="早一些的说法", deadline="2026-12-01T18:00:00+08:00"))
    settle()
    case = Case.objects.get()
    records = Record.objects.count()
    hotline.send("orders", order(version=1, content="更早的说法"))
    settle()
    assert states() == [InboundState.DONE, InboundState.REPEATED, InboundState.OUTDATED, InboundState.OUTDATED]
    assert PartnerOrder.objects.get().deadline == moment("2026-12-04 18:00")
    assert (Case.objects.get().version, Record.objects.count()) == (case.version, records)


def test_a_newer_version_stands_beside_the_case_and_is_told(cast: Cast, hotline: Platform) -> None:
    hotline.send("orders", order())
    settle()
    case = Case.objects.get()
    hotline.send("orders", order(version=2, content="又加了一堆,电话13911112222", deadline="2026-12-02T18:00:00+08:00"))
    settle()
    row = PartnerOrder.objects.get()
    assert (row.words, row.deadline) == ("又加了一堆,电话139****2222", moment("2026-12-02 18:00"))
    assert Case.objects.get().text == case.text
    assert [line.params["no"] for line in cast.lead.notices.filter(key__startswith="partner:")] == [case.no]
    page = _desk(cast.street).get(f"/admin/cases/case/{case.pk}/change/").content.decode()
    assert "139****2222" in page and "12-02 18:00" in page


BROKEN = [
    ({"category_code": "9999"}, "unknown_category"),
    ({"category_code": ""}, "unknown_category"),
    ({"content": "  "}, "invalid"),
    ({"content": {"not": "text"}}, "bad_field"),
    ({"content": "长" * 2001}, "bad_field"),
    ({"deadline": "next week"}, "bad_field"),
    ({"deadline": "0001-01-01T00:00:00+14:00"}, "bad_field"),
    ({"version": "NaN"}, "bad_field"),
    ({"version": 10**400}, "bad_field"),
    ({"urgency": "very"}, "unmapped"),
    ({"request_type": "song"}, "unmapped"),
    ({"lead_unit": "D-17"}, "unmapped"),
    ({"grid_code": "", "area_code": ""}, "no_place"),
    ({"grid_code": "123"}, "unknown_grid"),
    ({"grid_code": "990101002001001001"}, "outside"),
    ({"grid_code": "", "lng": 10.0, "lat": 10.0}, "outside"),
    ({"lng": "east", "lat": 1}, "bad_field"),
]


@pytest.mark.parametrize(("values", "fault"), BROKEN)
def test_what_is_broken_waits_with_its_reason(hotline: Platform, values: dict[str, Any], fault: str) -> None:
    assert hotline.send("orders", order(**values)).status_code == 200
    settle()
    row = Inbound.objects.get()
    assert (row.state, row.fault) == (InboundState.REVIEW, fault)
    assert row.reason
    assert not Case.objects.exists() and not Reporter.objects.exists()


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"[1, 2]", b'"text"', b"[" * 90_000, b'{"order_no": ""}', b"\xff\xfe{}", b'{"order_no": {}}'],
)
def test_what_nobody_can_read_is_kept_as_it_came(cast: Cast, hotline: Platform, body: bytes) -> None:
    assert hotline.send("orders", body).status_code == 200
    settle()
    row = Inbound.objects.get()
    assert (row.state, row.order) == (InboundState.REVIEW, None)
    seen = actions.read_message(message=row, reason="核对来文", by=entrust(cast.street), at=row.received_at)
    assert seen == body.decode("utf-8", "replace")


def test_bodies_are_sealed(hotline: Platform) -> None:
    hotline.send("orders", order())
    row = Inbound.objects.get()
    assert "13800001234" not in row.body and "order_no" not in row.body


def test_mapping_a_code_takes_all_that_waited_for_it(cast: Cast, hotline: Platform) -> None:
    for number in range(3):
        hotline.send("orders", order(f"N{number}", urgency="特急"))
    hotline.send("orders", order("N9", urgency="缓"))
    settle()
    assert states() == [InboundState.REVIEW] * 4
    code = PartnerCode.objects.get(theirs="特急")
    assert code.messages.count() == 3
    actions.map_code(code=code, ours="urgent", by=cast.street, at=moment("2026-11-21 09:00"))
    settle()
    assert states() == [InboundState.DONE] * 3 + [InboundState.REVIEW]
    assert set(Case.objects.values_list("urgency", flat=True)) == {"urgent"}


def test_a_code_can_only_mean_what_there_is(cast: Cast, hotline: Platform) -> None:
    hotline.send("orders", order(urgency="特急"))
    settle()
    code = PartnerCode.objects.get()
    with pytest.raises(Exception, match="very"):
        actions.map_code(code=code, ours="very", by=cast.street, at=moment("2026-11-21 09:00"))
    code.refresh_from_db()
    assert (code.ours, states()) == ("", [InboundState.REVIEW])


def test_a_mended_message_is_replayed_by_hand(cast: Cast, hotline: Platform) -> None:
    hotline.send("orders", order(category_code="0777"))
    settle()
    make_category("0777")
    actions.replay_message(message=Inbound.objects.get(), by=cast.street, at=moment("2026-11-21 09:00"))
    settle()
    assert (states(), Case.objects.get().category.code) == ([InboundState.DONE], "0777")


def test_a_better_version_overtakes_what_waits(cast: Cast, hotline: Platform) -> None:
    hotline.send("orders", order(version=1, content=""))
    hotline.send("orders", order(version=2))
    settle()
    assert states() == [InboundState.REVIEW, InboundState.DONE]
    actions.replay_message(message=Inbound.objects.order_by("pk")[0], by=cast.street, at=moment("2026-11-21 09:00"))
    settle()
    assert (states(), Case.objects.count()) == ([InboundState.OUTDATED, InboundState.DONE], 1)


def test_a_confidential_caller_is_nowhere_but_in_the_sealed_message(cast: Cast, hotline: Platform) -> None:
    caller = {"name": "李小明", "phone": "13800001234", "confidential": True}
    words = {"content": "我是李小明(13800001234),请为我保密。", "title": "李小明投诉", "address": "李小明家楼下"}
    hotline.send("orders", order(caller=caller, **words))
    settle()
    case = Case.objects.get()
    assert (case.reporter.name, case.reporter.phone, case.reporter.confidential) == ("", "", True)
    assert (case.text, case.title, case.place) == ("我是***(***********),请为我保密。", "***投诉", "***家楼下")
    dumped = json.dumps(
        [list(Record.objects.values_list("data", flat=True)), list(PartnerOrder.objects.values())], default=str
    )
    assert "李小明" not in dumped and "13800001234" not in dumped
    row = PartnerOrder.objects.get()
    given: Any = {"order": row, "reason": "回访", "at": case.reported_at}
    for person in (cast.unit_staff, cast.worker, cast.lead, cast.outsider, cast.street):
        with pytest.raises((Forbidden, PartnerOrder.DoesNotExist)):
            actions.reveal_caller(**given, by=person)
    with pytest.raises(Forbidden):
        actions.read_message(
            message=Inbound.objects.get(), reason="核对", by=cast.street, at=moment("2026-11-21 09:00")
        )
    assert not Record.objects.filter(verb__in=["integrations.caller_revealed", "integrations.message_read"]).exists()
    seen = actions.reveal_caller(**given, by=entrust(cast.street))
    assert (seen["name"], seen["phone"]) == ("李小明", "13800001234")
    assert Record.objects.filter(verb="integrations.caller_revealed").count() == 1


# --- who may send ----------------------------------------------------------------------------------------------------


def _nothing() -> tuple[int, int, int]:
    return (
        Inbound.objects.count(),
        PartnerOrder.objects.count(),
        Record.objects.filter(verb__startswith="integrations.m").count(),
    )


def test_what_is_not_signed_as_it_must_be_is_kept_nowhere(cast: Cast, hotline: Platform) -> None:
    other = Platform(make_partner(cast, code="other"), secret="another secret of another")
    now = time.time()
    tries = {
        "bad_signature": Platform(hotline.partner, secret="guessed guessed guessed").send("orders", order()),
        "late": hotline.send("orders", order(), at=now - 301),
        "late ": hotline.send("orders", order(), at=now + 330),
        "not_signed": Client().post("/exchange/hotline-12345/orders", order(), content_type="application/json"),
        "bad_nonce": hotline.send("orders", order(), nonce="short"),
        "bad_signature ": Platform(hotline.partner, secret=other.secret).send("orders", order()),
    }
    assert {name: (answer.status_code, answer.json()["code"]) for name, answer in tries.items()} == {
        name: (403, name.strip()) for name in tries
    }
    assert _nothing() == (0, 0, 0)


def test_a_nonce_lets_in_once(hotline: Platform) -> None:
    assert hotline.send("orders", order(), nonce="n" * 16).status_code == 200
    before = _nothing()
    answer = hotline.send("orders", order("12345-2"), nonce="n" * 16)
    assert (answer.status_code, answer.json()["code"]) == (403, "replayed")
    assert _nothing() == before


def test_a_message_signed_for_one_partner_is_nothing_at_another(cast: Cast, hotline: Platform) -> None:
    second = make_partner(cast, code="second")
    keeper = second.made_by
    actions.set_partner_secret(partner=second, secret="its own secret of its own", by=keeper, at=second.made_at)
    second.refresh_from_db()
    answer = Platform(second).send("orders", order())
    assert answer.status_code == 200  # the old one is good for two days …
    Inbound.objects.all().delete()
    actions.set_partner_secret(partner=second, secret="and another one after it", by=keeper, at=second.made_at)
    assert Platform(second).send("orders", order()).status_code == 403  # … the one before it no more


def test_only_from_where_it_said(cast: Cast) -> None:
    platform = Platform(make_partner(cast, sources=["10.20.0.0/16", "2001:db8::/32"]))
    assert platform.send("orders", order()).json()["code"] == "bad_source"
    platform.client = Client(REMOTE_ADDR="10.20.3.4")
    assert platform.send("orders", order()).status_code == 200
    platform.client = Client(REMOTE_ADDR="2001:db8:1:2:3:4:5:6")
    assert platform.send("orders", order("2")).status_code == 200


def test_nobody_finds_what_is_not_there(cast: Cast, hotline: Platform) -> None:
    for path in ("/exchange/nobody/orders", "/exchange/hotline-12345/songs", "/exchange/hotline-12345/%00"):
        assert Client().post(path, order(), content_type="application/json").status_code == 404
    assert Client().get("/exchange/hotline-12345/orders").status_code == 405
    actions.switch_partner(
        partner=hotline.partner, active=False, by=hotline.partner.made_by, at=hotline.partner.made_at
    )
    assert hotline.send("orders", order()).status_code == 404
    assert hotline.send("orders", b"x" * (256 * 1024 + 1)).status_code == 404


def test_too_much_is_refused(hotline: Platform) -> None:
    answer = hotline.send("orders", b"x" * (256 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"], _nothing()) == (400, "too_large", (0, 0, 0))


# --- urging and recalling --------------------------------------------------------------------------------------------


def test_an_urging_before_its_order_waits_for_it_and_reminds_who_has_the_case(cast: Cast, hotline: Platform) -> None:
    hotline.send("urges", {"order_no": "12345-1", "content": "市民再次来电"})
    settle()
    assert states() == [InboundState.HELD]
    hotline.send("orders", order())
    settle()
    assert states() == [InboundState.DONE, InboundState.DONE]
    # Nobody had an order yet: it stands in the record of the partner's order.
    assert Record.objects.get(verb="integrations.order_urged").data["refused"] == "no_order"
    case = Case.objects.get()
    when = case.reported_at
    verbs.accept_case(case=case, by=cast.lead, at=when)
    verbs.dispatch_case(case=case, unit=cast.unit.pk, by=cast.lead, at=when)
    hotline.send("urges", {"order_no": "12345-1", "content": "市民又来电"})
    settle()
    assert Case.objects.get().urged == 1
    assert cast.unit_staff.notices.filter(kind="urge").count() == 1


def test_a_recall_before_acceptance_ends_the_case_as_withdrawn(hotline: Platform) -> None:
    hotline.send("orders", order())
    settle()
    hotline.send("recalls", {"order_no": "12345-1", "reason": "重复派单"})
    settle()
    case = Case.objects.get()
    assert (case.state, case.reject_reason) == ("rejected", "withdrawn")


def test_a_recall_after_acceptance_asks_for_voiding(cast: Cast, hotline: Platform) -> None:
    hotline.send("orders", order())
    settle()
    verbs.accept_case(case=Case.objects.get(), by=cast.lead, at=Case.objects.get().reported_at)
    hotline.send("recalls", {"order_no": "12345-1", "reason": "重复派单"})
    settle()
    case = Case.objects.get()
    assert (case.state, case.applications.get().kind) == ("accepted", "voiding")


def test_a_recall_before_its_order_lets_no_case_arise(hotline: Platform) -> None:
    hotline.send("recalls", {"order_no": "12345-1", "reason": "错派"})
    hotline.send("orders", order())
    settle()
    assert states() == [InboundState.DONE, InboundState.OUTDATED]
    assert not Case.objects.exists()


def test_a_duplicate_is_suggested_for_merging(cast: Cast, hotline: Platform) -> None:
    hotline.send("orders", order("A"))
    hotline.send("orders", order("B", duplicate_of="A"))
    settle()
    first, second = Case.objects.order_by("pk")
    page = _desk(cast.street).get(f"/admin/cases/case/{second.pk}/change/").content.decode()
    assert f"/do/merge/?leading={first.no}" in page


# --- the second platform, by configuration only ----------------------------------------------------------------------


def task(number: str = "CG-1", **record: Any) -> dict[str, Any]:
    return {
        "head": {"msgType": "TASK_DISPATCH", "seq": 1},
        "data": {
            "recordInfo": {"taskNum": number, "eventTitle": "暴露垃圾", "eventDesc": "路边有一堆垃圾", "findTime": "2026-11-21 09:20:00",
                           "subTypeCode": "0601", "levelCode": "2", "sourceCode": "02", **record},
            "reporter": {"reporterName": "王五", "telephone": "13900005678", "secretFlag": "1"},
            "location": {"address": "示例街", "cellCode": "990101001001001001"},
            "dispatch": {"disposeDeadline": "2026-11-23 18:00:00"},
        },
    }  # fmt: skip


def test_the_second_platform_comes_in_by_its_profile_alone(cast: Cast) -> None:
    make_category("0301")
    platform = Platform(make_partner(cast, "city_management"))
    answer = platform.send("case", task())
    assert answer.json() == {
        "head": {"resultCode": "0", "resultMsg": "来文已收存。"},
        "data": {"taskNum": "CG-1", "dealState": "waiting"},
    }
    settle()
    case, row = Case.objects.get(), PartnerOrder.objects.get()
    assert (case.category.code, case.urgency, case.channel, case.place) == ("0301", "urgent", "platform", "示例街")
    assert (row.request, row.deadline, row.confidential) == ("complaint", moment("2026-11-23 18:00"), True)
    assert case.occurred_at == moment("2026-11-21 09:20")
    platform.send("case", {"head": {"msgType": "TASK_CANCEL"}, "data": {"taskNum": "CG-1", "cancelReason": "误报"}})
    settle()
    assert Case.objects.get().state == "rejected"
    refused = Platform(platform.partner, secret="guessed guessed guessed").send("case", task())
    assert (refused.status_code, refused.json()["head"]["resultCode"]) == (200, "bad_signature")


def test_no_code_knows_a_partner() -> None:
    """Names of its fields, headers and messages stand in data only."""
    room = Path(integrations.__file__).parent
    text = "".join(path.read_text() for path in room.rglob("*.py") if "simulator" not in path.parts)
    for word in ("taskNum", "msgType", "city_management", "X-Ca-", "order_no", "X-Hotline", "callbacks/"):
        assert word not in text, word


def _desk(user: Any) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(user)
    return client


def test_who_has_nothing_to_do_with_it_sees_nothing(cast: Cast, hotline: Platform) -> None:
    hotline.send("orders", order(urgency="特急"))
    settle()
    rows = {
        "partner": hotline.partner.pk, "partnercode": PartnerCode.objects.get().pk, "partnerorder": PartnerOrder.objects.get().pk,
        "inbound": Inbound.objects.get().pk,
    }  # fmt: skip
    for name, pk in rows.items():
        assert _desk(cast.street).get(f"/admin/integrations/{name}/{pk}/change/").status_code == 200
        assert _desk(cast.outsider).get(f"/admin/integrations/{name}/{pk}/change/").status_code == 302
        assert _desk(cast.outsider).get(f"/admin/integrations/{name}/{pk}/do/replay/").status_code == 404
        for person in (cast.worker, cast.lead, cast.unit_staff, make_user("security_admin")):
            assert _desk(person).get(f"/admin/integrations/{name}/").status_code == 403
    assert _desk(cast.outsider).get(f"/admin/integrations/partner/{hotline.partner.pk}/codes.csv").status_code == 404
