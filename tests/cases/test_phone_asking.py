"""Applications on the telephone: decided and taken back by the right hands, once."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.choices import AskState
from cases.models import Application, Case
from gridgov.core.models import Record
from tests.cases.asking import approve, more
from tests.cases.desk import desk, walk
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def asked(cast: Cast) -> Application:
    return more(walk(cast, "handling"), cast.unit_staff, timezone.now())


def at(row: Application, verb: str) -> str:
    return reverse("m-application-do", args=[row.pk, verb])


def page_of(row: Application, user: User) -> str:
    return desk(user).get(reverse("m-case", args=[row.case_id])).content.decode()


def snapshot(row: Application) -> tuple[Any, ...]:
    row = Application.objects.get(pk=row.pk)
    return row.state, row.note, Case.objects.get(pk=row.case_id).due_at, Record.objects.count()


@pytest.mark.parametrize(
    ("verb", "who", "given", "end"),
    [
        ("approve", "total_lead", {"note": "同意"}, AskState.APPROVED),
        ("refuse", "total_lead", {"note": "人手够"}, AskState.REFUSED),
        ("withdraw", "unit_staff", {}, AskState.WITHDRAWN),
    ],
)
def test_the_right_hand_decides(cast: Cast, verb: str, who: str, given: dict[str, str], end: str) -> None:
    row, user = asked(cast), getattr(cast, who)
    assert at(row, verb) in page_of(row, user)
    assert desk(user).get(at(row, verb)).status_code == 200
    answer = desk(user).post(at(row, verb), given)
    assert (answer.status_code, answer["Location"]) == (302, reverse("m-case", args=[row.case_id]))
    row.refresh_from_db()
    assert (row.state, row.note) == (end, given.get("note", ""))
    assert at(row, verb) not in page_of(row, user)


@pytest.mark.parametrize(
    ("verb", "who", "status"),
    [
        ("approve", "unit_staff", 403), ("refuse", "unit_staff", 403), ("withdraw", "total_lead", 403),
        ("approve", "outsider", 404), ("refuse", "outsider", 404), ("withdraw", "outsider", 404),
        ("approve", "other_worker", 404), ("nothing", "total_lead", 404),
    ],
)  # fmt: skip
def test_wrong_hands_change_nothing(cast: Cast, verb: str, who: str, status: int) -> None:
    row, client = asked(cast), desk(getattr(cast, who))
    before = snapshot(row)
    assert client.get(at(row, verb)).status_code == status
    assert client.post(at(row, verb), {"note": "同意"}).status_code == status
    assert client.post(at(row, verb), {"note": "同意"}, **JSON).status_code == status
    assert snapshot(row) == before


def test_whoever_comes_second_is_told(cast: Cast) -> None:
    row, client = asked(cast), desk(cast.total_lead)
    approve(row, cast.street, timezone.now())
    before = snapshot(row)
    answer = client.post(at(row, "refuse"), {"note": "人手够"})
    assert answer.status_code == 409
    assert "人手够" in answer.content.decode()
    assert client.get(at(row, "refuse"))["Location"] == reverse("m-case", args=[row.case_id])
    assert snapshot(row) == before


def test_a_refusal_needs_its_reason(cast: Cast) -> None:
    row, client = asked(cast), desk(cast.total_lead)
    before = snapshot(row)
    answer = client.post(at(row, "refuse"), {"note": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["note"])
    assert snapshot(row) == before


def test_the_page_asks_no_more_for_many_applications(cast: Cast) -> None:
    counts = []
    case = asked(cast).case
    for _turn in range(2):
        client = desk(cast.total_lead)
        client.get(reverse("m-case", args=[case.pk]))
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("m-case", args=[case.pk]))
        counts.append(len(found))
        desk(cast.total_lead).post(at(Application.objects.latest("pk"), "refuse"), {"note": "不急"})
        more(case, cast.unit_staff, timezone.now(), value=1)
    assert counts[0] == counts[1]
