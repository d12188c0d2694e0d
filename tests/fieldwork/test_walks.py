"""A patrol begun without a network: told of late, in any order, more than once, and decided by the house all the same."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fieldwork import actions, rules
from fieldwork.choices import ON_ITS_WAY, WALK_LATE
from fieldwork.models import Patrol, TrailPoint
from gridgov.core.models import Job, Record
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    """At whatever hour of the night this runs."""
    monkeypatch.setattr(rules, "PATROL_FROM", dt.time(0))
    monkeypatch.setattr(rules, "PATROL_UNTIL", dt.time(23, 59, 59, 999999))
    monkeypatch.setattr(rules, "night_of", lambda patrol: patrol.started_at + dt.timedelta(hours=16))
    return make_cast()


@pytest.fixture
def phone(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.worker)
    return client


class Told:
    """What a phone says of a walk that began three hours ago and lasted one."""

    def __init__(self, phone: Client) -> None:
        self.phone, self.key, self.now = phone, uuid.uuid4(), timezone.now()
        self.since, self.until = self.now - 3 * HOUR, self.now - 2 * HOUR

    def begins(self, **more: Any) -> Any:
        return self.send(f"begin-{self.key}", {"kind": "visit", "since": self.since.isoformat(), **more})

    def ends(self, **more: Any) -> Any:
        points = [
            {"at": (self.since + n * dt.timedelta(minutes=20)).isoformat(), "lng": 115.03, "lat": 35.76}
            for n in range(5)
        ]
        whole = {"kind": "visit", "since": self.since.isoformat(), "until": self.until.isoformat(), "note": "好"}
        return self.send(f"end-{self.key}", {**whole, "points": json.dumps(points), **more})

    def send(self, once: str, given: dict[str, Any]) -> Any:
        key = {**JSON, "Idempotency-Key": once}
        return self.phone.post(f"/m/field/walk/{self.key}/", given, headers=key)

    @property
    def whole(self) -> tuple[Any, ...]:
        """The one patrol there is, and how many of its five points lie in it."""
        row = Patrol.objects.get()
        return (
            row.started_at,
            row.ended_at,
            row.ending,
            row.kind,
            row.note,
            TrailPoint.objects.filter(patrol=row).count(),
        )


@pytest.mark.parametrize("order", ["be", "eb", "e", "bbe", "bee", "ebb"])
def test_one_patrol_in_whatever_order_it_is_told(phone: Client, order: str) -> None:
    told = Told(phone)
    for part in order:
        answer = told.begins() if part == "b" else told.ends()
        assert answer.status_code == 201, answer.content
    assert told.whole == (told.since, told.until, "self", "visit", "好", 4)
    assert answer.json()["url"] == f"/m/field/patrol/{Patrol.objects.get().pk}/"
    assert Record.objects.filter(verb="fieldwork.patrol_stopped").count() == 1
    assert not Job.objects.filter(kind="fieldwork.end_patrol", done_at=None).exists()


def test_the_house_waits_for_the_end_of_what_began_long_ago(phone: Client, cast: Cast) -> None:
    told = Told(phone)
    told.since, told.until = told.now - 7 * HOUR, told.now - HOUR
    told.begins()
    row = Patrol.objects.get()
    assert Job.objects.get(kind="fieldwork.end_patrol").due_at >= told.now + ON_ITS_WAY
    # The end comes later still, and the house has called it forgotten meanwhile.
    actions.end_forgotten(patrol=row.pk, by=cast.worker, at=told.now + HOUR)
    assert Patrol.objects.get().ending == "silent"
    told.ends()
    assert told.whole[:3] == (told.since, told.until, "self")
    assert told.whole[5] == 5


def test_another_patrol_runs_by_now(phone: Client, cast: Cast) -> None:
    """A whole one is taken beside it; a beginning waits no longer; two at the same time are one too many."""
    running = actions.start_patrol(grid=cast.place.micros[0], by=cast.worker, at=timezone.now())
    assert Told(phone).begins().json()["errors"][0]["code"] == "running"
    assert Told(phone).ends().status_code == 201
    again = Told(phone).ends()
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "walked")
    assert Patrol.objects.count() == 2 and Patrol.objects.get(pk=running.pk).ended_at is None


@pytest.mark.parametrize(
    ("given", "attr"),
    [
        ({"since": (timezone.now() - WALK_LATE - HOUR).isoformat()}, "since"),
        ({"since": (timezone.now() + HOUR).isoformat()}, "since"),
        ({"since": "9999-12-31T23:59:59Z"}, "since"),
        ({"since": ""}, "since"),
        ({"until": (timezone.now() + HOUR).isoformat()}, "until"),
        ({"until": (timezone.now() - 5 * HOUR).isoformat()}, "until"),
        ({"until": "²"}, "until"),
        ({"grid": "990101001001001002"}, "grid"),
        ({"kind": "x"}, "kind"),
        ({"note": "找13812345678"}, "note"),
        ({"points": "[1]"}, "points"),
        ({"points": '{"at": 1}'}, "points"),
        ({"points": "[" * 5000}, "points"),
        ({"points": '[{"at": "2026-01-01T00:00:00", "lng": 1, "lat": 1}]'}, "points"),
        ({"points": json.dumps([{"at": timezone.now().isoformat(), "lng": 1, "lat": 1}] * 1001)}, "points"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_and_nothing_is_kept(phone: Client, given: dict[str, str], attr: str) -> None:
    answer = Told(phone).ends(**given)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, attr)
    assert not Patrol.objects.exists() and not TrailPoint.objects.exists()
    assert not Record.objects.filter(verb__startswith="fieldwork.").exists()


def test_the_night_is_the_night(phone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PATROL_UNTIL", dt.time(0))
    assert Told(phone).ends().status_code == 409 and not Patrol.objects.exists()


def test_a_key_is_the_own_walkers(phone: Client, cast: Cast) -> None:
    """The same key from somebody else is another patrol, and nobody without a grid has one."""
    told = Told(phone)
    told.ends()
    told.phone = Client()
    told.phone.force_login(cast.other_worker)
    assert told.ends().status_code == 201
    assert sorted(Patrol.objects.values_list("user", flat=True)) == sorted([cast.worker.pk, cast.other_worker.pk])
    told.phone.force_login(cast.unit_staff)
    assert told.ends().status_code == 403
    assert Client().post(f"/m/field/walk/{told.key}/", headers=JSON).status_code == 401
    assert Patrol.objects.count() == 2


def test_its_page_says_nothing_about_anybody(phone: Client, cast: Cast) -> None:
    page = phone.get("/m/field/walk/")
    assert page["X-Offline"] == "shell"
    assert cast.worker.full_name not in page.content.decode()
    assert phone.get("/m/field/walk/x/").status_code == 404
