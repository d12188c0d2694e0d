"""The desk under the strict content policy: what the theme does by Alpine, htmx and Django's own scripts goes on working, and the
browser complains of nothing (`browser_errors`)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
REFUSED = """addEventListener("securitypolicyviolation", (event) => {
  console.error(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`); });"""


def test_the_theme_works_without_eval(desk: Open, browser_errors: list[str]) -> None:
    page = desk(user=make_cast("B").street)
    page.add_init_script(REFUSED)
    page.goto("/admin/grids/post/")
    # The sidebar folds, and stays so on the next page.
    menu, fold = page.locator("#nav-sidebar"), page.locator(".gg-menubutton").first
    expect(menu).to_be_visible()
    fold.click()
    expect(menu).to_be_hidden()
    page.reload()
    expect(menu).to_be_hidden()
    fold.click()
    expect(menu).to_be_visible()
    # The list's filters, in a sheet of their own.
    page.get_by_text("filter_list").first.click()
    expect(page.locator("#changelist-filter")).to_be_visible()
    page.keyboard.press("Escape")
    # What is searched for everywhere, by keys alone.
    page.keyboard.press("Control+k")
    asked = page.locator("#search-input-command")
    expect(asked).to_be_focused()
    asked.fill("网格")
    with page.expect_response(lambda answer: "/admin/search/" in answer.url):
        asked.press("End")
    asked.press("Escape")
    asked.press("Escape")
    expect(asked).to_be_hidden()
    # A day is chosen from Django's own calendar.
    page.goto("/admin/grids/post/add/")
    page.locator(".datetimeshortcuts a").last.click()
    page.locator(".calendarbox:visible").get_by_text("15", exact=True).click()
    page.wait_for_function("[...document.querySelectorAll('.vDateField')].some((one) => one.value.endsWith('-15'))")
    assert browser_errors == []


def test_the_page_of_the_api(desk: Open, browser_errors: list[str]) -> None:
    page = desk(user=make_cast("B").street)
    page.add_init_script(REFUSED)
    page.goto("/api/v1/docs/")
    expect(page.locator(".opblock").first).to_be_visible(timeout=60_000)
    assert browser_errors == []
