"""The grid of proof rules: many matters at once, only what was moved, each recorded; others read."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from accounts.models import User
from cases import actions
from cases.models import Category
from gridgov.core.errors import Forbidden
from gridgov.core.models import Record
from tests.cases.desk import desk, walk
from tests.factories import MONDAY, Cast, make_cast, make_category, make_user

pytestmark = pytest.mark.django_db
PAGE, LIST = "/admin/cases/category/proof/", "/admin/cases/category/"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    for code, tier in (("0603", "B"), ("0701", "C")):
        make_category(code, tier=tier)
    return cast


def form_of(page: Any) -> dict[str, list[str]]:
    """What the page would send if nothing was moved."""
    rows = [row for _group, found in page.context["groups"] for row in found]
    sent: dict[str, list[str]] = {"was": [row.was for row in rows]}
    for name in actions.SWITCHES:
        sent[name] = [
            str(row.category.pk) for row in rows if (name, True) in [(n, on) for n, _label, on in row.switches]
        ]
    return sent


def test_many_are_moved_at_once_and_each_is_recorded(cast: Cast) -> None:
    client = desk(cast.street)
    sent = form_of(client.get(PAGE))
    first, second, third = Category.objects.filter(level=2).order_by("code")
    sent["needs_photo"] = [str(first.pk), str(second.pk)]
    sent["enabled"].remove(str(third.pk))
    answer = client.post(PAGE, sent)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    found = (
        Category.objects.filter(level=2).order_by("code").values_list("needs_photo", "enabled", "needs_photo_before")
    )
    assert list(found) == [(True, True, False), (True, True, False), (False, False, False)]
    rows = Record.objects.filter(verb="cases.category_changed").order_by("pk")
    assert [(row.subject_id, row.data["changes"]) for row in rows] == [
        (first.pk, {"needs_photo": [False, True]}),
        (second.pk, {"needs_photo": [False, True]}),
        (third.pk, {"enabled": [True, False]}),
    ]


def test_what_somebody_else_has_moved_meanwhile_stays_moved(cast: Cast) -> None:
    client = desk(cast.street)
    sent = form_of(client.get(PAGE))
    Category.objects.filter(pk=cast.category.pk).update(needs_place=True)
    sent["needs_photo"] = [str(cast.category.pk)]
    client.post(PAGE, sent)
    cast.category.refresh_from_db()
    assert (cast.category.needs_place, cast.category.needs_photo) == (True, True)


def test_nothing_moved_records_nothing(cast: Cast) -> None:
    client = desk(cast.street)
    answer = client.post(PAGE, form_of(client.get(PAGE)), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["info"]
    assert not Record.objects.filter(verb="cases.category_changed").exists()


@pytest.mark.parametrize("was", ["x", "1", "1:2222", "²:0000", "-1:0000", f"{'9' * 19}:0000", "1:00000"])
def test_a_page_that_was_bent_is_refused(cast: Cast, was: str) -> None:
    sent = {"was": [f"{cast.category.pk}:1000", was], "needs_photo": [str(cast.category.pk)]}
    assert desk(cast.street).post(PAGE, sent).status_code == 400
    assert not Category.objects.filter(needs_photo=True).exists()


def test_a_group_or_a_number_of_no_matter_is_left_alone(cast: Cast) -> None:
    group = Category.objects.get(code="06")
    sent = {"was": [f"{group.pk}:1000", "999999:10000"], "needs_photo": [str(group.pk), "999999"]}
    desk(cast.street).post(PAGE, sent)
    assert not Category.objects.filter(needs_photo=True).exists()


def test_others_read_and_move_nothing(cast: Cast) -> None:
    sent = {"was": [f"{cast.category.pk}:10000"], "needs_photo": [str(cast.category.pk)]}
    for user in (cast.lead, cast.worker, cast.unit_staff, make_user(Role.SYSTEM_ADMIN)):
        page = desk(user).get(PAGE)
        assert page.status_code == 200 and 'type="checkbox"' not in page.content.decode()
        assert desk(user).post(PAGE, sent).status_code == 403
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN):
        assert desk(make_user(role)).get(PAGE).status_code == desk(make_user(role)).post(PAGE, sent).status_code == 403
    assert Client().get(PAGE).status_code == 302
    with pytest.raises(Forbidden):
        actions.switch_categories(switches={cast.category.pk: {"needs_photo": True}}, by=cast.lead, at=MONDAY)
    assert not Category.objects.filter(needs_photo=True).exists()


def test_the_grid_is_searched_and_sifted(cast: Cast) -> None:
    Category.objects.filter(code="0701").update(needs_photo=True)

    def codes(query: str) -> list[str]:
        page = desk(cast.street).get(f"{PAGE}?{query}")
        return [row.category.code for _group, rows in page.context["groups"] for row in rows]

    assert codes("") == ["0602", "0603", "0701"]
    assert codes("q=0603") == codes("tier=B") == ["0603"]
    assert codes("group=07") == codes("only=needs_photo") == codes("q=类别0701") == ["0701"]
    assert codes("q=zz") == []
    for odd in ("tier=Z", "only=pk", "tier=²"):
        assert desk(cast.street).get(f"{PAGE}?{odd}").status_code == 404


def cost(user: User, page: str) -> int:
    client = desk(user)
    client.get(page)
    with CaptureQueriesContext(connection) as caught:
        client.get(page)
    return len(caught)


@pytest.mark.parametrize("page", [PAGE, LIST])
def test_two_hundred_matters_cost_no_more_than_three(cast: Cast, page: str) -> None:
    few = cost(cast.street, page)
    for number in range(10, 99):
        make_category(f"08{number}")
        make_category(f"09{number}")
    assert cost(cast.street, page) == few <= 10


def test_all_boxes_of_three_hundred_matters_arrive(cast: Cast) -> None:
    for number in range(10, 99):
        for group in ("02", "03", "04"):
            make_category(f"{group}{number}")
    Category.objects.filter(level=2).update(needs_place=True, needs_photo=True)
    client = desk(cast.street)
    sent = form_of(client.get(PAGE))
    sent["needs_photo_before"] = [was.partition(":")[0] for was in sent["was"]]
    assert client.post(PAGE, sent).status_code == 302
    assert Category.objects.filter(needs_photo_before=True, needs_photo=True, enabled=True).count() == 270


def test_the_list_says_how_many_cases_are_open(cast: Cast) -> None:
    for state in ("submitted", "handling", "closed"):
        walk(cast, state)
    shown = {row.code: row.open_cases for row in desk(cast.street).get(LIST).context["cl"].result_list}
    assert shown == {"0602": 2, "0603": 0, "0701": 0}
    other = {row.code: row.open_cases for row in desk(cast.outsider).get(LIST).context["cl"].result_list}
    assert set(other.values()) == {0}
