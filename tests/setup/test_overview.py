"""The set-up at a glance and what each role may do: true to the data and to the rules, for those it is for."""

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts import actions as accounts_actions
from accounts.choices import ADMIN_HANDS, Role
from accounts.choices.wording import all_templates
from cases import actions, rules
from cases.choices import HELD_MOVES, MOVES
from cases.models import Category
from gridgov.core.models import CalendarDay
from gridgov.setup.roles import ROLES, somebody
from tests.cases.desk import desk
from tests.factories import Cast, make_cast, make_category, make_user

pytestmark = pytest.mark.django_db
SETUP, ROLES_PAGE = "/admin/setup/", "/admin/setup/roles/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def lines(user: Any) -> dict[str, tuple[str, bool]]:
    answer = desk(user).get(SETUP, headers={"accept-language": "en"})
    return {one["card"].page: (one["line"], one["warns"]) for one in answer.context["cards"]}


def test_each_card_tells_how_it_stands(cast: Cast) -> None:
    before = lines(cast.street)
    assert before["core_calendarday_year"] == ("no day is loaded", True)
    assert before["cases_category_changelist"] == ("1 matters in use, 0 switched off", False)
    assert before["cases_policy_changelist"][0] == "the house's own hold everywhere"
    now = timezone.now()
    first = timezone.localdate(now)
    CalendarDay.objects.bulk_create(CalendarDay(date=first + dt.timedelta(days=n), kind="work") for n in range(100))
    make_category("0701", enabled=False)
    Category.objects.filter(code="0602").update(needs_photo=True)
    actions.set_policy(tier="B", value="4", unit="natural_day", by=cast.street, at=now)
    template = next(iter(all_templates().values()))
    accounts_actions.reword_notice(template=template, language="en", wording="x", by=cast.street, at=now)
    after = lines(cast.street)
    assert after["core_calendarday_year"] == (f"loaded up to {first + dt.timedelta(days=99)}", False)
    assert after["cases_category_changelist"][0] == "1 matters in use, 1 switched off"
    assert after["cases_category_proof"][0] == "1 want a photo when completed, 0 one from before, 0 a place"
    assert after["cases_policy_changelist"][0] == f"1 of the offices' own, the last from {first} on"
    assert after["accounts_noticetext_changelist"][0] == f"1 of {len(all_templates())} in words of your own"


def test_every_link_opens(cast: Cast) -> None:
    for user in (cast.street, make_user(Role.SYSTEM_ADMIN)):
        client = desk(user)
        urls = [one["url"] for one in client.get(SETUP).context["cards"]]
        assert len(urls) == 10 and all(urls)
        assert {client.get(url).status_code for url in urls} == {200}


def test_who_sees_the_setup_and_who_the_roles(cast: Cast) -> None:
    for role in ROLES:
        client = desk(make_user(role))
        keeps = role in {Role.STREET, Role.SYSTEM_ADMIN}
        assert client.get(SETUP).status_code == (200 if keeps else 403), role
        assert client.get(ROLES_PAGE).status_code == (200 if keeps or role in ADMIN_HANDS else 403), role
    assert Client().get(SETUP).status_code == Client().get(ROLES_PAGE).status_code == 302


def matrix(user: Any) -> dict[str, dict[str, str]]:
    answer = desk(user).get(ROLES_PAGE, headers={"accept-language": "en"})
    return {
        row.title: dict(zip(ROLES, row.cells, strict=True))
        for _group, rows in answer.context["groups"]
        for row in rows
    }  # fmt: skip


def test_the_matrix_says_what_the_rules_say(cast: Cast) -> None:
    found = matrix(make_user(Role.SECURITY_ADMIN))
    assert {role for role, cell in found["set time limits"].items() if cell} == {Role.STREET}
    assert {role for role, cell in found["grant roles to others"].items() if cell} == {Role.SECURITY_ADMIN}
    assert {role for role, cell in found["open accounts"].items() if cell} == {Role.SYSTEM_ADMIN}
    assert found["dispatch cases of tier"] == {
        **dict.fromkeys(ROLES, ""), Role.STREET: "A B C", Role.TOTAL_LEAD: "A B", Role.COMPREHENSIVE_LEAD: "A B",
    }  # fmt: skip
    for role in ROLES:
        by = somebody(role)
        assert bool(found["accept or reject"][role]) == bool(rules.can_accept(by)), role
        assert bool(found["form a special team"][role]) == bool(rules.can_form_team(by)), role


def test_a_rule_that_changes_changes_the_matrix(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page asks; it keeps no table of its own. The pages' roles, too, are those of the pages."""
    face = next(face for model, face in admin.site._registry.items() if model._meta.model_name == "policy")
    with override("en"):
        name = str(face.opts.verbose_name_plural)
    assert matrix(make_user(Role.SYSTEM_ADMIN))[name][Role.AUDITOR] == ""
    monkeypatch.setattr(face, "viewers", face.viewers | {Role.AUDITOR})
    assert matrix(make_user(Role.SYSTEM_ADMIN))[name][Role.AUDITOR] == "r"


def test_people_are_counted_and_linked(cast: Cast) -> None:
    make_user(Role.WORKER, is_active=False)
    admin_hand = make_user(Role.SYSTEM_ADMIN)
    told = {role: (people, url) for role, people, url in desk(admin_hand).get(ROLES_PAGE).context["roles"]}
    assert told[Role.WORKER] == (2, "/admin/accounts/user/?role__exact=worker&is_active__exact=1")
    shown = desk(admin_hand).get(told[Role.WORKER][1]).context["cl"].result_list
    assert len(shown) == 2
    assert {url for _role, _people, url in desk(cast.street).get(ROLES_PAGE).context["roles"]} == {""}


def test_the_moves_are_the_table_of_moves(cast: Cast) -> None:
    told = desk(cast.street).get(ROLES_PAGE).context["moves"]
    assert len(told) == len(MOVES)
    assert sum(move["held"] for move in told) == len(HELD_MOVES & MOVES.keys())


@pytest.mark.parametrize("page", [SETUP, ROLES_PAGE])
def test_a_page_costs_the_same_however_much_there_is(cast: Cast, page: str) -> None:
    client = desk(cast.street)

    def cost() -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as caught:
            client.get(page)
        return len(caught)

    few = cost()
    for number in (10, 11, 12):
        make_user(Role.WORKER)
        make_category(f"08{number}")
    assert cost() == few <= 18
