"""The dashboard and the wall screen in a real browser."""

import datetime as dt
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases import actions
from cases.models import FrozenFigures
from tests.browsing import settled
from tests.cases.desk import walk
from tests.factories import Cast, make_cast
from tests.front.eyes import at_the_desk

pytestmark = [pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
DASHBOARD = "/admin/cases/frozenfigures/dashboard/"
# The share of pixels that are not like the first one.
DRAWN = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let other = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] !== data[0] || data[i + 3] !== data[3]) other++;
    return other;
}"""


@pytest.fixture
def cast() -> Cast:
    cast = make_cast("B")
    for state in ("submitted", "accepted", "handling", "completed", "closed"):
        walk(cast, state)
    return cast


def test_charts_are_drawn_and_a_number_opens_its_list(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto(DASHBOARD)
    expect(page.locator("body")).to_have_attribute("data-charts", re.compile("[1-9]"))
    for canvas in page.locator("canvas").all():
        canvas.scroll_into_view_if_needed()
        assert canvas.evaluate(DRAWN) > 100
    # The numbers stay at hand, and open what they count.
    chart = page.locator("[data-chart]", has=page.locator("#chart-tier"))
    chart.locator("summary").click()
    link = chart.locator("tbody a").first
    count = int(link.inner_text())
    link.click()
    expect(page.locator(".gg-headline")).to_have_count(count)
    assert count == 5


def test_charts_follow_day_and_night(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto(DASHBOARD)
    expect(page.locator("body")).to_have_attribute("data-charts", re.compile("[1-9]"))
    colour = "() => Chart.getChart(document.querySelector('canvas')).data.datasets[0].borderColor"
    by_day = page.evaluate(colour)
    page.evaluate("document.documentElement.classList.toggle('dark')")
    page.wait_for_function(f"({colour})() !== '{by_day}'")


def test_axe_finds_nothing_serious(desk: Open, cast: Cast) -> None:
    actions.freeze_figures(grid=cast.place.street, month=dt.date(2026, 8, 1), by=cast.street, at=timezone.now())
    row = FrozenFigures.objects.get()
    page = desk(user=cast.street)
    found = {}
    for address in (DASHBOARD, "/admin/cases/frozenfigures/month/", f"/admin/cases/frozenfigures/{row.pk}/change/",
                    "/admin/cases/frozenfigures/", "/admin/wall/"):  # fmt: skip
        settled(page, address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found[address] = at_the_desk(page)
    assert {address: rules for address, rules in found.items() if rules} == {}


# The numbers of the pages that a wall shows, one after the other, told by the browser: looking now and then would miss some.
TURNS = """() => new Promise((done) => {
    const main = document.querySelector("main"), seen = [main.dataset.page];
    new MutationObserver(() => { seen.push(main.dataset.page); if (seen.length > 9) done(seen); })
        .observe(main, { attributes: true, attributeFilter: ["data-page"] });
})"""


def test_the_wall_turns_by_itself_and_obeys(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    page = desk(user=cast.street)
    page.clock.install()
    page.goto("/admin/wall/?turn=0.3")
    main = page.locator("main")
    expect(main).to_have_attribute("data-page", re.compile(r"\d"))
    turns = [int(number) for number in page.evaluate(TURNS)]
    assert 0 in turns[1:]
    assert [after for before, after in pairwise(turns) if after not in {before + 1, 0}] == []
    page.keyboard.press(" ")
    expect(page.locator("[data-do=pause]")).to_have_attribute("aria-pressed", "true")
    there = main.get_attribute("data-page")
    page.clock.run_for(3000)
    assert main.get_attribute("data-page") == there
    page.keyboard.press("ArrowRight")
    expect(main).not_to_have_attribute("data-page", there or "")
    while not page.locator("canvas").count():
        page.keyboard.press("ArrowRight")
    page.wait_for_function("Chart.getChart(document.querySelector('canvas'))")
    assert page.locator("canvas").evaluate(DRAWN) > 100


def test_the_wall_keeps_its_numbers_when_nobody_answers(desk: Open, browser_errors: list[str], cast: Cast) -> None:
    page = desk(user=cast.street)
    page.goto("/admin/wall/")
    tile = page.locator(".tiles b").first
    expect(tile).to_have_text("4")
    expect(page.locator("[data-standing]")).to_contain_text("数据时间")
    walk(cast, "accepted")
    page.evaluate("ask()")
    expect(tile).to_have_text("5")
    # The line is lost, and comes back.
    page.context.set_offline(True)
    page.evaluate("ask()")
    expect(page.locator("[data-standing]")).to_contain_text("连接中断")
    expect(tile).to_have_text("5")
    page.context.set_offline(False)
    page.evaluate("ask()")
    expect(page.locator("[data-standing]")).not_to_contain_text("连接中断")
    # The session ends.
    page.context.clear_cookies()
    page.evaluate("ask()")
    expect(page.locator("[data-sign-in]")).to_be_visible()
    expect(page.locator("[data-standing]")).to_contain_text("数据时间")
    expect(tile).to_have_text("5")
    # That a fetch failed while the line was gone is told on the console, by the browser itself.
    browser_errors[:] = [error for error in browser_errors if "ERR_INTERNET_DISCONNECTED" not in error]


def test_the_wall_fits_its_screen(open_page: Callable[..., Page], cast: Cast, live_server: Any) -> None:
    page = open_page(width=1920, height=1080, user=cast.street)
    page.goto("/admin/wall/")
    for number in range(4):
        expect(page.locator("main")).to_have_attribute("data-page", str(number))
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [1920, 1080]
        page.keyboard.press("ArrowRight")
