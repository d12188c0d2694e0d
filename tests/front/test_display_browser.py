"""How pages look is chosen in the top bar, by keys, and kept by the browser: size of the text, light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import settled
from tests.cases.desk import page_of, walk
from tests.factories import Cast, make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("B")


def root_size(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)"))


def test_large_type_is_chosen_by_keys_and_holds_on_every_page(desk: Open, cast: Cast) -> None:
    case = walk(cast, "handling")
    page = desk(user=cast.street)
    page.goto("/admin/")
    assert root_size(page) == 16
    page.locator(".gg-display summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=display-type][value=larger]")).to_be_checked()
    assert root_size(page) == pytest.approx(22.4)
    page.keyboard.press("Escape")
    expect(page.locator(".gg-display summary")).to_be_focused()
    for url in ("/admin/cases/case/", page_of(case), "/admin/accounts/notice/", "/admin/grids/grid/"):
        # As it is before anything of the page has run.
        page.goto(url, wait_until="commit")
        page.wait_for_selector("body", state="attached")
        assert root_size(page) == pytest.approx(22.4), url
        page.wait_for_load_state("networkidle")
        expect(page.locator("[name=display-type][value=larger]")).to_be_checked()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url
    page.emulate_media(media="print")
    assert root_size(page) == 16


def test_dark_is_chosen_and_kept(desk: Open, cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto("/admin/")
    page.locator(".gg-display summary").click()
    page.get_by_label("深色").check()
    expect(page.locator("html.dark")).to_have_count(1)
    page.goto("/admin/cases/case/")
    expect(page.locator("html.dark")).to_have_count(1)
    page.locator(".gg-display summary").click()
    expect(page.get_by_label("深色")).to_be_checked()
    page.locator("#main").click(position={"x": 5, "y": 400})
    expect(page.get_by_label("深色")).to_be_hidden()


def test_large_type_fits_the_phone(phone: Open, cast: Cast) -> None:
    case = walk(cast, "handling")
    page = phone(user=cast.street)
    page.goto("/admin/")
    page.evaluate("localStorage.setItem('gridgovType', 'larger')")
    for url in ("/admin/", "/admin/cases/case/", page_of(case), "/admin/cases/case/add/"):
        settled(page, url)
        assert root_size(page) == pytest.approx(22.4)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url
