"""axe-core's rules on the pages people work in all day: nothing serious, in light and in dark, Chinese and English."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases import actions
from cases.choices import Ask, PhotoKind
from cases.models import Case
from tests.cases.desk import page_of, report, walk
from tests.cases.test_api import jpeg, upload
from tests.factories import Cast, make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
SERIOUS = ("serious", "critical")
PAGES = {
    "workbench": "/admin/", "cases": "/admin/cases/case/", "report": "/admin/cases/case/add/",
    "applications": "/admin/cases/application/", "figures": "/admin/cases/frozenfigures/live/",
    "inbox": "/admin/accounts/notice/", "grids": "/admin/grids/grid/", "calendar": "/admin/core/calendarday/year/",
    "limits": "/admin/cases/policy/", "matters": "/admin/cases/category/", "map": "/admin/map/",
    "proof": "/admin/cases/category/proof/", "wording": "/admin/accounts/noticetext/", "setup": "/admin/setup/",
    "roles": "/admin/setup/roles/", "steps": "/admin/first-steps/", "doctor": "/admin/doctor/",
}  # fmt: skip


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


@pytest.fixture
def case(cast: Cast) -> Case:
    """One with something in every part of its page."""
    case = walk(cast, "handling", reporter_name="王小明", reporter_phone="13912345678")
    at = case.reported_at + dt.timedelta(hours=1)
    actions.add_photo(case=case.pk, kind=PhotoKind.BEFORE, upload=upload(jpeg()), by=cast.lead, at=at)
    actions.supervise_case(case=case.pk, text="请说明", by=cast.street, at=at)
    actions.ask(
        case=case.pk, kind=Ask.EXTENSION, reason="等配件", value=1, unit="natural_day", by=cast.unit_staff, at=at
    )
    report(cast)
    return case


def serious(page: Page) -> dict[str, list[str]]:
    """What axe finds: rule → the elements it is about."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return {
        rule["id"]: [" ".join(map(str, node["target"])) + " | " + node["html"][:160] for node in rule["nodes"]]
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ten_pages_of_the_desk(desk: Open, cast: Cast, case: Case, theme: Any) -> None:
    page = desk(user=cast.street)
    page.emulate_media(color_scheme=theme)
    found = {}
    for name, address in {**PAGES, "case": page_of(case)}.items():
        page.goto(address)
        assert page.evaluate("document.documentElement.classList.contains('dark')") is (theme == "dark")
        found[name] = serious(page)
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_a_form_in_a_dialog_and_the_door(desk: Open, cast: Cast, case: Case) -> None:
    page = desk(user=cast.lead)
    page.goto(page_of(case))
    page.locator("a[data-verb]").first.click()
    page.locator("#verb-dialog form").wait_for()
    assert serious(page) == {}
    page = desk()
    page.goto("/admin/login/")
    assert serious(page) == {}


def focus_by_tab(page: Page, selector: str, most: int = 90) -> None:
    """Go to SELECTOR as somebody without a mouse does."""
    for _step in range(most):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by the keyboard")


def test_intake_and_dispatch_without_a_mouse(desk: Open, cast: Cast) -> None:
    """From the form to the dispatched case by Tab, letters, arrows and Enter alone."""
    page = desk(user=cast.lead)
    page.goto("/admin/cases/case/add/")
    focus_by_tab(page, "[name=category]")
    page.keyboard.press("ArrowDown")
    focus_by_tab(page, "[name=text]")
    page.keyboard.type("楼道里堆了很多纸箱")
    focus_by_tab(page, "[name=grid]")
    page.keyboard.type(cast.place.micros[0].code)
    focus_by_tab(page, "form button.gg-big")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    focus_by_tab(page, "a.gg-big")
    page.keyboard.press("Enter")
    page.locator("#verb-dialog form").wait_for()
    focus_by_tab(page, "#verb-dialog button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".gg-state-accepted")).to_be_visible()
    focus_by_tab(page, "a.gg-big")
    page.keyboard.press("Enter")
    page.locator("#verb-dialog form").wait_for()
    focus_by_tab(page, "#verb-dialog [name=to]")
    page.keyboard.press("ArrowDown")
    focus_by_tab(page, "#verb-dialog button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".gg-state-dispatched")).to_be_visible()
    assert Case.objects.get().state == "dispatched"
