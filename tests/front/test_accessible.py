"""The pages people work in all day: axe-core finds nothing serious by day and by night, they fit screens wide and narrow, and
nothing comes from outside; the work can be done by keyboard alone."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from cases import actions
from cases.choices import Ask, PhotoKind
from cases.models import Case
from tests.cases.desk import page_of, report, walk
from tests.cases.test_api import jpeg, upload
from tests.factories import Cast, make_cast
from tests.front.eyes import WIDER, at_the_desk, serious

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
PAGES = {
    "workbench": "/admin/", "cases": "/admin/cases/case/", "report": "/admin/cases/case/add/",
    "applications": "/admin/cases/application/", "figures": "/admin/cases/frozenfigures/live/",
    "inbox": "/admin/accounts/notice/", "grids": "/admin/grids/grid/", "calendar": "/admin/core/calendarday/year/",
    "limits": "/admin/cases/policy/", "matters": "/admin/cases/category/", "map": "/admin/map/",
    "proof": "/admin/cases/category/proof/", "wording": "/admin/accounts/noticetext/", "setup": "/admin/setup/",
    "roles": "/admin/setup/roles/", "steps": "/admin/first-steps/", "doctor": "/admin/doctor/",
    "policy": "/admin/cases/policy/add/", "days": "/admin/core/calendarday/", "import": "/admin/core/calendarday/import/",
    "jobs": "/admin/core/job/",
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


def test_the_pages_of_the_desk(desk: Open, cast: Cast, case: Case, live_server: Any) -> None:
    page = desk(user=cast.street)
    outside: list[str] = []

    def heard(sent: Request) -> None:
        if not sent.url.startswith((live_server.url, "data:", "blob:")):
            outside.append(sent.url)

    page.on("request", heard)
    found = {}
    for name, address in {**PAGES, "case": page_of(case)}.items():
        page.goto(address)
        found[name] = at_the_desk(page)
    assert {name: rules for name, rules in found.items() if rules} == {}
    assert outside == []


def test_no_page_is_wider_than_a_telephone(phone: Open, cast: Cast, case: Case) -> None:
    page = phone(user=cast.street)
    for name, address in {**PAGES, "case": page_of(case)}.items():
        page.goto(address)
        assert page.evaluate(WIDER) <= 0, name


def test_the_desk_follows_day_and_night(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    page.emulate_media(color_scheme="dark")
    page.goto("/admin/doctor/")
    assert page.evaluate("document.documentElement.classList.contains('dark')")


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
