"""The wall screen: its numbers are those of the workbench, it costs little, and no person or case is on it."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases.models import Case
from cases.reports.queues import waiting
from tests.cases.desk import desk, report, walk
from tests.factories import Cast, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
PAGE, DATA = "/admin/wall/", "/admin/wall/data/"
SECRETS = {
    "reporter_name": "王小明",
    "reporter_phone": "13912345678",
    "place": "三单元四零二",
    "text": "楼上王阿姨漏水",
}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast("B")
    for state in ("submitted", "accepted", "handling"):
        walk(cast, state, **SECRETS)
    for state in ("completed", "closed"):
        walk(cast, state)
    late = walk(cast, "handling")
    Case.objects.filter(pk=late.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
    return cast


def pages(user: User) -> list[dict[str, Any]]:
    answer = desk(user).get(DATA)
    assert answer.status_code == 200
    return answer.json()["pages"]


def test_the_numbers_are_those_of_the_workbench(cast: Cast) -> None:
    found = pages(cast.street)
    assert [page["kind"] for page in found] == ["tiles", "tiles", "table", "trend", "table"]
    near, late = (waiting(cast.street, name, timezone.now()).count() for name in ("near", "late"))
    values = [tile["value"] for tile in found[0]["tiles"]]
    assert values[:3] == [str(Case.objects.open().count()), str(near), str(late)]
    assert values[3:] == ["6", "2", "1"]
    (community,) = found[2]["rows"]
    assert [cell["text"] for cell in community["cells"]][:3] == values[:3]
    # By unit: the open cases that were sent to it; one of them is late.
    units = {row["label"]: [cell["text"] for cell in row["cells"]][:3] for row in found[4]["rows"]}
    assert units[cast.unit.name] == ["3", "0", "1"]
    assert sum(int(cells[0]) for cells in units.values()) == int(values[0])
    assert (len(found[3]["labels"]), found[3]["series"][0]["values"][-1]) == (30, 6)


def test_everybody_has_the_own_ground(cast: Cast) -> None:
    assert pages(cast.lead)[0]["tiles"][0]["value"] == "5"
    assert pages(cast.unit_staff)[0]["tiles"][0]["value"] == "3"
    assert pages(cast.outsider)[0]["tiles"][0]["value"] == "0"


def test_nobody_and_no_case_is_on_it(cast: Cast) -> None:
    said = json.dumps(pages(cast.street), ensure_ascii=False) + desk(cast.street).get(PAGE).content.decode()
    for case in Case.objects.all():
        for secret in (case.no, case.title, case.text, case.place):
            assert not secret or secret not in said
    names = [user.full_name for user in User.objects.exclude(full_name="")]
    assert [word for word in (*SECRETS.values(), *names, "139") if word in said] == []


def test_who_may_hang_it_up(cast: Cast) -> None:
    strangers = [cast.worker, make_user(Role.AUDITOR), make_user(Role.SYSTEM_ADMIN), make_user(Role.STREET)]
    for user in strangers:
        assert [desk(user).get(url).status_code for url in (PAGE, DATA)] == [403, 403], user.role
    assert desk(cast.street).get(PAGE).status_code == 200
    assert [desk(cast.street).post(url).status_code for url in (PAGE, DATA)] == [405, 405]


def test_what_has_not_changed_is_not_sent_again(cast: Cast) -> None:
    client = desk(cast.street)
    first = client.get(DATA)
    again = client.get(DATA, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    report(cast)
    changed = client.get(DATA, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_many_lines_make_many_pages(cast: Cast) -> None:
    for _number in range(9):
        case = walk(cast, "accepted")
        order = case.orders.create(unit=make_unit(), sent_by=cast.street, sent_at=timezone.now())
        Case.objects.filter(pk=case.pk).update(lead_order=order)
    found = [page for page in pages(cast.street) if page["kind"] == "table"][1:]
    assert [(page["part"], len(page["rows"])) for page in found] == [("1 / 2", 8), ("2 / 2", 3)]
    # What is overdue comes first.
    assert found[0]["rows"][0]["label"] == cast.unit.name


def test_it_costs_the_same_however_much_there_is(cast: Cast) -> None:
    client, counts = desk(cast.street), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            client.get(DATA)
        counts.append(len(caught))
        for _n in range(3):
            walk(cast, "handling")
    assert counts[0] == counts[1] <= 11
