"""What a telephone carries without a network: the bare facts of the own orders, and nothing about anybody (docs/adr/0010)."""

import datetime as dt
import json
from dataclasses import fields
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from cases import actions
from cases.actions import Report
from cases.models import Case
from cases.reports.carried import COLUMNS, CarriedOrder, carried_orders
from tests.factories import Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
URL = "/m/carried/orders/"
# Everything that somebody said, or that leads to somebody.
TELLING = ("赵六", "13812345678", "三单元", "钱七家", "孙八")


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def sent(cast: Cast) -> Case:
    """A case full of people, in the worker's hands."""
    now = timezone.now()
    asked = Report(
        category=cast.category.code, text="钱七家漏水到三单元", place="三单元 钱七家", grid=cast.place.micros[0].code,
        reporter_name="赵六", reporter_phone="13812345678",
    )  # fmt: skip
    case = actions.report_case(report=asked, by=cast.street, at=now)
    actions.accept_case(case=case, by=cast.lead, at=now)
    actions.dispatch_case(case=case, grid=cast.place.micros[0].code, note="找孙八", by=cast.lead, at=now)
    case.refresh_from_db()
    return case


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(user)
    return client


def test_only_what_is_on_the_list_is_told(cast: Cast) -> None:
    case = sent(cast)
    told = signed_in(cast.worker).get(URL)
    assert told["Cache-Control"] == "no-store"
    found = told.json()
    assert found.keys() == {"user", "at", "hours", "orders"}
    (order,) = found["orders"]
    clock = case.deadlines.running().order_by("due_at")[0]
    assert order == {
        "id": case.pk, "no": case.no, "category": case.category.label, "where": cast.place.comprehensives[0].name,
        "state": "待签收", "urgent": False, "near": int((clock.started_at + (clock.due_at - clock.started_at) * 0.8).timestamp() * 1000),
        "due": int(clock.due_at.timestamp() * 1000), "photo": False, "seen": 3, "moves": ["sign-in", "progress", "complete"],
    }  # fmt: skip
    words = json.dumps(found, ensure_ascii=False)
    assert [word for word in (*TELLING, case.text, case.place, case.title) if word in words] == []


def test_the_list_is_short_and_nothing_else_is_read(cast: Cast) -> None:
    """Whoever adds a field or a column here has to say why in docs/adr/0010."""
    assert [field.name for field in fields(CarriedOrder)] == [
        "id", "no", "category", "where", "state", "urgent", "near", "due", "photo", "seen", "moves",
    ]  # fmt: skip
    assert {name for name in COLUMNS if "__" not in name} == {"no", "state", "urgency", "due_at"}
    assert {name for name in COLUMNS if "__" in name} == {
        "category__code", "category__name", "category__name_en", "category__needs_photo", "grid__name", "comprehensive__name",
    }  # fmt: skip
    sent(cast)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        carried_orders(cast.worker, timezone.now())
    columns = [f'"cases_case"."{name}"' for name in ("text", "place", "title", "lng", "result", "reply")]
    columns += [f'"cases_reporter"."{name}"' for name in ("name", "phone")]
    assert [column for column in columns for query in asked if column in query["sql"]] == []


def test_its_page_says_nothing_about_anybody(cast: Cast) -> None:
    case = sent(cast)
    page = signed_in(cast.worker).get("/m/carried/")
    words = page.content.decode()
    assert page["X-Offline"] == "shell"
    assert [word for word in (*TELLING, case.no, cast.worker.full_name) if word in words] == []


def test_only_the_own_orders(cast: Cast) -> None:
    sent(cast)
    for user in (cast.other_worker, cast.lead, cast.street, cast.outsider, cast.unit_staff):
        assert signed_in(user).get(URL).json()["orders"] == [], user.role
    assert signed_in(make_user("auditor")).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302
    assert Client().get(URL, headers={"Accept": "application/json"}).status_code == 401


def test_an_office_that_lets_phones_carry_nothing(cast: Cast, settings: Any) -> None:
    sent(cast)
    settings.PHONE_CARRIES_HOURS = 0
    client = signed_in(cast.worker)
    found = client.get(URL).json()
    assert (found["hours"], found["orders"]) == (0, [])
    assert "data-carried-from" not in client.get("/m/").content.decode()
    assert "data-carry" not in client.get("/m/me/").content.decode()


def test_it_costs_the_same_however_many(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            found = carried_orders(User.objects.get(pk=cast.worker.pk), timezone.now())
        assert len(found) == Case.objects.count()
        return len(asked)

    sent(cast)
    one = queries()
    sent(cast)
    sent(cast)
    assert queries() == one


def test_who_comes_too_late_is_told(cast: Cast) -> None:
    """Written down without a network, and meanwhile the order went elsewhere."""
    case, client = sent(cast), signed_in(cast.worker)
    (order,) = client.get(URL).json()["orders"]
    actions.sign_in_case(case=case, by=cast.worker, at=timezone.now())
    later = timezone.now() + dt.timedelta(minutes=1)
    actions.reassign_case(case=case, unit=cast.unit.pk, reason="改派", by=cast.lead, at=later)
    headers = {"Accept": "application/json", "Idempotency-Key": "carried-0001"}
    given = {"result": "好了", "outcome": "solved", "seen": order["seen"]}
    told = client.post(f"/m/cases/{case.pk}/do/complete/", given, headers=headers)
    assert (told.status_code, bool(told.json()["errors"][0]["detail"])) == (409, True)
    case.refresh_from_db()
    assert (case.state, case.result) == ("dispatched", "")
