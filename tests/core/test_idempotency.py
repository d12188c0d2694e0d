"""The same request twice is one request, and its answer is the same."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from cases.models import Case
from gridgov.core import idempotency, leftovers
from gridgov.core.errors import Invalid, KeyReused
from gridgov.core.models import KeptAnswer, Record
from tests.cases.desk import report
from tests.factories import MONDAY, Cast, make_cast
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def key() -> str:
    return str(uuid.uuid4())


def test_a_report_sent_twice_is_one_case_and_one_answer(cast: Cast) -> None:
    client, given = client_of(cast.worker), {"category": "0602", "text": "井盖破损"}
    same = key()
    first = client.post(CASES, given, headers={"Idempotency-Key": same})
    again = client.post(CASES, given, headers={"Idempotency-Key": same})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Case.objects.count() == 1
    assert Record.objects.filter(verb="cases.reported").count() == 1


def test_without_a_key_two_are_two(cast: Cast) -> None:
    client, given = client_of(cast.worker), {"category": "0602", "text": "井盖破损"}
    assert [client.post(CASES, given).status_code for _n in range(2)] == [201, 201]
    assert Case.objects.count() == 2
    assert not KeptAnswer.objects.exists()


def test_a_key_is_of_one_request(cast: Cast) -> None:
    client, same = client_of(cast.worker), key()
    client.post(CASES, {"category": "0602", "text": "井盖破损"}, headers={"Idempotency-Key": same})
    other = client.post(CASES, {"category": "0602", "text": "路灯不亮"}, headers={"Idempotency-Key": same})
    assert other.status_code == 422
    assert other.json()["errors"][0]["code"] == "key_reused"
    assert Case.objects.get().text == "井盖破损"


def test_a_key_is_of_one_client(cast: Cast) -> None:
    same, given = key(), {"category": "0602", "text": "井盖破损"}
    for user in (cast.worker, cast.other_worker):
        assert client_of(user).post(CASES, given, headers={"Idempotency-Key": same}).status_code == 201
    assert Case.objects.count() == 2


def test_what_was_refused_may_be_mended_under_its_key(cast: Cast) -> None:
    client, same = client_of(cast.worker), key()
    refused = client.post(CASES, {"category": "9999", "text": "井盖破损"}, headers={"Idempotency-Key": same})
    assert (refused.status_code, KeptAnswer.objects.count()) == (400, 0)
    mended = client.post(CASES, {"category": "0602", "text": "井盖破损"}, headers={"Idempotency-Key": same})
    assert (mended.status_code, Case.objects.count()) == (201, 1)


def test_a_verb_too(cast: Cast) -> None:
    case, same = report(cast), key()
    client, url = client_of(cast.lead), f"{CASES}{case.pk}/accept/"
    first = client.post(url, {}, headers={"Idempotency-Key": same})
    again = client.post(url, {}, headers={"Idempotency-Key": same})
    assert (first.status_code, again.status_code, first.json()) == (200, 200, again.json())
    assert client.post(url, {}, headers={"Idempotency-Key": key()}).status_code == 409


def test_what_must_not_be_stored_is_not_kept(cast: Cast) -> None:
    case, same = report(cast, reporter_name="张三", reporter_phone="13800000001"), key()
    client, url = client_of(cast.lead), f"{CASES}{case.pk}/reveal/"
    for _n in range(2):
        answer = client.post(url, {"reason": "回访核实"}, headers={"Idempotency-Key": same})
        assert answer.json()["phone"] == "13800000001"
    assert not KeptAnswer.objects.exists()
    assert Record.objects.filter(verb="cases.revealed", subject_id=case.pk).count() == 2


@pytest.mark.parametrize("bad", ["short", "x" * 65, "钥匙钥匙钥匙钥匙", "with a space"])
def test_a_key_that_can_not_be(cast: Cast, bad: str) -> None:
    with pytest.raises(Invalid):
        idempotency.once(client="user:1", key=bad, asked="", act=lambda: idempotency.Reply(200, {}), at=MONDAY)
    assert not KeptAnswer.objects.exists()


def test_what_fails_half_way_leaves_nothing(cast: Cast) -> None:
    def act() -> idempotency.Reply:
        report(cast)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        idempotency.once(client="user:1", key=key(), asked="", act=act, at=MONDAY)
    assert (Case.objects.count(), KeptAnswer.objects.count()) == (0, 0)


def test_answers_are_kept_for_thirty_days(cast: Cast) -> None:
    now, same = timezone.now(), key()

    def send(at: dt.datetime, asked: str = "a") -> int:
        return idempotency.once(
            client="user:1", key=same, asked=asked, act=lambda: idempotency.Reply(201, {}), at=at
        ).status

    send(now)
    leftovers.tidy_answers([], now + dt.timedelta(days=30))
    with pytest.raises(KeyReused):
        send(now, "b")
    leftovers.tidy_answers([], now + dt.timedelta(days=31))
    assert send(now, "b") == 201
