"""Nobody but the worker sees a trail: endpoint by endpoint, page by page."""

import datetime as dt
import json

import pytest
from django.test import Client

from accounts.models import User
from fieldwork import actions
from fieldwork.actions import Reading
from fieldwork.models import Patrol, TrailLook, TrailPoint
from gridgov.core.models import KeptAnswer, Record
from tests.factories import MONDAY, Cast, make_cast, make_user
from tests.openapi import client_of

pytestmark = pytest.mark.django_db
API = "/api/v1/patrols/"
LNG = 115.031234


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def patrol(cast: Cast) -> Patrol:
    row = actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=MONDAY)
    reading = Reading(MONDAY + dt.timedelta(minutes=5), LNG, 35.76)
    actions.add_points(patrol=row, readings=[reading], by=cast.worker, at=MONDAY + dt.timedelta(minutes=5))
    return actions.stop_patrol(patrol=row, by=cast.worker, at=MONDAY + dt.timedelta(minutes=30))


def others(cast: Cast) -> list[User]:
    hands = [make_user(role) for role in ("system_admin", "security_admin", "auditor")]
    return [cast.street, cast.total_lead, cast.lead, cast.other_worker, cast.unit_staff, cast.outsider, *hands]


def test_no_answer_of_the_api_shows_a_place(cast: Cast, patrol: Patrol) -> None:
    for user in others(cast):
        client = client_of(user)
        for url in (API, f"{API}{patrol.pk}/", f"{API}{patrol.pk}/trail/"):
            answer = client.get(url)
            assert str(LNG) not in answer.content.decode(), (user.role, url)
        assert client.get(f"{API}{patrol.pk}/trail/").status_code in {403, 404}, user.role
    own = client_of(cast.worker).get(f"{API}{patrol.pk}/trail/")
    assert own.json()["points"][0]["lng"] == LNG and own["Cache-Control"] == "no-store"


def test_leads_and_street_see_start_stop_and_minutes(cast: Cast, patrol: Patrol) -> None:
    for user in (cast.street, cast.total_lead, cast.lead):
        (row,) = client_of(user).get(API).json()["results"]
        assert (row["worker"], row["minutes"], row["ending"]) == (cast.worker.full_name, 30, "self")
        assert "points" not in row and "lng" not in json.dumps(row) and "seen_at" not in row
    assert client_of(cast.other_worker).get(API).json()["results"] == []


def test_no_page_of_the_phone_shows_anothers_trail(cast: Cast, patrol: Patrol) -> None:
    pages = (
        f"/m/field/patrol/{patrol.pk}/", f"/m/field/patrol/{patrol.pk}/line/", "/m/field/", "/m/field/patrol/",
    )  # fmt: skip
    for user in others(cast):
        client = Client()
        client.force_login(user)
        for url in pages:
            answer = client.get(url)
            assert "data-way" not in answer.content.decode(), (user.role, url)
            if str(patrol.pk) in url:
                assert answer.status_code in {403, 404}, (user.role, url)
        stop = client.post(f"/m/field/patrol/{patrol.pk}/stop/")
        assert stop.status_code in {403, 404}, user.role
    client = Client()
    client.force_login(cast.worker)
    page = client.get(pages[0])
    assert page.status_code == 200 and "data-way" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_only_the_street_reveals_with_a_reason(cast: Cast, patrol: Patrol) -> None:
    url, reason = f"{API}{patrol.pk}/reveal/", {"reason": "核实到岗情况"}
    before = Record.objects.count()
    for user in others(cast)[1:]:
        assert client_of(user).post(url, reason).status_code in {403, 404}, user.role
    assert client_of(cast.street).post(url, {"reason": "x"}).status_code == 400
    assert (TrailLook.objects.count(), Record.objects.count()) == (0, before)
    answer = client_of(cast.street).post(url, reason, headers={"Idempotency-Key": "a-key-of-mine"})
    assert [point["lng"] for point in answer.json()["points"]] == [LNG]
    assert not KeptAnswer.objects.exists(), "what may not be stored is not kept under a key"
    looks = client_of(cast.worker).get(f"{API}{patrol.pk}/trail/").json()["looks"]
    assert [(look["by"], look["reason"]) for look in looks] == [(cast.street.full_name, "核实到岗情况")]


def test_no_record_holds_a_place(cast: Cast, patrol: Patrol) -> None:
    client_of(cast.street).post(f"{API}{patrol.pk}/reveal/", {"reason": "核实到岗情况"})
    assert TrailPoint.objects.count() == 1
    assert not any(str(LNG)[:6] in json.dumps(data) for data in Record.objects.values_list("data", flat=True))


def test_an_anonymous_word_leaves_no_key(cast: Cast) -> None:
    said = {"words": "重复填表", "anonymous": True}
    answer = client_of(cast.worker).post("/api/v1/needless-work/", said, headers={"Idempotency-Key": "a-key-of-mine"})
    assert answer.status_code == 204
    assert not KeptAnswer.objects.exists()
    (row,) = client_of(cast.street).get("/api/v1/needless-work/").json()["results"]
    assert (row["said_by"], row["words"]) == (None, "重复填表")
    assert client_of(cast.worker).get("/api/v1/needless-work/").json()["results"] == []


def test_colleagues_read_the_answer_and_not_who_asked(cast: Cast) -> None:
    row = actions.say_needless(street=cast.place.street, words="重复填表", by=cast.worker, at=MONDAY)
    actions.answer_needless(said=row, answer="取消", by=cast.street, at=MONDAY)
    named = {
        user.username: client_of(user).get("/api/v1/needless-work/").json()["results"][0]["said_by"]
        for user in (cast.street, cast.worker, cast.lead, cast.other_worker)
    }
    assert named == {
        cast.street.username: cast.worker.full_name, cast.worker.username: cast.worker.full_name,
        cast.lead.username: None, cast.other_worker.username: None,
    }  # fmt: skip
