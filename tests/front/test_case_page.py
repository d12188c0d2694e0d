"""The page of a case in a real browser: two people at once, the photo viewer, the blur, keys."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case, Order
from tests.cases.desk import page_of, walk
from tests.cases.test_admin_page import picture
from tests.factories import Cast, make_cast

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast("B")


def test_the_second_of_two_is_told_and_loses_nothing(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    case = walk(cast, "handling")
    first, second = desk(user=cast.lead), desk(user=cast.unit_staff)
    second.goto(page_of(case))
    second.locator(".gg-big").click()
    dialog = second.locator("#verb-dialog")
    dialog.locator("[name=result]").fill("清理了三车纸箱")
    photo = picture().read()
    dialog.locator("[name=photos]").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo}])

    first.goto(page_of(case))
    urge = "a[data-verb][href$='/do/urge/']"
    first.locator(f"details.gg-menu:has({urge}) summary").click()
    first.locator(urge).click()
    first.locator("#verb-dialog textarea").first.fill("请今天办完")
    first.locator("#verb-dialog button[type=submit]").click()
    expect(first.locator("#verb-dialog")).to_be_hidden()

    dialog.locator("button[type=submit]").click()
    expect(dialog.locator(".gg-news li")).to_contain_text(str(cast.lead))
    expect(dialog.locator("[name=result]")).to_have_value("清理了三车纸箱")
    assert Case.objects.get().state == "handling"
    browser_errors.clear()  # the 409
    dialog.locator("button[type=submit]").click()
    expect(second.locator(".gg-state-completed")).to_be_visible()
    case.refresh_from_db()
    assert (case.result, case.photos.count()) == ("清理了三车纸箱", 1)


def test_what_was_typed_stays_when_the_case_has_gone_elsewhere(
    desk: Open, browser_errors: list[str], cast: Cast
) -> None:
    case = walk(cast, "handling")
    page = desk(user=cast.unit_staff)
    page.goto(page_of(case))
    page.locator(".gg-big").click()
    dialog = page.locator("#verb-dialog")
    dialog.locator("[name=result]").fill("清理了三车纸箱")
    Order.objects.all().update(unit=None, grid=cast.place.micros[0])
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator("[data-complaint]")).to_contain_text("可以复制")
    expect(dialog.locator("[name=result]")).to_have_value("清理了三车纸箱")
    browser_errors.clear()  # the 404
    page.keyboard.press("Escape")
    expect(dialog.locator("[data-complaint]")).to_contain_text("再按一次")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    case.refresh_from_db()
    assert case.state == "handling"
