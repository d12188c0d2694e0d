"""What the outbox does with a house that fails, and with one that takes nothing so large: it keeps, says why, and goes on by itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from tests.factories import Cast, make_cast
from tests.front.telephone import arrived, at_the_case, fill, send, unsent

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def cast(own_media: None) -> Cast:
    return make_cast("A")


@pytest.fixture
def page(phone: Open, cast: Cast) -> Page:
    found = phone(user=cast.worker)
    # The spread of the pauses is left out, so that they can be told.
    found.add_init_script("Math.random = () => 0")
    found.goto("/m/report/", wait_until="networkidle")
    return found


def pieces(page: Page) -> list[tuple[int, int]]:
    """A list that fills: how many bytes each piece had, and how it was answered."""
    found: list[tuple[int, int]] = []

    def hear(answer: Any) -> None:
        if answer.request.method == "PUT":
            first, last = answer.request.headers["content-range"].split(" ")[1].split("/")[0].split("-")
            found.append((int(last) - int(first) + 1, answer.status))

    page.on("response", hear)
    return found


def test_a_house_that_fails_is_asked_again_after_longer_and_longer_pauses(
    page: Page, browser_errors: list[str], settings: Any, tmp_path: Path
) -> None:
    media, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path / "full"
    settings.MEDIA_ROOT.write_text("no folder: writing fails, and the house answers 500")
    heard = pieces(page)
    fill(page, "服务器故障", [1])
    send(page)
    expect(page.locator("[data-news]")).to_contain_text("服务器繁忙")
    expect(page.locator("[data-news]")).to_contain_text("已存在手机里")
    expect(unsent(page)).to_have_text("1")
    state = "Outbox.all().then(([one]) => one && [one.state, one.tries, one.next - Date.now(), one.files.length])"
    pauses = {}
    for tries in (1, 2):
        while (found := page.evaluate(state))[1] < tries:
            page.wait_for_event("response", timeout=20_000)
        pauses[found[1]] = found[2]
        assert (found[0], found[3]) == ("waiting", 1)
    assert pauses[1] <= 1000 < pauses[2] <= 2000
    assert {status for _bytes, status in heard} == {500}
    assert Case.objects.count() == 0
    settings.MEDIA_ROOT = media
    expect(page.locator("#unsent")).to_be_hidden()
    assert arrived() == {"服务器故障": 1}
    assert all("500" in error for error in browser_errors)
    browser_errors.clear()


def test_what_is_too_large_goes_smaller_or_is_said_to_be(page: Page, browser_errors: list[str], settings: Any) -> None:
    usual, settings.BODY_MAX_BYTES = settings.BODY_MAX_BYTES, 20_000
    heard = pieces(page)
    fill(page, "照片太大", [1])
    send(page)
    at_the_case(page)
    sizes = [size for size, _status in heard]
    assert [status for _size, status in heard][:3] == [413, 413, 200]
    assert sizes[0] > sizes[2] == 16 * 1024
    assert arrived() == {"照片太大": 1}
    # Less than any piece: the photo is made smaller still, and then the worker is told. Nothing is lost by it.
    settings.BODY_MAX_BYTES = 300
    page.goto("/m/report/")
    heard.clear()
    fill(page, "还是太大", [2])
    send(page)
    expect(page.locator("[data-news].fault")).to_contain_text("文件过大")
    assert {status for _size, status in heard} == {413}
    expect(page.locator("[data-shots=photos] img")).to_have_count(1)
    expect(page.locator("[name=text]")).to_have_value("还是太大")
    settings.BODY_MAX_BYTES = usual
    send(page)
    at_the_case(page)
    assert arrived() == {"照片太大": 1, "还是太大": 1}
    assert all("413" in error for error in browser_errors)
    browser_errors.clear()
