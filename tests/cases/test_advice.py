"""Proposals and like cases on the faces: the API, the report form with and without scripts, the form that accepts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect

from accounts.choices import Role
from cases.models import Case
from gridgov.core.models import Record
from tests.cases.desk import desk as client_of_desk
from tests.cases.desk import report, verb_of
from tests.cases.lessons import load_matters
from tests.factories import Cast, make_cast, make_user
from tests.openapi import CheckedClient

pytestmark = pytest.mark.django_db
Open = Callable[..., Page]
Api = Callable[..., CheckedClient]
ADD, SUGGEST = "/admin/cases/case/add/", "/admin/cases/case/suggest/"
API = "/api/v1/cases"
WATER = {"text": "整栋楼停水两个多小时了", "place": "幸福里小区4号楼"}


@pytest.fixture
def cast() -> Cast:
    found = make_cast("B")
    load_matters()
    return found


def water(cast: Cast, **values: Any) -> Case:
    return report(cast, **{"category": "0501", **WATER, **values})


def cost(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        call()
    return len([q for q in caught.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


# --- the API ---------------------------------------------------------------------------------------------------------


def test_the_api_proposes_for_a_report(cast: Cast, api: Api) -> None:
    case = water(cast)
    asked = {**WATER, "grid": cast.place.micros[1].code}
    found = api(cast.street).post(f"{API}/suggest/", asked, format="json").json()
    guess = found["suggestion"]["categories"][0]
    assert (guess["code"], guess["tier"], guess["urgency"], guess["because"]) == ("0501", "C", "urgent", ["停水"])
    assert guess["unit"]["name"] == found["suggestion"]["unit"]["name"] == "供水公司"
    assert found["suggestion"]["danger"] == ["停水"]
    assert [one["id"] for one in found["similar"]] == [case.pk]
    assert len(found["similar"][0]["reasons"]) == 3


def test_the_api_keeps_nothing_of_it(cast: Cast, api: Api) -> None:
    before = Record.objects.count(), Case.objects.count()
    api(cast.worker).post(f"{API}/suggest/", WATER, format="json")
    assert (Record.objects.count(), Case.objects.count()) == before


def test_the_api_asks_for_words(cast: Cast, api: Api) -> None:
    answer = api(cast.street).post(f"{API}/suggest/", {"place": "幸福里"}, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "text")


def test_hands_without_cases_are_refused(cast: Cast, api: Api) -> None:
    for role in (Role.AUDITOR, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN):
        assert api(make_user(role)).post(f"{API}/suggest/", WATER, format="json").status_code == 403


def test_the_api_proposes_for_a_case(cast: Cast, api: Api) -> None:
    first, second = water(cast), water(cast, category="0506")
    found = api(cast.lead).get(f"{API}/{second.pk}/suggestion/").json()
    assert found["categories"][0]["code"] == "0501"
    assert [one["id"] for one in api(cast.lead).get(f"{API}/{second.pk}/similar/").json()] == [first.pk]


def test_an_outsider_finds_no_case_to_ask_about(cast: Cast, api: Api) -> None:
    case = water(cast)
    for name in ("suggestion", "similar"):
        assert api(cast.outsider).get(f"{API}/{case.pk}/{name}/").status_code == 404
    asked = {**WATER, "grid": cast.place.micros[0].code}
    assert api(cast.outsider).post(f"{API}/suggest/", asked, format="json").json()["similar"] == []


def test_the_api_costs_the_same_with_one_case_and_with_three(cast: Cast, api: Api) -> None:
    client, asked = api(cast.street), {**WATER, "grid": cast.place.micros[0].code}
    client.post(f"{API}/suggest/", asked, format="json")
    costs = []
    for _round in range(3):
        case = water(cast)
        costs.append([
            cost(lambda: client.post(f"{API}/suggest/", asked, format="json")),
            cost(lambda pk=case.pk: client.get(f"{API}/{pk}/suggestion/")),  # type: ignore[misc]
            cost(lambda pk=case.pk: client.get(f"{API}/{pk}/similar/")),  # type: ignore[misc]
        ])  # fmt: skip
    assert costs[0] == costs[1] == costs[2]
    # The token, the scope and the case among them.
    assert max(costs[0]) <= 8


# --- the desk --------------------------------------------------------------------------------------------------------


def test_the_report_form_has_its_box_and_says_nothing_by_itself(cast: Cast) -> None:
    page = client_of_desk(cast.street).get(ADD).content.decode()
    assert f'data-suggest="{SUGGEST}"' in page and "data-pick" not in page
    # The first button of the form is the one that Enter presses: it reports.
    form = page[page.index(f'data-suggest="{SUGGEST}"') :]
    assert (
        re.search(r"<button[^>]*>", form)[0]
        == '<button type="submit" class="gg-default" tabindex="-1" aria-hidden="true">'
    )  # type: ignore[index]


def test_a_piece_of_the_page_proposes(cast: Cast) -> None:
    case = water(cast)
    client = client_of_desk(cast.street)
    page = client.post(SUGGEST, {**WATER, "grid": cast.place.micros[0].code}).content.decode()
    assert 'data-pick="category" data-value="0501" aria-pressed="false"' in page
    assert 'data-pick="urgency" data-value="urgent"' in page
    assert f'<li data-case="{case.pk}" data-no="{case.no}">' in page and "<html" not in page
    chosen = client.post(SUGGEST, {**WATER, "category": "0501"}).content.decode()
    assert 'data-pick="category" data-value="0501" aria-pressed="true"' in chosen


@pytest.mark.parametrize(
    "given",
    [{}, {"text": "水"}, {"text": "停水", "lng": "x", "lat": "30"}, {"text": "停水", "lng": "999", "lat": "30"},
     {"text": "停水", "grid": "99\x00", "category": "\x00"}, {"text": "停水" * 3000, "grid": "990101", "category": "9999"}],
)  # fmt: skip
def test_what_is_half_typed_is_no_error(cast: Cast, given: dict[str, str]) -> None:
    assert client_of_desk(cast.street).post(SUGGEST, given).status_code == 200


def test_the_piece_is_asked_for_by_those_who_report(cast: Cast) -> None:
    assert client_of_desk(cast.street).get(SUGGEST).status_code == 405
    assert client_of_desk(make_user(Role.AUDITOR)).post(SUGGEST, WATER).status_code == 403
    assert Client().post(SUGGEST, WATER).status_code == 302


def test_without_scripts_a_button_proposes_and_another_fills_in(cast: Cast) -> None:
    client, before = client_of_desk(cast.street), Case.objects.count()
    typed = {**WATER, "channel": "phone", "reporter_phone": "100****0001"}
    page = client.post(ADD, {**typed, "suggest": "ask"})
    assert page.status_code == 200
    body = page.content.decode()
    assert 'name="suggest" value="category:0501"' in body and WATER["text"] in body and 'value="100****0001"' in body
    assert '<option value="0501" selected' not in body
    body = client.post(ADD, {**typed, "suggest": "category:0501"}).content.decode()
    assert '<option value="0501" selected' in body
    # A button can fill in nothing but what is proposed.
    body = client.post(ADD, {**typed, "suggest": "text:anders"}).content.decode()
    assert "anders" not in body
    assert Case.objects.count() == before


def test_the_form_that_accepts_shows_proposals_and_keeps_what_the_case_says(cast: Cast) -> None:
    first, case = water(cast), water(cast, category="0602")
    page = client_of_desk(cast.lead).get(verb_of(case, "accept")).content.decode()
    assert '<option value="0602" selected' in page and '<option value="0501" selected' not in page
    assert '<button type="button" name="suggest" value="category:0501"' in page
    (similar,) = re.findall(r'(?s)<ul class="gg-similar" data-similar>.*?</ul>', page)
    assert re.findall(r'data-case="(\d+)"', similar) == [str(first.pk)]
    others = client_of_desk(cast.lead).get(verb_of(case, "reject")).content.decode()
    assert "data-pick" not in others


def test_the_form_that_accepts_costs_the_same(cast: Cast) -> None:
    client, costs = client_of_desk(cast.lead), []
    for _round in range(3):
        case = water(cast)
        costs.append(cost(lambda pk=case: client.get(verb_of(pk, "accept"))))  # type: ignore[misc]
    assert costs[1] == costs[2]


@pytest.mark.django_db(transaction=True)
def test_proposals_come_while_one_types_and_a_key_takes_one(desk: Open, cast: Cast) -> None:
    case = water(cast)
    page = desk(user=cast.worker)
    page.goto(ADD)
    page.locator("[name=grid]").fill(cast.place.micros[0].code)
    page.locator("[name=text]").press_sequentially(WATER["text"])
    pick = page.locator("[data-advice] [data-pick=category]").first
    expect(pick).to_have_attribute("data-value", "0501")
    # Typing goes on where it was.
    expect(page.locator("[name=text]")).to_be_focused()
    expect(page.locator("[data-similar] li")).to_have_attribute("data-case", str(case.pk))
    assert page.locator("[name=category]").input_value() == ""
    pick.focus()
    with page.expect_response(lambda answer: answer.url.endswith(SUGGEST)):
        page.keyboard.press("Enter")
    assert page.locator("[name=category]").input_value() == "0501"
    expect(pick).to_have_attribute("aria-pressed", "true")
    expect(pick).to_be_focused()
    page.locator("[name=place]").fill(WATER["place"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    made = Case.objects.latest("pk")
    assert (made.category.code, made.text, made.place) == ("0501", WATER["text"], WATER["place"])


@pytest.mark.django_db(transaction=True)
def test_in_the_dialog_that_accepts_a_click_fills_in(desk: Open, cast: Cast) -> None:
    case = water(cast, category="0602")
    page = desk(user=cast.lead)
    page.goto(f"/admin/cases/case/{case.pk}/change/")
    page.locator(".gg-big").click()
    dialog = page.locator("#verb-dialog")
    pick = dialog.locator("[data-pick=category]").first
    expect(pick).to_have_attribute("aria-pressed", "false")
    pick.click()
    expect(dialog.locator("[name=category]")).to_have_value("0501")
    expect(pick).to_have_attribute("aria-pressed", "true")
    dialog.locator("[name=category]").select_option("0602")
    expect(pick).to_have_attribute("aria-pressed", "false")
    assert Case.objects.get(pk=case.pk).category.code == "0602"
