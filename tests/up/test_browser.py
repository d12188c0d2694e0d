"""The browser fixtures hold what they promise to every room's page tests."""

import pytest

from tests.conftest import OpenPage

pytestmark = pytest.mark.django_db(transaction=True)


def test_phone_and_desk_are_as_wide_as_they_say_and_chinese(phone: OpenPage, desk: OpenPage) -> None:
    widths = {}
    for name, open_page in (("phone", phone), ("desk", desk)):
        page = open_page()
        page.goto("/healthz")
        page.set_content("<meta name=viewport content='width=device-width'>")
        widths[name] = page.evaluate("[innerWidth, navigator.language]")
    assert widths == {"phone": [390, "zh-CN"], "desk": [1440, "zh-CN"]}


def test_what_a_page_complains_of_is_heard(desk: OpenPage, browser_errors: list[str]) -> None:
    page = desk()
    page.goto("/healthz")
    page.evaluate("console.error('broken')")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('thrown') })")
    assert [error.split()[0] for error in browser_errors] == ["broken", "thrown"]
    browser_errors.clear()
