"""The matter list as a file: what is written is what is read, a check changes nothing, one faulty line stops all."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from cases import actions
from cases.forms.matter_sheet import COLUMNS, read_matters, template, write_matters
from cases.models import Category
from gridgov.core.errors import Forbidden
from gridgov.core.models import Record
from grids.choices import PostKind
from tests.cases.desk import desk, walk
from tests.factories import MONDAY, Cast, give, make_cast, make_client, make_user
from tests.openapi import CheckedClient, client_of

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/category/"
HEAD = [heading for heading, _more in COLUMNS.values()]
GROUP = {"编码": "12", "名称": "新大类", "领域": "平安建设"}
ITEM = {
    "编码": "1201",
    "名称": "新事项",
    "领域": "平安建设",
    "级别": "b",
    "紧急程度": "一般",
    "协办单位": "城管科、物业",
    "办结须附照片": "是",
}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def sheet(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, HEAD)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def upload(user: Any, *rows: dict[str, str], check: bool = False) -> Any:
    file = SimpleUploadedFile("list.csv", sheet(*rows))
    given = {"file": file, **({"dry_run": "on"} if check else {})}
    return desk(user).post(f"{LIST}import/", given, headers={"accept-language": "en"})


def standing() -> list[tuple[Any, ...]]:
    return list(Category.objects.order_by("code").values_list())


def test_what_is_written_is_what_is_read(cast: Cast) -> None:
    call_command("load_catalogue")
    before = standing()
    for ending in ("csv", "xlsx"):
        content = write_matters(Category.objects.order_by("code"), ending)
        found = read_matters(content, f"list.{ending}")
        assert found.faults == []
        result = actions.import_matters(rows=found.rows, by=cast.street, at=MONDAY)
        assert (result.founded, result.changed, result.unchanged) == (0, 0, len(before)), result.changes[:3]
    assert standing() == before
    assert read_matters(template("xlsx"), "list.xlsx").faults == []


def test_a_check_tells_the_changes_and_makes_none(cast: Cast) -> None:
    before = standing()
    changed = {
        "编码": "0602",
        "名称": "改了名",
        "领域": "安全生产",
        "级别": "C",
        "紧急程度": "一般",
        "受理时限(小时)": "4",
    }
    answer = upload(cast.street, GROUP, ITEM, changed, check=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "No faults: 2 new, 1 to change, 0 as they stand." in page
    assert "类别0602 → 改了名" in page and "A → C" in page
    assert standing() == before
    assert not Record.objects.filter(verb__startswith="cases.cat").exists()


def test_new_ones_come_in_and_known_ones_are_brought_up_to_date(cast: Cast) -> None:
    case = walk(cast, "accepted")
    changed = {"编码": "0602", "名称": "改了名", "领域": "安全生产", "级别": "C", "紧急程度": "紧急", "启用": "否"}
    answer = upload(cast.street, ITEM, GROUP, changed)
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    new = Category.objects.get(code="1201")
    assert (new.parent.code, new.level, new.tier, new.assist_units, new.needs_photo, new.enabled) == (
        "12", 2, "B", ["城管科", "物业"], True, True,
    )  # fmt: skip
    old = Category.objects.get(code="0602")
    assert (old.name, old.tier, old.urgency, old.enabled, old.response_hours) == ("改了名", "C", "urgent", False, None)
    case.refresh_from_db()
    assert (case.category_id, case.tier) == (old.pk, "A")
    row = Record.objects.get(verb="cases.category_changed")
    assert (row.subject_id, row.actor_id, row.data["changes"]["tier"]) == (old.pk, cast.street.pk, ["A", "C"])
    told = Record.objects.get(verb="cases.catalogue_loaded")
    assert told.data == {"rows": 3, "founded": ["12", "1201"], "changed": 1}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"编码": "9901"}, "There is no group 99."), ({"编码": "12x1"}, "Two digits name a group"), ({"编码": "120"}, "no group 01"),
        ({"级别": "D"}, "tier A, B or C"), ({"紧急程度": ""}, "has an urgency"), ({"紧急程度": "马上"}, "is no urgency"),
        ({"受理时限(小时)": "²"}, "no number of hours"), ({"启用": "也许"}, "neither yes nor no"), ({"名称": "长" * 33}, "32"),
        ({"编码": ""}, "Two digits name a group"), ({"名称": ""}, "Line 3"),
    ],
)  # fmt: skip
def test_one_faulty_line_stops_all(cast: Cast, wrong: dict[str, str], said: str) -> None:
    before = standing()
    answer = upload(cast.street, GROUP, {**ITEM, **wrong})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert standing() == before


def test_a_column_that_is_not_there_says_nothing(cast: Cast) -> None:
    Category.objects.filter(code="0602").update(needs_photo=True, keywords=["灯"], name_en="Lamp")
    file = SimpleUploadedFile("list.csv", "编码,名称\n0602,路灯\n".encode())
    assert desk(cast.street).post(f"{LIST}import/", {"file": file}).status_code == 302
    row = Category.objects.get(code="0602")
    assert (row.name, row.tier, row.needs_photo, row.keywords, row.name_en) == ("路灯", "A", True, ["灯"], "Lamp")
    assert Record.objects.get(verb="cases.category_changed").data == {"changes": {"name": ["类别0602", "路灯"]}}


def test_a_code_stands_once(cast: Cast) -> None:
    assert "stands twice" in upload(cast.street, GROUP, ITEM, ITEM).content.decode()
    assert not Category.objects.filter(code="12").exists()


def test_a_post_that_has_ended_keeps_no_list_and_no_time_limits(cast: Cast) -> None:
    """The role alone was enough: an account of the street whose post was over could still change what holds for all."""
    former = make_user(Role.STREET)
    give(former, PostKind.STREET_STAFF, cast.place.street, valid_to=MONDAY.date())
    assert upload(former, GROUP).status_code == 400
    assert client_of(former).patch(f"/api/v1/categories/{cast.category.code}/", {"name": "别的"}).status_code == 403
    cast.category.refresh_from_db()
    assert cast.category.name != "别的" and not Category.objects.filter(code="12").exists()


def test_only_the_street_takes_a_list_in(cast: Cast) -> None:
    for user in (cast.lead, cast.worker, cast.unit_staff, make_user(Role.SYSTEM_ADMIN), make_user(Role.AUDITOR)):
        assert upload(user, GROUP).status_code == 403
        assert desk(user).get(f"{LIST}template/").status_code == 403
    with pytest.raises(Forbidden):
        actions.import_matters(rows=[], by=cast.lead, at=MONDAY)
    assert not Category.objects.filter(code="12").exists()
    assert desk(cast.worker).get(f"{LIST}export/?format=csv").status_code == 200
    assert desk(make_user(Role.AUDITOR)).get(f"{LIST}export/").status_code == 403


def test_a_check_costs_the_same_for_one_and_for_eighty(cast: Cast) -> None:
    def cost(rows: list[Any]) -> int:
        with CaptureQueriesContext(connection) as caught:
            actions.import_matters(rows=rows, by=cast.street, at=MONDAY, dry_run=True)
        return len(caught)

    rows = read_matters(sheet(GROUP, *({**ITEM, "编码": f"12{n:02}"} for n in range(1, 80))), "list.csv").rows
    cost(rows[:1])  # where somebody holds a post is asked once a request
    assert cost(rows) == cost(rows[:2])


def test_another_system_brings_the_whole_list_or_none_of_it(cast: Cast) -> None:
    _client, raw = make_client(["catalogue:write"], grid=cast.place.street)
    system, url = CheckedClient(headers={"authorization": f"Api-Key {raw}"}), "/api/v1/categories/import/"
    group, item = (
        {"code": "12", "name": "新大类", "area": "平安建设"},
        {"code": "1201", "name": "新事项", "area": "平安建设", "tier": "B", "urgency": "normal", "response_hours": 4},
    )
    before = Category.objects.count()
    checked = system.post(url, {"rows": [group, item], "dry_run": True}, format="json")
    assert checked.json() == {"founded": 2, "changed": 0, "unchanged": 0} and Category.objects.count() == before
    faulty = system.post(url, {"rows": [group, {**item, "code": "1301"}]}, format="json")
    assert (faulty.status_code, Category.objects.count()) == (400, before)
    assert system.post(url, {"rows": [group, item]}, format="json").json()["founded"] == 2
    again = system.post(url, {"rows": [group, {"code": "1201", "name": "新事项", "keywords": ["群租"]}]}, format="json")
    assert again.json() == {"founded": 0, "changed": 1, "unchanged": 1}
    row = Category.objects.get(code="1201")
    assert (row.tier, row.keywords, row.response_hours) == ("B", ["群租"], 4)
    assert client_of(cast.worker).post(url, {"rows": [group]}, format="json").status_code == 403
